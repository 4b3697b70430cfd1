package dev.sluice.service.metrics.prometheus;

import dev.sluice.analyzer.Absence;
import dev.sluice.analyzer.Buckets;
import dev.sluice.analyzer.Observed;
import dev.sluice.analyzer.Sample;
import dev.sluice.gates.look.Observations.Traffic;
import dev.sluice.gates.plan.Metric;
import java.util.Arrays;
import java.util.Optional;

/** Puts what was seen of the two cohorts side by side, or says which of them is missing. */
final class Sides {
  private Sides() {}

  static Observed observed(
      Metric metric, Got<? extends Sample> canary, Optional<Got<? extends Sample>> baseline) {
    return switch (canary) {
      case Got.Missing<? extends Sample> c ->
          new Observed.Absent(c.trouble().why(), canaryMissing(c.trouble(), baseline));
      case Got.Ok<? extends Sample> c ->
          baseline
              .map(b -> beside(metric, c.value(), b))
              .orElseGet(() -> new Observed.Seen(c.value(), Optional.empty()));
    };
  }

  private static String canaryMissing(Trouble canary, Optional<Got<? extends Sample>> baseline) {
    if (canary.why() != Absence.NO_SERIES || baseline.isEmpty()) {
      return canary.detail();
    }
    return canary.detail()
        + switch (baseline.get()) {
          case Got.Ok<? extends Sample> b ->
              " The baseline has some: is the canary's label right, and is the canary scraped?";
          case Got.Missing<? extends Sample> b when b.trouble().why() == Absence.NO_SERIES ->
              " Neither does the baseline: is the metric's name right, and is it scraped at all?";
          case Got.Missing<? extends Sample> b -> "";
        };
  }

  private static Observed beside(Metric metric, Sample canary, Got<? extends Sample> baseline) {
    return switch (baseline) {
      case Got.Ok<? extends Sample> b -> compared(canary, b.value());
      // A limit holds for the canary alone: it must not go blind because the baseline is gone.
      case Got.Missing<? extends Sample> b when metric.common().limit().isPresent() ->
          new Observed.Seen(canary, Optional.empty());
      case Got.Missing<? extends Sample> b ->
          new Observed.Absent(
              b.trouble().why(),
              b.trouble().detail()
                  + (b.trouble().why() == Absence.NO_SERIES
                      ? " The canary has some: is the baseline's label right?"
                      : ""));
    };
  }

  private static Observed compared(Sample canary, Sample baseline) {
    if (canary instanceof Buckets c && baseline instanceof Buckets b && !common(c, b)) {
      return new Observed.Absent(
          Absence.NO_BUCKET,
          "The histograms of canary and baseline have no bucket edge in common, so they cannot be"
              + " compared. Give both versions the same buckets.");
    }
    return Observed.Seen.of(canary, baseline);
  }

  private static boolean common(Buckets a, Buckets b) {
    for (double edge : a.edges()) {
      if (Arrays.binarySearch(b.edges(), edge) >= 0) {
        return true;
      }
    }
    return false;
  }

  /** A cohort without any series has had no request yet: its counters appear with the first one. */
  static Traffic traffic(Wanted canary, Optional<Wanted> rest) {
    if (rest.isEmpty()) {
      return new Traffic.Unknown(
          Absence.NO_SERIES,
          "The plan names no cohort for those who are not on the canary, so its share cannot be"
              + " told. Add a cohort 'old'.");
    }
    Got<Double> onCanary = units(canary.sample(), true);
    Got<Double> elsewhere = units(rest.get().sample(), false);
    return switch (onCanary) {
      case Got.Missing<Double> m -> unknown(m.trouble());
      case Got.Ok<Double> c ->
          switch (elsewhere) {
            case Got.Missing<Double> m -> unknown(m.trouble());
            case Got.Ok<Double> r -> new Traffic.Seen(c.value(), r.value());
          };
    };
  }

  private static Traffic unknown(Trouble trouble) {
    return new Traffic.Unknown(trouble.why(), trouble.detail());
  }

  private static Got<Double> units(Got<? extends Sample> counted, boolean mayBeUnborn) {
    return switch (counted) {
      case Got.Ok<? extends Sample> ok -> new Got.Ok<>(ok.value().size());
      case Got.Missing<? extends Sample> m
          when mayBeUnborn && m.trouble().why() == Absence.NO_SERIES ->
          new Got.Ok<>(0.0);
      case Got.Missing<? extends Sample> m -> new Got.Missing<>(m.trouble());
    };
  }
}
