package dev.sluice.analyzer;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A number that tells judges with different settings or metrics apart, so that a snapshot is not
 * read into the wrong one. The same in every process, and a whole number that a double holds
 * exactly.
 */
final class Fingerprint {
  private static final long OFFSET = 0xcbf29ce484222325L;
  private static final long PRIME = 0x100000001b3L;
  private static final int DROPPED_BITS = 12;

  private long hash = OFFSET;

  private Fingerprint() {}

  static double of(JudgeSettings settings, List<JudgedMetric> metrics) {
    Fingerprint f = new Fingerprint();
    f.add(settings.falseAlarm(), settings.falsePass(), settings.horizonSeconds());
    f.add(settings.confirm(), settings.dispersion() ? 1 : 0, settings.designEffect());
    f.add(settings.pace().name());
    for (JudgedMetric metric : metrics) {
      f.add(metric.id());
      f.add(metric.weight());
      f.add(metric.test());
      f.add(metric.concurrent() ? 1 : 0);
    }
    return (double) (f.hash >>> DROPPED_BITS);
  }

  private void add(MetricTest test) {
    switch (test) {
      case MetricTest.OfCounts t -> {
        add("counts");
        add(t.direction(), t.harm(), t.safe());
      }
      case MetricTest.OfCountsAgainstLimit t -> {
        add("counts against limit");
        add(t.direction().name());
        add(t.bound());
      }
      case MetricTest.OfQuantile t -> {
        add("quantile");
        add(t.quantile());
        add(Direction.HIGHER_IS_WORSE, t.harm(), t.safe());
      }
      case MetricTest.OfQuantileAgainstLimit t -> {
        add("quantile against limit");
        add(t.quantile(), t.bound());
      }
      case MetricTest.OfMean t -> {
        add("mean");
        add(t.direction(), t.harm(), t.safe());
        add(t.blockLooks());
      }
      case MetricTest.OfValue t -> {
        add("value");
        add(t.direction(), t.harm(), t.safe());
      }
    }
  }

  private void add(Direction direction, Margin harm, Margin safe) {
    add(direction.name());
    add(harm.relative(), harm.absolute(), safe.relative(), safe.absolute());
  }

  private void add(double... numbers) {
    for (double number : numbers) {
      long bits = Double.doubleToLongBits(number);
      for (int i = 0; i < Long.BYTES; i++) {
        octet(bits >>> (i * Byte.SIZE));
      }
    }
  }

  private void add(String text) {
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      octet(b);
    }
    octet(0);
  }

  private void octet(long b) {
    hash = (hash ^ (b & 0xff)) * PRIME;
  }
}
