package dev.sluice.service.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.gates.rollout.Command;
import dev.sluice.gates.rollout.Event;
import dev.sluice.gates.rollout.Rollout;
import dev.sluice.gates.rollout.RolloutId;
import dev.sluice.service.http.Scenes;
import dev.sluice.service.http.TestServer;
import dev.sluice.service.store.Samples;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TelemetryTest {
  private final TestServer server = new TestServer();
  private final Telemetry telemetry = new Telemetry(new PrometheusRegistry());

  @AfterEach
  void stop() {
    server.close();
  }

  /** The series of one metric, as they are scraped. */
  private List<String> series(String name) {
    ByteArrayOutputStream to = new ByteArrayOutputStream();
    try {
      PrometheusTextFormatWriter.create().write(to, telemetry.registry().scrape());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return to.toString(StandardCharsets.UTF_8)
        .lines()
        .filter(line -> line.startsWith(name + "{"))
        .map(line -> line.substring(name.length()))
        .toList();
  }

  private void show(Rollout rollout) {
    telemetry.committed(rollout, List.of());
  }

  @Test
  void theStateIsOneAmongZeros() {
    show(server.scenes.baking("checkout-1", Scenes.plan("checkout")));

    List<String> states = series("sluice_rollout_state");
    assertEquals(11, states.size());
    assertEquals(
        List.of("{plan=\"checkout\",state=\"baking\",step=\"users-10\"} 1.0"),
        states.stream().filter(s -> s.endsWith(" 1.0")).toList());
  }

  @Test
  void theSeriesOfTheStepBeforeAreGoneWithTheStep() {
    show(server.scenes.baking("checkout-1", Scenes.plan("checkout")));
    show(server.scenes.tell("checkout-1", new Command.Promote(Scenes.ANNA, "go")));

    assertEquals(
        0, series("sluice_rollout_state").stream().filter(s -> s.contains("users-10")).count());
    assertEquals(List.of("{plan=\"checkout\"} 50.0"), series("sluice_target_percent"));
    assertEquals(List.of("{plan=\"checkout\"} 10.0"), series("sluice_applied_percent"));
  }

  @Test
  void measurementsAreThoseOfTheLatestLook() {
    show(server.scenes.baking("checkout-1", Scenes.plan("checkout")));

    assertEquals(List.of("{plan=\"checkout\"} 9.8"), rounded(series("sluice_observed_percent")));
    assertEquals(
        List.of(
            "{metric=\"basket\",plan=\"checkout\"} 1.01",
            "{metric=\"error-rate\",plan=\"checkout\"} 2.0E-4",
            "{metric=\"error-rate.max\",plan=\"checkout\"} 0.0031",
            "{metric=\"orders\",plan=\"checkout\"} 0.999",
            "{metric=\"p99\",plan=\"checkout\"} 1.041"),
        series("sluice_metric_estimate").stream().sorted().toList());
    assertEquals(
        List.of("{cohort=\"canary\",metric=\"error-rate.max\",plan=\"checkout\"} 1201000.0"),
        series("sluice_cohort_samples").stream().filter(s -> s.contains(".max")).toList());
  }

  private static List<String> rounded(List<String> series) {
    return series.stream().map(s -> s.replaceFirst("(\\.\\d)\\d{5,}", "$1")).toList();
  }

  @Test
  void anUnboundedEndIsInfiniteAndWhatIsUnknownHasNoSeries() {
    show(server.scenes.baking("checkout-1", Scenes.plan("checkout")));

    assertEquals(
        List.of("{metric=\"basket\",plan=\"checkout\"} +Inf"),
        series("sluice_metric_interval_high").stream().filter(s -> s.contains("basket")).toList());
    assertEquals(
        0, series("sluice_metric_estimate").stream().filter(s -> s.contains("gc-pause")).count());
    assertEquals(
        List.of("{metric=\"gc-pause\",plan=\"checkout\",verdict=\"inconclusive\"} 1.0"),
        series("sluice_metric_verdict").stream()
            .filter(s -> s.contains("gc-pause") && s.endsWith(" 1.0"))
            .toList());
  }

  @Test
  void whenARolloutHasEndedItsMeasurementsAreGoneAndItsStateStays() {
    server.scenes.baking("checkout-1", Scenes.plan("checkout"));
    server.scenes.look("checkout-1", Scenes.harmful());
    show(server.scenes.confirmed("checkout-1"));

    assertEquals(List.of(), series("sluice_metric_estimate"));
    assertEquals(List.of(), series("sluice_metric_verdict"));
    assertEquals(List.of(), series("sluice_observed_percent"));
    assertEquals(
        List.of("{plan=\"checkout\",state=\"rolledBack\",step=\"users-10\"} 1.0"),
        series("sluice_rollout_state").stream().filter(s -> s.endsWith(" 1.0")).toList());
  }

  @Test
  void aNewRolloutOfThePlanTakesThePlaceOfTheOldOne() {
    server.scenes.baking("checkout-1", Scenes.plan("checkout"));
    Rollout old = server.scenes.tell("checkout-1", new Command.Abort(Scenes.ANNA, "enough"));
    show(old);
    show(server.scenes.begun("checkout-2", Scenes.plan("checkout")));
    show(old);

    assertEquals(
        List.of("{plan=\"checkout\",state=\"applying\",step=\"users-1\"} 1.0"),
        series("sluice_rollout_state").stream().filter(s -> s.endsWith(" 1.0")).toList());
  }

  @Test
  void endedRolloutsAreForgottenOneDay() {
    for (int i = 0; i < 130; i++) {
      server.scenes.begun("r-" + i, Scenes.plan("plan-" + i));
      show(
          i < 20
              ? server.scenes.load("r-" + i)
              : server.scenes.tell("r-" + i, new Command.Abort(Scenes.ANNA, "enough")));
    }

    List<String> targets = series("sluice_target_percent");
    assertEquals(120, targets.size());
    assertEquals(20, targets.stream().filter(s -> s.matches(".*plan-1?[0-9]\".*")).count());
  }

  @Test
  void decisionsAreCountedByWhatAndWhy() {
    Event decided = Samples.events(new RolloutId("r")).get(15);

    telemetry.committed(
        Samples.after(new RolloutId("r"), Samples.plan("checkout"), 16), List.of(decided));

    assertEquals(
        List.of("{decision=\"rollBack\",plan=\"checkout\",reason=\"byHand\"} 1.0"),
        series("sluice_decisions_total"));
  }
}
