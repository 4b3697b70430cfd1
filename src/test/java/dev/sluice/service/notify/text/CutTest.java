package dev.sluice.service.notify.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.service.json.SluiceJson;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class CutTest {

  @Test
  void whatFitsIsLeftAlone() {
    assertEquals("größe", Cut.toLength("größe", 5));
    assertEquals("größe", Cut.toJsonBytes("größe", 7));
  }

  @Test
  void whatDoesNotFitEndsInAnEllipsis() {
    assertEquals("grö…", Cut.toLength("größe", 4));
    assertEquals("gr…", Cut.toJsonBytes("größe", 5));
  }

  @Test
  void noCharacterIsCutInTwo() {
    assertEquals("a…", Cut.toLength("a🚦🚦", 3));
    assertEquals("a🚦…", Cut.toLength("a🚦🚦b", 4));
    assertEquals("a…", Cut.toJsonBytes("a🚦🚦", 7));
  }

  @Test
  void theBytesAreThoseThatAreWritten() {
    for (String text : List.of("plain", "größe", "🚦", "\"\\", "\u0001\u001f\n\t", "漢字")) {
      int written = SluiceJson.write(text).getBytes(StandardCharsets.UTF_8).length - 2;
      assertTrue(Cut.jsonBytes(text) >= written, text);
    }
  }
}
