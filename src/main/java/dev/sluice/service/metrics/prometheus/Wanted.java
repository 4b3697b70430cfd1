package dev.sluice.service.metrics.prometheus;

import dev.sluice.analyzer.Buckets;
import dev.sluice.analyzer.Counts;
import dev.sluice.analyzer.Moments;
import dev.sluice.analyzer.Sample;
import dev.sluice.analyzer.Values;
import dev.sluice.service.metrics.prometheus.Gains.Gain;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What one metric needs from one cohort, and how its sample is made of it once that is there. */
sealed interface Wanted {

  /** The sample, or why there is none. */
  Got<? extends Sample> sample();

  /** The queries behind it. */
  List<Exchange> exchanges();

  /** The counters to be read for it. */
  default List<CounterReading> counters() {
    return List.of();
  }

  /** The expression to be read for it. */
  default Optional<ScalarReading> scalar() {
    return Optional.empty();
  }

  /** Of these, the ones that fall only when their process begins anew. */
  default List<CounterReading> rising() {
    return counters();
  }

  /** What has to be read besides, now that the counters are there. */
  default List<CounterReading> further() {
    return List.of();
  }

  /** The counter without which there is no sample. */
  default Optional<CounterReading> required() {
    return Optional.empty();
  }

  private static double sum(List<Gain> gains) {
    // Sorted: fractions must not add up differently when series come in another order.
    return gains.stream().mapToDouble(Gain::amount).sorted().sum();
  }

  private static List<Exchange> both(CounterReading a, CounterReading b) {
    return Stream.of(a, b).distinct().flatMap(r -> r.exchanges().stream()).toList();
  }

  /** Events among units. No series of events where there are units means that none happened. */
  record Events(CounterReading events, CounterReading units) implements Wanted {
    @Override
    public Got<Counts> sample() {
      return total(units)
          .then(
              total ->
                  events
                      .gainsOrNone(s -> Gains.own(s.begun()))
                      .then(gains -> new Got.Ok<>(new Counts(sum(gains), total))));
    }

    @Override
    public Optional<CounterReading> required() {
      return Optional.of(units);
    }

    @Override
    public List<CounterReading> counters() {
      return List.of(events, units);
    }

    @Override
    public List<Exchange> exchanges() {
      return both(events, units);
    }
  }

  /** A value per unit, as sum and count of the same observations. */
  record Average(CounterReading sum, CounterReading count) implements Wanted {
    @Override
    public Got<Moments> sample() {
      return total(count)
          .then(
              total ->
                  gainsOfSum().then(gains -> new Got.Ok<>(new Moments(Wanted.sum(gains), total))));
    }

    /** Sums and counts come in pairs, in the same slices. */
    private Got<List<Gain>> gainsOfSum() {
      return sum.gains(
          slice ->
              Gains.ofSums(slice.begun(), count.slices().get(sum.slices().indexOf(slice)).begun()));
    }

    @Override
    public Optional<CounterReading> required() {
      return Optional.of(count);
    }

    @Override
    public List<CounterReading> counters() {
      return List.of(sum, count);
    }

    /** A sum of values falls by itself when values are negative. */
    @Override
    public List<CounterReading> rising() {
      return List.of(count);
    }

    @Override
    public List<Exchange> exchanges() {
      return both(sum, count);
    }
  }

  /** A histogram, classic or, where there is no such, native. */
  record Distribution(CounterReading classic, CounterReading natively) implements Wanted {
    @Override
    public Got<Buckets> sample() {
      CounterReading reading = used();
      return reading
          .gains(s -> Gains.ofBuckets(s.begun()))
          .then(gains -> HistogramFold.fold(gains, Trouble.shown(reading.selector().text())))
          .then(
              buckets ->
                  buckets.size() > 0 ? new Got.Ok<>(buckets) : new Got.Missing<>(reading.still()));
    }

    private CounterReading used() {
      return classic.nothing() && !natively.nothing() ? natively : classic;
    }

    @Override
    public List<CounterReading> rising() {
      return List.of(used());
    }

    @Override
    public List<CounterReading> further() {
      return classic.nothing() ? List.of(natively) : List.of();
    }

    @Override
    public Optional<CounterReading> required() {
      return Optional.of(classic);
    }

    @Override
    public List<CounterReading> counters() {
      return List.of(classic);
    }

    @Override
    public List<Exchange> exchanges() {
      return both(classic, natively);
    }
  }

  /** Any expression that gives one number. */
  record Scalar(ScalarReading reading) implements Wanted {
    @Override
    public Got<Values> sample() {
      return reading.value();
    }

    @Override
    public Optional<ScalarReading> scalar() {
      return Optional.of(reading);
    }

    @Override
    public List<Exchange> exchanges() {
      return reading.exchanges();
    }
  }

  /** A counter's increase by itself. */
  record Total(CounterReading units) implements Wanted {
    @Override
    public Got<Counts> sample() {
      return units
          .gains(s -> Gains.own(s.begun()))
          .then(gains -> new Got.Ok<>(new Counts(0, sum(gains))));
    }

    @Override
    public Optional<CounterReading> required() {
      return Optional.of(units);
    }

    @Override
    public List<CounterReading> counters() {
      return List.of(units);
    }

    @Override
    public List<Exchange> exchanges() {
      return units.exchanges();
    }
  }

  /** What cannot even be asked. */
  record Nothing(Trouble trouble) implements Wanted {
    @Override
    public Got<Sample> sample() {
      return new Got.Missing<>(trouble);
    }

    @Override
    public List<Exchange> exchanges() {
      return List.of();
    }
  }

  private static Got<Double> total(CounterReading units) {
    return units
        .gains(s -> Gains.own(s.begun()))
        .then(
            gains -> sum(gains) > 0 ? new Got.Ok<>(sum(gains)) : new Got.Missing<>(units.still()));
  }
}
