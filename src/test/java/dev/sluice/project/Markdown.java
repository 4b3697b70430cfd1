package dev.sluice.project;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What tests need of a page: its blocks, its links and its headings.
 *
 * @param anchors of the headings, as they are linked to
 */
record Markdown(Path file, List<Block> blocks, List<Link> links, Set<String> anchors) {
  private static final Pattern FENCE = Pattern.compile("^(\\s*)(```+|~~~+)\\s*(\\S*).*$");
  private static final Pattern LINK = Pattern.compile("!?\\[[^\\]]*]\\(([^)\\s]+)\\)");
  private static final Pattern HEADING = Pattern.compile("^#{1,6}\\s+(.*?)\\s*#*$");
  private static final Pattern INLINE_CODE = Pattern.compile("`[^`]*`");

  Markdown {
    blocks = List.copyOf(blocks);
    links = List.copyOf(links);
    anchors = Set.copyOf(anchors);
  }

  /**
   * @param language what stands behind the fence; empty where nothing does
   * @param line of the fence, from 1
   */
  record Block(String language, String text, int line) {}

  record Link(String target, int line) {}

  static Markdown read(Path file) {
    List<Block> blocks = new ArrayList<>();
    List<Link> links = new ArrayList<>();
    Set<String> anchors = new LinkedHashSet<>();
    List<String> lines = Project.read(file).lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      Matcher fence = FENCE.matcher(lines.get(i));
      if (fence.matches()) {
        int end = end(lines, i, fence.group(2));
        String indent = fence.group(1);
        blocks.add(new Block(fence.group(3), text(lines.subList(i + 1, end), indent), i + 1));
        i = end;
      } else {
        prose(lines.get(i), i + 1, links, anchors);
      }
    }
    return new Markdown(file, blocks, links, anchors);
  }

  private static int end(List<String> lines, int start, String fence) {
    for (int i = start + 1; i < lines.size(); i++) {
      if (lines.get(i).strip().equals(fence)) {
        return i;
      }
    }
    throw new IllegalStateException("the block of line " + (start + 1) + " has no end");
  }

  private static String text(List<String> lines, String indent) {
    StringBuilder text = new StringBuilder();
    for (String line : lines) {
      text.append(line.startsWith(indent) ? line.substring(indent.length()) : line).append('\n');
    }
    return text.toString();
  }

  private static void prose(String line, int number, List<Link> links, Set<String> anchors) {
    Matcher heading = HEADING.matcher(line);
    if (heading.matches()) {
      anchors.add(anchor(heading.group(1)));
    }
    Matcher link = LINK.matcher(INLINE_CODE.matcher(line).replaceAll(""));
    while (link.find()) {
      links.add(new Link(link.group(1), number));
    }
  }

  /** "What it does not do yet" is linked to as "what-it-does-not-do-yet". */
  private static String anchor(String heading) {
    return heading.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-');
  }
}
