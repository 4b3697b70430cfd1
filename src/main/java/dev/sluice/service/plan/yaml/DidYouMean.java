package dev.sluice.service.plan.yaml;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** The known word that somebody probably meant. */
public final class DidYouMean {
  private static final int MOST_LISTED = 12;
  private static final Pattern SEPARATORS = Pattern.compile("[-_. ]");

  private DidYouMean() {}

  /** "did you mean 'onDrift'?", or the list of what is known. */
  public static String hint(String word, Collection<String> known, String list) {
    return closest(word, known).map(DidYouMean::question).orElseGet(() -> listed(known, list));
  }

  /** "did you mean 'onDrift'?". */
  public static String question(String word) {
    return "did you mean '" + word + "'?";
  }

  /** "known here: a, b, c"; "known here: nothing". */
  public static String listed(Collection<String> known, String list) {
    String words = String.join(", ", known.stream().limit(MOST_LISTED).toList());
    String more = known.size() > MOST_LISTED ? " and more" : "";
    return list + ": " + (known.isEmpty() ? "none" : words + more);
  }

  /** The nearest of the known words, where it is near enough to be a slip of the fingers. */
  public static Optional<String> closest(String word, Collection<String> known) {
    String given = plain(word);
    record Candidate(String word, int distance) {}
    return known.stream()
        .map(k -> new Candidate(k, distance(given, plain(k))))
        .filter(c -> near(c.distance(), Math.min(given.length(), plain(c.word()).length())))
        .min(Comparator.comparingInt(Candidate::distance))
        .map(Candidate::word);
  }

  private static boolean near(int distance, int shorter) {
    return distance < shorter && distance <= Math.max(1, shorter / 3);
  }

  /** on-drift, on_drift and ONDRIFT are all the same slip. */
  private static String plain(String word) {
    String lower = word.length() > 64 ? word.substring(0, 64) : word;
    return SEPARATORS.matcher(lower.toLowerCase(Locale.ROOT)).replaceAll("");
  }

  /**
   * Damerau-Levenshtein distance, optimal string alignment: insertions, deletions, replacements and
   * swaps of neighbours.
   */
  private static int distance(String a, String b) {
    int[][] cost = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        cost[i][j] = i == 0 ? j : j == 0 ? i : step(cost, a, b, i, j);
      }
    }
    return cost[a.length()][b.length()];
  }

  private static int step(int[][] cost, String a, String b, int i, int j) {
    int replaced = cost[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
    int best = Math.min(replaced, 1 + Math.min(cost[i - 1][j], cost[i][j - 1]));
    boolean swapped =
        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
    return swapped ? Math.min(best, cost[i - 2][j - 2] + 1) : best;
  }

  /** "higher, lower or different". */
  public static String or(List<String> words) {
    return words.size() < 2
        ? String.join("", words)
        : String.join(", ", words.subList(0, words.size() - 1)) + " or " + words.getLast();
  }
}
