package dev.sluice.service.calibration;

import dev.sluice.analyzer.Counts;
import dev.sluice.analyzer.Margin;
import dev.sluice.analyzer.MetricTest;
import dev.sluice.analyzer.Observed;
import dev.sluice.analyzer.Sample;
import dev.sluice.analyzer.Values;

/** Failures among requests that somebody divided before we saw them: one number a look. */
record RatioAsValue(CountTraffic traffic) implements Situation {
  @Override
  public MetricTest test() {
    return new MetricTest.OfValue(traffic.direction(), Margin.NONE, Margin.NONE);
  }

  @Override
  public Telemetry begin(Chance chance) {
    Telemetry counted = traffic.begin(chance);
    return look ->
        switch (counted.next(look)) {
          case Observed.Seen seen ->
              Observed.Seen.of(value(seen.canary()), value(seen.baseline().orElseThrow()));
          case Observed.Absent absent -> absent;
        };
  }

  private static Values value(Sample sample) {
    return new Values(
        sample instanceof Counts c && c.exposure() > 0 ? c.events() / c.exposure() : 0);
  }
}
