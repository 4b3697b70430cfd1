package dev.sluice.service.template;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Events that templates are tried with before they are needed: with everything that can be in one,
 * and with no more than is in every one. A template that does with both does with all.
 */
public enum SampleEvents {
  /** Decisions: what a flag system is told. */
  COMMAND,
  /** What happened: what a machine that listens is told. */
  NEWS;

  private static final String FILE = "sample-events.json";

  /** An event with everything in it. */
  public JsonNode fullest() {
    return read("full");
  }

  /** Events that differ in what templates may ask. */
  public List<JsonNode> all() {
    return switch (this) {
      case NEWS -> List.of(read("full"), read("bare"));
      case COMMAND -> {
        List<JsonNode> all = new ArrayList<>();
        for (String word : List.of("full", "bare")) {
          all.add(read(word));
          all.add(back(read(word), "percent"));
          all.add(back(read(word), "disable"));
        }
        yield List.copyOf(all);
      }
    };
  }

  private static JsonNode back(JsonNode event, String action) {
    ((ObjectNode) event).put("type", "sluice.decision.rollback.v1");
    ((ObjectNode) event.path("data"))
        .put("decision", "rollback")
        .put("from", 10)
        .put("to", 0)
        .put("action", action);
    return event;
  }

  private JsonNode read(String word) {
    try (InputStream in = SampleEvents.class.getResourceAsStream(FILE)) {
      if (in == null) {
        throw new IllegalStateException(FILE + " is missing in this build");
      }
      return JsonMapper.builder()
          .build()
          .readTree(in)
          .path(name().toLowerCase(java.util.Locale.ROOT))
          .path(word);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
