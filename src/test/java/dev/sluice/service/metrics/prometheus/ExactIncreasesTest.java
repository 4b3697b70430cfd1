package dev.sluice.service.metrics.prometheus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.analyzer.Counts;
import dev.sluice.analyzer.Observed;
import dev.sluice.gates.look.Observations;
import dev.sluice.gates.look.Question;
import dev.sluice.gates.look.Window;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Windows add up: whatever the scrapes, restarts, births, deaths and outages, the increases of
 * adjacent windows sum to what the counters really counted.
 */
class ExactIncreasesTest {
  private static final int WORLDS = 1000;
  private static final Instant BEFORE = Shop.START.minus(Duration.ofMinutes(20));
  private static final Reach REACH = Reach.of(Shop.SCRAPE);
  private static final Voice VOICE = new Voice("main", Shop.config(URI.create("http://localhost")));

  /** Pods that come, fail and go, and a metrics system that scrapes them as best it can. */
  private static final class World {
    final Random random;
    final PaperPrometheus prometheus = new PaperPrometheus();
    final Instant end;
    final boolean sameInstance;
    final boolean startTimes;
    final long outageFrom;
    final long outageTo;
    double errors;
    double requests;

    World(long seed, boolean sameInstance) {
      random = new Random(seed);
      this.sameInstance = sameInstance;
      startTimes = random.nextBoolean();
      prometheus.leftOpen(random.nextBoolean());
      end = Shop.START.plus(Duration.ofMinutes(10 + random.nextInt(50)));
      outageFrom = Shop.START.plusSeconds(random.nextInt(3600)).toEpochMilli();
      outageTo = outageFrom + (random.nextInt(3) == 0 ? random.nextInt(2_000_000) : 0);
      // One that was always there: the metrics system does not begin with the rollout.
      live("baseline", "old", BEFORE.toEpochMilli(), end.toEpochMilli());
      errors = 0;
      requests = 0;
      for (int pods = random.nextInt(5); pods >= 0; pods--) {
        pod("pod-" + pods);
      }
    }

    private void pod(String name) {
      long from = BEFORE.toEpochMilli() + random.nextInt(3_000_000);
      for (int life = 0; life < 4 && from < end.toEpochMilli(); life++) {
        long to = Math.min(from + 60_000 + random.nextInt(2_400_000), end.toEpochMilli());
        live("canary", sameInstance ? name : name + "-" + life, from, to);
        from = to + random.nextInt(120_000);
      }
    }

    /** One process, scraped at its own pace, now and then late, and now and then not at all. */
    private void live(String cohort, String instance, long from, long to) {
      Counter good = new Counter(cohort, instance, "200");
      Counter bad = new Counter(cohort, instance, "500");
      int errorsAtMost = random.nextInt(4);
      boolean missed = false;
      for (long slot = from + random.nextInt(15_000); slot < to; slot += 15_000) {
        good.value += random.nextInt(40);
        bad.value += random.nextInt(errorsAtMost + 1);
        long time = Math.min(to, slot + random.nextInt(900));
        if (time >= outageFrom && time < outageTo) {
          continue;
        }
        missed = !missed && random.nextInt(12) == 0;
        prometheus.put(target("up", cohort, instance), time, missed ? 0 : 1);
        if (missed) {
          continue;
        }
        if (startTimes) {
          prometheus.put(target(Births.STARTED, cohort, instance), time, from / 1000.0);
        }
        good.scrape(time);
        if (bad.value > 0) {
          bad.scrape(time);
        }
      }
      errors += bad.seen;
      requests += good.seen + bad.seen;
    }

    private Map<String, String> target(String name, String cohort, String instance) {
      return Shop.labels(name, "job", "shop", "instance", instance, "cohort", cohort);
    }

    /** Counts from zero in each process; what happens after the last scrape nobody ever sees. */
    private final class Counter {
      private final Map<String, String> labels;
      private double value;
      private double base;
      private double seen;

      Counter(String cohort, String instance, String code) {
        labels = new HashMap<>(target("requests_total", cohort, instance));
        labels.put("code", code);
      }

      void scrape(long time) {
        prometheus.put(labels, time, value);
        base = time <= Shop.START.toEpochMilli() ? value : base;
        seen = value - base;
      }
    }
  }

  /** What all looks together saw of the canary. */
  private static Counts addedUp(World world) {
    double errors = 0;
    double requests = 0;
    Duration every = Duration.ofMillis(30_000 + world.random.nextInt(45_000));
    for (long look = 1; ; look++) {
      Window window = Window.ofLook(Shop.START, every, look);
      if (look(world, window) instanceof Observed.Seen seen) {
        Counts counts = (Counts) seen.canary();
        errors += counts.events();
        requests += counts.exposure();
      }
      if (window.to().isAfter(world.end)) {
        return new Counts(errors, requests);
      }
    }
  }

  private static Observed look(World world, Window window) {
    Question alone =
        new Question(
            "main",
            window,
            List.of(new Question.OfMetric(Shop.errors(), Shop.CANARY, Optional.empty())),
            Optional.empty());
    Observations observations =
        new Survey(Shop.withTraffic(alone), world.prometheus, REACH, VOICE).observe().result();
    return Shop.observed(observations, "errors");
  }

  @Test
  void windowsAddUpToWhatWasCountedWhenEveryPodIsNew() {
    for (long seed = 0; seed < WORLDS; seed++) {
      World world = new World(seed, false);

      assertEquals(new Counts(world.errors, world.requests), addedUp(world), "seed " + seed);
    }
  }

  @Test
  void windowsAddUpToOneLongWindowWhenProcessesRestartInPlace() {
    for (long seed = 0; seed < WORLDS; seed++) {
      World world = new World(seed, true);

      Counts expected =
          new Counts(increase(world, "500"), increase(world, "200") + increase(world, "500"));
      assertEquals(expected, addedUp(world), "seed " + seed);
    }
  }

  /** The rule of counters, over all samples at once. */
  private static double increase(World world, String code) {
    double sum = 0;
    for (Map.Entry<Map<String, String>, NavigableMap<Long, Double>> series :
        world.prometheus.samples().entrySet()) {
      boolean wanted =
          "canary".equals(series.getKey().get("cohort"))
              && code.equals(series.getKey().get("code"));
      double previous = 0;
      for (Map.Entry<Long, Double> sample : series.getValue().entrySet()) {
        if (wanted && sample.getKey() > Shop.START.toEpochMilli()) {
          double value = sample.getValue();
          sum += value < previous ? value : value - previous;
        }
        previous = sample.getValue();
      }
    }
    return sum;
  }

  @Test
  void theWorldsHoldWhatTheyAreMeantToTest() {
    int outages = 0;
    int births = 0;
    int restarts = 0;
    for (long seed = 0; seed < 200; seed++) {
      World world = new World(seed, true);
      outages += world.outageTo - world.outageFrom > REACH.lookback().toMillis() ? 1 : 0;
      for (NavigableMap<Long, Double> series : world.prometheus.samples().values()) {
        births += series.firstKey() > Shop.START.toEpochMilli() ? 1 : 0;
        double previous = 0;
        for (double value : series.values()) {
          restarts += value < previous && previous > 1 ? 1 : 0;
          previous = value;
        }
      }
    }
    assertTrue(outages > 40, outages + " outages");
    assertTrue(births > 1000, births + " births");
    assertTrue(restarts > 400, restarts + " restarts");
  }
}
