package dev.sluice.service.calibration;

import dev.sluice.service.calibration.CountTraffic.Noise;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** All rows of the calibration page, in its order. */
final class Sections {
  private static final int DAY = 1440;
  private static final int HOUR = 60;
  private static final double FALSE_ALARM = Simulation.settings().falseAlarm();

  private static final double[] TRAFFIC = {1, 10, 100};

  private static final Map<Noise, String> NOISES =
      new EnumMap<>(
          Map.of(
              Noise.INDEPENDENT, "independent requests",
              Noise.DAY_WAVE, "day wave of traffic and errors",
              Noise.SHOCKS, "shocks to both cohorts, anew each minute",
              Noise.SHARED_WANDER, "error level of both cohorts wanders, AR 0.95",
              Noise.RAMP, "ramp 1/10/50 % while errors rise with the day",
              Noise.MISALIGNED_OUTAGES, "outages seen one look apart",
              Noise.VARIANCE_2, "twice the variance",
              Noise.VARIANCE_5, "five times the variance",
              Noise.BURSTS_OF_50, "bursts of 50 errors every 2 h",
              Noise.BURSTS_OF_10, "bursts of 10 errors every 30 min"));

  private Sections() {}

  static List<Section> all() {
    return List.of(
        countsFalseAlarms(),
        otherFalseAlarms(),
        errorsFromTheStart(),
        errorsThatStartLate(),
        latencyFromTheStart(),
        whatOthersMiss());
  }

  static List<Row> rows() {
    return all().stream().flatMap(s -> s.rows().stream()).toList();
  }

  private static Section countsFalseAlarms() {
    List<Row> rows = new ArrayList<>();
    NOISES.forEach(
        (noise, words) -> {
          rows.add(harmless(words + ", 1:99", CountTraffic.harmless(noise, 10, 99, 0.005)));
          rows.add(harmless(words + ", 1:1", CountTraffic.harmless(noise, 10, 1, 0.005)));
        });
    return new Section(
        "False alarms: errors",
        "10 requests a second on the canary, 0.5 % errors, 24 hours. No data of single pods.",
        rows);
  }

  private static Row harmless(String name, Situation situation) {
    return new Row(name, situation, DAY, 0, new Goal.AlarmsAtMost(FALSE_ALARM));
  }

  private static Section otherFalseAlarms() {
    ValueTraffic independent = ValueTraffic.harmless(0.1, 0);
    ValueTraffic wandering = ValueTraffic.harmless(0.1, 0.8);
    CountTraffic even = CountTraffic.harmless(Noise.INDEPENDENT, 50, 1, 0.001);
    CountTraffic uneven = CountTraffic.harmless(Noise.INDEPENDENT, 1, 99, 0.001);
    return new Section(
        "False alarms: the rows on which rank tests fail",
        "Values are one number a look with 10 % noise; errors are 0.1 % of the requests a second named. 24 hours.",
        List.of(
            harmless("value, independent", independent),
            harmless("value, independent, either direction", independent.either()),
            harmless("value, AR 0.5", ValueTraffic.harmless(0.1, 0.5)),
            harmless("value, AR 0.8", wandering),
            harmless("value, AR 0.8, either direction", wandering.either()),
            new Row(
                "value, AR 0.95",
                ValueTraffic.harmless(0.1, 0.95),
                DAY,
                0,
                new Goal.AlarmsAtMost(2 * FALSE_ALARM)),
            harmless("value, AR 0.8, 10 % tolerated", wandering.tolerating(0.1)),
            harmless(
                "value, lasting offset of 3 %, 10 % tolerated",
                independent.offsetBy(0.03).tolerating(0.1)),
            harmless(
                "value, day wave of 30 %, 5 % noise", ValueTraffic.harmless(0.05, 0).waving(0.3)),
            harmless("errors, 50:50 a second", even),
            harmless("the same, divided before we see it", new RatioAsValue(even)),
            harmless(
                "errors, 50:50 a second, own jumps",
                CountTraffic.harmless(Noise.OWN_JUMPS, 50, 1, 0.001)),
            harmless(
                "errors, 50:50 a second, own jumps, AR 0.8",
                CountTraffic.harmless(Noise.OWN_WANDER, 50, 1, 0.001)),
            harmless("errors, 1:99 a second", uneven),
            harmless("errors, 1:99 a second, either direction", uneven.either()),
            harmless("errors, 1:1 a second", CountTraffic.harmless(Noise.INDEPENDENT, 1, 1, 0.001)),
            harmless("latency, 5:45 a second", new LatencyTraffic(5, 9, 0, 0, false)),
            harmless(
                "latency, 5:45 a second, shared wander, AR 0.95",
                new LatencyTraffic(5, 9, 0, 0, true))));
  }

