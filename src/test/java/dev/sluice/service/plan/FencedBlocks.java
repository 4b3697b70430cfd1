package dev.sluice.service.plan;

import java.util.ArrayList;
import java.util.List;

/** The code blocks of a Markdown page. */
public final class FencedBlocks {
  private static final String FENCE = "```";

  private FencedBlocks() {}

  /**
   * @param kind what stands behind the opening fence: "yaml fragment"
   * @param line of the opening fence, from 1
   */
  public record Block(String kind, int line, String text) {}

  public static List<Block> of(String page) {
    List<Block> blocks = new ArrayList<>();
    List<String> lines = page.lines().toList();
    int opened = -1;
    for (int i = 0; i < lines.size(); i++) {
      if (!lines.get(i).startsWith(FENCE)) {
        continue;
      }
      if (opened < 0) {
        opened = i;
      } else {
        String text = String.join("\n", lines.subList(opened + 1, i)) + "\n";
        blocks.add(new Block(lines.get(opened).substring(FENCE.length()), opened + 1, text));
        opened = -1;
      }
    }
    if (opened >= 0) {
      throw new IllegalStateException("the block of line " + (opened + 1) + " is never closed");
    }
    return blocks;
  }

  /** Takes the top-level keys of a fragment out of a text and puts the fragment at its end. */
  public static String replaced(String text, String fragment) {
    List<String> kept = new ArrayList<>();
    boolean dropping = false;
    for (String line : text.lines().toList()) {
      boolean key = !line.isEmpty() && Character.isLetter(line.charAt(0));
      if (key) {
        String name = line.substring(0, line.indexOf(':') + 1);
        dropping = ("\n" + fragment).contains("\n" + name);
      }
      if (!dropping) {
        kept.add(line);
      }
    }
    return String.join("\n", kept) + "\n" + fragment;
  }
}
