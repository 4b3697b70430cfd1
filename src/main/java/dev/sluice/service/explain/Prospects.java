package dev.sluice.service.explain;

import dev.sluice.analyzer.Buckets;
import dev.sluice.analyzer.Counts;
import dev.sluice.analyzer.Forecast;
import dev.sluice.analyzer.Sample;
import dev.sluice.analyzer.planner.Pace;
import dev.sluice.gates.look.Foresight;
import dev.sluice.gates.plan.Metric;
import dev.sluice.gates.plan.Plan;
import dev.sluice.gates.plan.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** What one step can show of each metric at the measured traffic. */
final class Prospects {
  /** What the judge itself believes of counts before it has seen any. */
  private static final double USUAL_NOISE = 1.2;

  private final Plan plan;
  private final Step step;
  private final Measured measured;
  private final Foresight foresight;

  Prospects(Plan plan, Step step, Measured measured) {
    this.plan = plan;
    this.step = step;
    this.measured = measured;
    this.foresight = new Foresight(plan);
  }

  List<String> lines() {
    List<String> lines = new ArrayList<>();
    double share = step.exposure().share();
    if (step.kind() != Step.Kind.EXPOSE || step.baseline().isEmpty() || share <= 0) {
      return lines;
    }
    if (!measured.baseline().equals(step.baseline())) {
      lines.add(
          "It is compared with '"
              + step.baseline().get()
              + "', whose traffic is not known beforehand.");
      return lines;
    }
    for (String id : step.metrics()) {
      Metric metric = plan.metric(id);
      Optional.ofNullable(measured.metrics().get(id))
          .ifPresent(
              m ->
                  lines.add(
                      id
                          + ": "
                          + switch (m) {
                            case Measured.OfMetric.Absent a -> "not known. " + a.detail();
                            case Measured.OfMetric.Seen s -> seen(metric, s, share);
                          }));
    }
    return lines;
  }

  private String seen(Metric metric, Measured.OfMetric.Seen seen, double share) {
    double seconds = measured.window().length().toMillis() / 1e3;
    double rate = seen.everybody() / seconds;
    if (!(seen.baseline() instanceof Counts) && !(seen.baseline() instanceof Buckets)) {
      return "cannot be said before its noise has been seen.";
    }
    double every = plan.source().every().toMillis() / 1e3;
    Sample baseline = seen.baseline();
    double beside = seen.controlled() ? baseline.size() / seconds : rate * (1 - share);
    Pace pace = new Pace(rate * share * every, beside * every);
    String traffic =
        "at " + Words.number(rate) + "/s, " + Words.number(rate * share) + "/s on the canary, ";
    if (!(pace.baseline() > 0)) {
      return traffic + "nobody is left to compare with.";
    }
    double noise = Math.max(USUAL_NOISE, seen.noise().orElse(1.0));
    return foresight
        .of(metric, step, baseline, pace, noise)
        .map(p -> traffic + safety(p) + " " + smallest(metric, p) + noise(seen))
        .orElse(traffic + "too little was seen in the hour before.");
  }

  private String safety(Forecast.Prospect prospect) {
    return foresight
        .time(prospect.looksToSafety())
        .map(
            time ->
                "a harmless canary is proven safe after about "
                    + time
                    + late(prospect.looksToSafety())
                    + ".")
        .orElse("a harmless canary is not proven safe within 30 days.");
  }

  /** Whether the proof takes longer than the step must last anyway. */
  private String late(double looks) {
    double least = (double) step.atLeast().toMillis() / plan.source().every().toMillis();
    return looks > least ? " (longer than the step's least time)" : "";
  }

  private String smallest(Metric metric, Forecast.Prospect prospect) {
    OptionalDouble smallest = prospect.smallest();
    String within = " within " + Times.words(step.atLeast());
    if (smallest.isEmpty()) {
      return "No regression is found" + within + ", however bad.";
    }
    double by = smallest.getAsDouble() - prospect.normal();
    return "The smallest regression found"
        + within
        + " is "
        + (by < 0 ? "-" : "+")
        + Words.distance(metric, Math.abs(by))
        + " (from "
        + Words.value(metric, prospect.normal())
        + " to "
        + Words.value(metric, smallest.getAsDouble())
        + "); the margin is "
        + Words.margin(metric, foresight.stated(metric).harm())
        + ".";
  }

  private static String noise(Measured.OfMetric.Seen seen) {
    return seen.noise()
        .filter(n -> n > USUAL_NOISE)
        .map(n -> " Its pods vary " + Words.number(n) + " times as much as chance.")
        .orElse("");
  }
}
