package dev.sluice.service.calibration;

import dev.sluice.analyzer.JudgeSettings.Pace;
import dev.sluice.analyzer.classical.BinomialShare;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The measured rows as people read them. */
public final class CalibrationTable {
  static final String BEGIN = "<!-- written by: sluice calibrate -->";
  static final String END = "<!-- end of what sluice calibrate wrote -->";

  private CalibrationTable() {}

  /** The pace of rollouts first. */
  private static final List<Pace> PACES = List.of(Pace.SWIFT, Pace.STEADY);

  /** A page could not be written; the message says what to do. */
  public static final class NoPlace extends Exception {
    private static final long serialVersionUID = 1;

    NoPlace(String message) {
      super(message);
    }
  }

  /** The page with what stands between the two markers replaced. */
  public static String into(String page, Measured measured, long seed) throws NoPlace {
    int begin = page.indexOf(BEGIN);
    int end = page.indexOf(END);
    if (begin < 0 || end < begin) {
      throw new NoPlace(
          "the page needs the lines '" + BEGIN + "' and '" + END + "', in this order");
    }
    return page.substring(0, begin + BEGIN.length())
        + "\n\n"
        + text(measured, seed)
        + "\n"
        + page.substring(end);
  }

  /** All tables. A row that has not been measured says so. */
  static String text(Measured measured, long seed) {
    return summary(measured, seed)
        + Sections.all().stream().map(s -> section(s, measured)).collect(Collectors.joining());
  }

  private static String summary(Measured measured, long seed) {
    StringBuilder text = new StringBuilder();
    for (Pace pace : PACES) {
      List<Outcome.Standing> standings =
          Sections.rows().stream()
              .flatMap(r -> measured.of(r, pace).map(o -> o.standing(r.goal())).stream())
              .toList();
      text.append(
          "At the %s pace %d of %d rows meet their goal, %d do not, %d miss it by less than chance explains.\n"
              .formatted(
                  word(pace),
                  count(standings, Outcome.Standing.MET),
                  Sections.rows().size(),
                  count(standings, Outcome.Standing.NOT_MET),
                  count(standings, Outcome.Standing.MISSED_BY_CHANCE)));
    }
    return text + "Seed " + seed + ".\n";
  }

  private static long count(List<Outcome.Standing> all, Outcome.Standing one) {
    return all.stream().filter(s -> s == one).count();
  }

  private static String section(Section section, Measured measured) {
    StringBuilder text =
        new StringBuilder("\n### " + section.title() + "\n\n" + section.about() + "\n\n");
    text.append("| situation | goal | runs |");
    PACES.forEach(p -> text.append(" " + word(p) + " |"));
    text.append("\n|---|---|---|---|---|\n");
    for (Row row : section.rows()) {
      text.append("| ").append(row.name()).append(" | ").append(row.goal().words()).append(" | ");
      text.append(runs(row, measured)).append(" |");
      PACES.forEach(p -> text.append(" " + cell(row, measured.of(row, p)) + " |"));
      text.append("\n");
    }
    return text.toString();
  }

  private static String runs(Row row, Measured measured) {
    return PACES.stream()
        .flatMap(p -> measured.of(row, p).stream())
        .map(o -> String.valueOf(o.runs()))
        .distinct()
        .collect(Collectors.joining(" and "));
  }

  private static String cell(Row row, Optional<Outcome> outcome) {
    return outcome.map(o -> cell(row.goal(), o)).orElse("not measured");
  }

  private static String cell(Goal goal, Outcome outcome) {
    String share = share(outcome.share(goal));
    String early = outcome.early() > 0 && harmComes(goal) ? ", " + outcome.early() + " early" : "";
    String median = harmComes(goal) ? ", median " + median(outcome) : "";
    return share + median + early + ", " + outcome.standing(goal).words();
  }

  private static boolean harmComes(Goal goal) {
    return switch (goal) {
      case Goal.AlarmsAtMost g -> false;
      case Goal.FoundAtLeast g -> true;
      case Goal.MedianAtMost g -> true;
    };
  }

  private static String share(BinomialShare s) {
    return "%s %% [%s, %s]"
        .formatted(percent(s.estimate()), percent(s.lower()), percent(s.upper()));
  }

  /** One digit, none where it is 0. */
  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f", 100 * share).replaceFirst("\\.0$", "");
  }

  private static String median(Outcome outcome) {
    return outcome.median().isPresent() ? String.valueOf(outcome.median().getAsInt()) : "never";
  }

  private static String word(Pace pace) {
    return pace.name().toLowerCase(Locale.ROOT);
  }

  /** One row on one line, for whoever watches. */
  static String line(Row row, Measured measured) {
    return row.name()
        + ": "
        + PACES.stream()
            .map(p -> word(p) + " " + cell(row, measured.of(row, p)))
            .collect(Collectors.joining("; "))
        + " (goal "
        + row.goal().words()
        + ")";
  }
}