  private static Section errorsFromTheStart() {
    List<Row> rows = new ArrayList<>();
    for (double perSecond : TRAFFIC) {
      for (double factor : new double[] {1.2, 1.5, 2, 5}) {
        CountTraffic worse = errors(perSecond).worse(factor, 0);
        rows.add(
            new Row(
                "%s a second, x%s".formatted(shown(perSecond), shown(factor)),
                worse,
                DAY,
                0,
                new Goal.MedianAtMost(2 * worse.limit(FALSE_ALARM) + 4)));
      }
    }
    return new Section(
        "Detection: errors, from the start",
        "0.5 % errors, canary to baseline 1:99. The goal is twice the limit of information and four looks.",
        rows);
  }

  private static CountTraffic errors(double perSecond) {
    return CountTraffic.harmless(Noise.INDEPENDENT, perSecond, 99, 0.005);
  }

  private static Section errorsThatStartLate() {
    return new Section(
        "Detection: errors that start late",
        "As above. The goal is three times the limit and fifteen looks.",
        List.of(
            late(10, 1.2, 6),
            late(10, 1.5, 6),
            late(10, 2, 6),
            late(10, 1.5, 12),
            late(10, 2, 12),
            late(10, 5, 12),
            late(100, 1.2, 12)));
  }

  private static Row late(double perSecond, double factor, int hours) {
    CountTraffic worse = errors(perSecond).worse(factor, hours * HOUR);
    return new Row(
        "%s a second, x%s after %d h".formatted(shown(perSecond), shown(factor), hours),
        worse,
        DAY,
        hours * HOUR,
        new Goal.MedianAtMost(3 * worse.limit(FALSE_ALARM) + 15));
  }

  private static Section latencyFromTheStart() {
    List<Row> rows = new ArrayList<>();
    for (double perSecond : TRAFFIC) {
      for (double shift : new double[] {0.05, 0.1, 0.25}) {
        LatencyTraffic slower = new LatencyTraffic(perSecond, 99, shift, 0, false);
        rows.add(slow("all +%s %%".formatted(shown(100 * shift)), slower, 2.5));
      }
      for (double share : new double[] {0.011, 0.034}) {
        LatencyTraffic slower = new LatencyTraffic(perSecond, 99, 0, share, false);
        rows.add(slow("%s %% three times slower".formatted(shown(100 * share)), slower, 5.5));
      }
    }
    return new Section(
        "Detection: latency, from the start",
        "Default buckets, p99 404 ms, canary to baseline 1:99, known from 200 000 requests before."
            + " The goal is 2.5 times the limit (tails: 5.5 times) and four looks.",
        rows);
  }

  private static Row slow(String name, LatencyTraffic slower, double times) {
    return new Row(
        "%s a second, %s".formatted(shown(slower.perSecond()), name),
        slower,
        DAY,
        0,
        new Goal.MedianAtMost(times * slower.limit(FALSE_ALARM) + 4));
  }

  private static Section whatOthersMiss() {
    CountTraffic even = CountTraffic.harmless(Noise.INDEPENDENT, 50, 1, 0.001);
    CountTraffic uneven = CountTraffic.harmless(Noise.INDEPENDENT, 1, 99, 0.001);
    int late = 20 * HOUR;
    return new Section(
        "Detection: what rank tests miss",
        "Values and errors of 0.1 % as above; from the start unless an hour is named.",
        List.of(
            found("errors x2, 1:99 a second", uneven.worse(2, 0), DAY, 0.95),
            found(
                "errors x2, 50:50 a second, own jumps",
                CountTraffic.harmless(Noise.OWN_JUMPS, 50, 1, 0.001).worse(2, 0),
                DAY,
                0.95),
            new Row(
                "errors x5, 50:50 a second, after 12 h",
                even.worse(5, 12 * HOUR),
                DAY,
                12 * HOUR,
                new Goal.MedianAtMost(2 * HOUR)),
            new Row(
                "errors x100, 50:50 a second, after 20 h",
                even.worse(100, late),
                DAY,
                late,
                new Goal.FoundAtLeast(0.95, 15)),
            new Row(
                "errors x100, 1:99 a second, after 20 h",
                uneven.worse(100, late),
                DAY,
                late,
                new Goal.FoundAtLeast(0.95, 15)),
            found("value +10 %, independent", ValueTraffic.harmless(0.1, 0).worseBy(0.1), DAY, 0.9),
            found("value +10 %, AR 0.8", ValueTraffic.harmless(0.1, 0.8).worseBy(0.1), DAY, 0.9),
            new Row(
                "value +25 %, AR 0.8",
                ValueTraffic.harmless(0.1, 0.8).worseBy(0.25),
                DAY,
                0,
                new Goal.MedianAtMost(2 * HOUR))));
  }

  private static Row found(String name, Situation situation, int withinLooks, double share) {
    return new Row(name, situation, DAY, 0, new Goal.FoundAtLeast(share, withinLooks));
  }

  private static String shown(double number) {
    return Math.abs(number - Math.rint(number)) < 1e-9
        ? String.format(Locale.ROOT, "%.0f", number)
        : String.format(Locale.ROOT, "%.1f", number);
  }
}
