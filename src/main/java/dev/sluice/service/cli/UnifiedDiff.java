package dev.sluice.service.cli;

import java.util.ArrayList;
import java.util.List;

/**
 * Two texts, line by line, in the form that {@code diff -u} made common.
 *
 * <p>The longest common subsequence is found by the table of the textbooks. Its size is bounded:
 * where the parts that differ are too long for it, they are shown as replaced as a whole, which is
 * still true.
 */
final class UnifiedDiff {
  private static final int CONTEXT = 3;
  private static final long MOST_CELLS = 16_000_000;

  private UnifiedDiff() {}

  private record Line(char mark, String text) {}

  /** Empty where the texts have the same lines. */
  static List<String> of(String beforeName, String before, String afterName, String after) {
    List<String> old = before.lines().toList();
    List<String> now = after.lines().toList();
    List<Line> lines = lines(old, now);
    if (lines.stream().allMatch(l -> l.mark() == ' ')) {
      return List.of();
    }
    List<String> out = new ArrayList<>(List.of("--- " + beforeName, "+++ " + afterName));
    hunks(lines, out);
    return out;
  }

  private static List<Line> lines(List<String> old, List<String> now) {
    int head = 0;
    int shorter = Math.min(old.size(), now.size());
    while (head < shorter && old.get(head).equals(now.get(head))) {
      head++;
    }
    int tail = 0;
    while (tail < shorter - head
        && old.get(old.size() - 1 - tail).equals(now.get(now.size() - 1 - tail))) {
      tail++;
    }
    List<Line> lines = new ArrayList<>();
    old.subList(0, head).forEach(l -> lines.add(new Line(' ', l)));
    middle(old.subList(head, old.size() - tail), now.subList(head, now.size() - tail), lines);
    old.subList(old.size() - tail, old.size()).forEach(l -> lines.add(new Line(' ', l)));
    return lines;
  }

  private static void middle(List<String> old, List<String> now, List<Line> lines) {
    if ((long) (old.size() + 1) * (now.size() + 1) > MOST_CELLS) {
      old.forEach(l -> lines.add(new Line('-', l)));
      now.forEach(l -> lines.add(new Line('+', l)));
      return;
    }
    int[][] common = common(old, now);
    int i = 0;
    int j = 0;
    while (i < old.size() || j < now.size()) {
      if (i < old.size() && j < now.size() && old.get(i).equals(now.get(j))) {
        lines.add(new Line(' ', old.get(i)));
        i++;
        j++;
      } else if (j == now.size() || (i < old.size() && common[i + 1][j] >= common[i][j + 1])) {
        lines.add(new Line('-', old.get(i++)));
      } else {
        lines.add(new Line('+', now.get(j++)));
      }
    }
  }

  /** How many lines the rests have in common, from each place on. */
  private static int[][] common(List<String> old, List<String> now) {
    int[][] common = new int[old.size() + 1][now.size() + 1];
    for (int i = old.size() - 1; i >= 0; i--) {
      for (int j = now.size() - 1; j >= 0; j--) {
        common[i][j] =
            old.get(i).equals(now.get(j))
                ? common[i + 1][j + 1] + 1
                : Math.max(common[i + 1][j], common[i][j + 1]);
      }
    }
    return common;
  }

  private static void hunks(List<Line> lines, List<String> out) {
    int at = 0;
    while (at < lines.size()) {
      int first = nextChange(lines, at);
      if (first == lines.size()) {
        return;
      }
      int last = first;
      for (int next = first; next < lines.size() && next - last <= 2 * CONTEXT + 1; ) {
        last = next;
        next = nextChange(lines, next + 1);
      }
      int from = Math.max(at, first - CONTEXT);
      int to = Math.min(lines.size(), last + 1 + CONTEXT);
      out.add(header(lines, from, to));
      lines.subList(from, to).forEach(l -> out.add(l.mark() + l.text()));
      at = to;
    }
  }

  private static int nextChange(List<Line> lines, int from) {
    int at = from;
    while (at < lines.size() && lines.get(at).mark() == ' ') {
      at++;
    }
    return at;
  }

  private static String header(List<Line> lines, int from, int to) {
    return "@@ -" + range(lines, from, to, '+') + " +" + range(lines, from, to, '-') + " @@";
  }

  /** Where a stretch begins and how long it is on one side: all lines but those of the other. */
  private static String range(List<Line> lines, int from, int to, char other) {
    long before = lines.subList(0, from).stream().filter(l -> l.mark() != other).count();
    long length = lines.subList(from, to).stream().filter(l -> l.mark() != other).count();
    long start = length == 0 ? before : before + 1;
    return length == 1 ? Long.toString(start) : start + "," + length;
  }
}
