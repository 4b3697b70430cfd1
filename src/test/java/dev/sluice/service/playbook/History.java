package dev.sluice.service.playbook;

import dev.sluice.service.metrics.prometheus.RealPrometheus;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.NavigableMap;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * The past of one service, minute by minute: a hundred requests a second, shared out among the
 * cohorts as the flag stood, each with its errors, latencies and orders, drawn with a seed.
 */
final class History {
  static final Duration SCRAPE = Duration.ofMinutes(1);

  /** Stay on the old version to the end. */
  private static final double HOLDBACK = 0.04;

  /** Of the control, before anybody is on the canary. */
  private static final double LEAST = 0.01;

  private static final double PER_MINUTE = 6000;
  private static final double ERRORS = 0.004;
  private static final double ORDERS = 0.05;
  private static final String[] EDGES = {"0.05", "0.1", "0.2", "0.4", "0.8", "1.6", "+Inf"};
  private static final double[] LATENCIES = {0.5, 0.27, 0.15, 0.068, 0.01, 0.0018, 0.0002};

  /** Two in a hundred take longer than 0.8 s: the p99 goes from 0.5 s to above a second. */
  private static final double[] SLOW = {0.5, 0.25, 0.13, 0.06, 0.035, 0.02, 0.005};

  private final String service;
  private final Instant from;
  private final Instant until;
  private final NavigableMap<Instant, Double> shares;
  private final SplittableRandom random;
  private Instant errorsFrom = Instant.MAX;
  private Instant slowFrom = Instant.MAX;

  /**
   * @param shares of the users on the canary, from these instants on
   */
  History(
      String service,
      Instant from,
      Instant until,
      NavigableMap<Instant, Double> shares,
      long seed) {
    this.service = service;
    this.from = from;
    this.until = until;
    this.shares = new TreeMap<>(shares);
    this.random = new SplittableRandom(seed);
  }

  /** From then on the canary fails six times as often. */
  History failingFrom(Instant instant) {
    errorsFrom = instant;
    return this;
  }

  /** From then on the canary has a tail. */
  History slowFrom(Instant instant) {
    slowFrom = instant;
    return this;
  }

  /** What happened in one cohort, as its counters show it: cumulative. */
  private static final class Counters {
    private final double[] good;
    private final double[] bad;
    private final double[] orders;
    private final double[][] buckets;

    Counters(int samples) {
      good = new double[samples];
      bad = new double[samples];
      orders = new double[samples];
      buckets = new double[EDGES.length][samples];
    }

    double[] of(String code) {
      return code.startsWith("5") ? bad : good;
    }
  }

  void writeTo(RealPrometheus prometheus) {
    for (String cohort : new String[] {"v2", "v1", "v1-control", "v1-holdback"}) {
      Counters counters = happened(cohort);
      write(prometheus, "up", cohort, "", filled(counters.good.length));
      for (String code : new String[] {"200", "500"}) {
        write(
            prometheus, "http_requests_total", cohort, ",code=\"" + code + "\"", counters.of(code));
      }
      write(prometheus, "orders_completed_total", cohort, "", counters.orders);
      for (int j = 0; j < EDGES.length; j++) {
        String le = ",le=\"" + EDGES[j] + "\"";
        write(prometheus, "http_request_duration_seconds_bucket", cohort, le, counters.buckets[j]);
      }
    }
  }

  private static double[] filled(int samples) {
    double[] ones = new double[samples];
    Arrays.fill(ones, 1);
    return ones;
  }

  private void write(
      RealPrometheus prometheus, String name, String cohort, String labels, double[] values) {
    prometheus
        .series(
            "%s{job=\"shop\",instance=\"%s-%s:80\",service=\"%s\",cohort=\"%s\"%s}"
                .formatted(name, service, cohort, service, cohort, labels))
        .every(SCRAPE, from, until)
        .values(i -> values[i]);
  }

  private Counters happened(String cohort) {
    int samples = (int) Duration.between(from, until).dividedBy(SCRAPE) + 1;
    Counters counters = new Counters(samples);
    for (int i = 1; i < samples; i++) {
      Instant minute = from.plus(SCRAPE.multipliedBy(i - 1));
      minute(counters, i, minute, cohort);
    }
    return counters;
  }

  private void minute(Counters counters, int i, Instant minute, String cohort) {
    boolean canary = cohort.equals("v2");
    double units = Math.rint(PER_MINUTE * share(cohort, minute));
    double errors = ERRORS * (canary && !minute.isBefore(errorsFrom) ? 6 : 1);
    double bad = Math.min(units, drawn(units * errors));
    counters.bad[i] = counters.bad[i - 1] + bad;
    counters.good[i] = counters.good[i - 1] + units - bad;
    counters.orders[i] = counters.orders[i - 1] + drawn(units * ORDERS);
    double[] latencies = canary && !minute.isBefore(slowFrom) ? SLOW : LATENCIES;
    double within = 0;
    for (int j = 0; j < EDGES.length; j++) {
      within += drawn(units * latencies[j]);
      counters.buckets[j][i] = counters.buckets[j][i - 1] + within;
    }
  }

  /** The control is as large as the canary, while there are people left for it. */
  private double share(String cohort, Instant minute) {
    double canary = Math.min(1 - HOLDBACK, shares.floorEntry(minute).getValue());
    double control = Math.min(Math.max(LEAST, canary), 1 - HOLDBACK - canary);
    return switch (cohort) {
      case "v2" -> canary;
      case "v1-control" -> control;
      case "v1-holdback" -> HOLDBACK;
      default -> 1 - HOLDBACK - canary - control;
    };
  }

  private double drawn(double mean) {
    return Math.max(0, Math.rint(mean + Math.sqrt(mean) * random.nextGaussian()));
  }
}
