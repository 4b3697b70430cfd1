package dev.sluice.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MarkdownTest {
  @TempDir private Path folder;

  @Test
  void blocksLinksAndHeadingsAreFoundWithTheirLines() throws Exception {
    Path page =
        Files.writeString(
            folder.resolve("page.md"),
            """
            # What it does, and when
            See [the other](other.md#there) and ![a picture](images/x.png), not `[this](code.md)`.

            ```yaml
            a: 1
            # [no link](nowhere.md)
            ```
              ```sh
              echo hi
              ```
            """);

    Markdown markdown = Markdown.read(page);

    assertEquals(
        List.of(
            new Markdown.Block("yaml", "a: 1\n# [no link](nowhere.md)\n", 4),
            new Markdown.Block("sh", "echo hi\n", 8)),
        markdown.blocks());
    assertEquals(
        List.of(new Markdown.Link("other.md#there", 2), new Markdown.Link("images/x.png", 2)),
        markdown.links());
    assertEquals(Set.of("what-it-does-and-when"), markdown.anchors());
  }

  @Test
  void aBlockWithoutAnEndIsNotTakenForText() throws Exception {
    Path page = Files.writeString(folder.resolve("page.md"), "```sh\necho hi\n");
    assertThrows(IllegalStateException.class, () -> Markdown.read(page));
  }
}
