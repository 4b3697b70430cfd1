package dev.sluice.service.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnifiedDiffTest {
  private static String text(Random random) {
    return random
        .ints(random.nextInt(40), 0, 6)
        .mapToObj(i -> "line " + i + "\n")
        .collect(Collectors.joining());
  }

  /** The one judge of the form is who reads it: git applies each difference and gets the other. */
  @Test
  void gitMakesTheNewTextOfTheOldOne(@TempDir Path folder) throws Exception {
    Random random = new Random(7);
    for (int i = 0; i < 60; i++) {
      String before = "a\n" + text(random);
      String after = "a\n" + text(random);
      List<String> diff = UnifiedDiff.of("a/t", before, "b/t", after);
      if (diff.isEmpty()) {
        assertEquals(before, after);
        continue;
      }
      Files.writeString(folder.resolve("t"), before);
      Files.writeString(folder.resolve("p"), String.join("\n", diff) + "\n");
      Process git =
          new ProcessBuilder("git", "apply", "--unidiff-zero", "p")
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .start();
      String said = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertEquals(0, git.waitFor(), said + String.join("\n", diff));
      assertEquals(after, Files.readString(folder.resolve("t")));
    }
  }

  @Test
  void farApartChangesHaveHunksOfTheirOwn() {
    String before = "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n";
    String after = before.replace("1\n2", "1\ntwo").replace("11", "eleven");

    List<String> diff = UnifiedDiff.of("old", before, "new", after);

    assertEquals(
        List.of("@@ -1,5 +1,5 @@", "@@ -8,5 +8,5 @@"),
        diff.stream().filter(l -> l.startsWith("@@")).toList());
  }
}
