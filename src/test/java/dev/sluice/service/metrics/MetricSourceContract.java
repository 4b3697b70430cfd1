package dev.sluice.service.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.analyzer.Counts;
import dev.sluice.analyzer.Direction;
import dev.sluice.analyzer.Observed;
import dev.sluice.gates.look.ByPod;
import dev.sluice.gates.look.Observations;
import dev.sluice.gates.look.Observations.Traffic;
import dev.sluice.gates.look.Question;
import dev.sluice.gates.look.Window;
import dev.sluice.gates.plan.Cohort;
import dev.sluice.gates.plan.ExposureRule;
import dev.sluice.gates.plan.Metric;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * What every metrics system must do, whatever it is. An adapter's test extends this and provides
 * one that has {@link #EVERY} look the same traffic: {@link #CANARY_REQUESTS} requests of the
 * canary, of which {@link #CANARY_ERRORS} fail, and {@link #BASELINE_REQUESTS} of the baseline
 * without an error, all counted in {@code requests_total} with labels {@code cohort} and {@code
 * code}.
 */
public abstract class MetricSourceContract {
  protected static final Instant START = Instant.parse("2026-03-02T10:00:00Z");
  protected static final Duration EVERY = Duration.ofSeconds(60);
  protected static final double CANARY_REQUESTS = 24;
  protected static final double CANARY_ERRORS = 4;
  protected static final double BASELINE_REQUESTS = 180;

  private static final Cohort CANARY =
      new Cohort("canary", "cohort=\"canary\"", Map.of(), Duration.ZERO);
  private static final Cohort BASELINE =
      new Cohort("baseline", "cohort=\"baseline\"", Map.of(), Duration.ZERO);
  private static final Metric ERRORS =
      ratio("errors", "requests_total{$cohort,code=\"500\"}", "requests_total{$cohort}");
  private static final Metric UNHEARD_OF = ratio("unheard-of", "no_such_total", "no_such_total");

  private static Metric ratio(String id, String bad, String total) {
    return new Metric.Ratio(
        new Metric.Common(
            id,
            id,
            Direction.HIGHER_IS_WORSE,
            Metric.Role.GUARDRAIL,
            Optional.empty(),
            Optional.empty(),
            OptionalLong.empty(),
            Metric.OnNoData.HOLD),
        bad,
        total);
  }

  /** One that answers. */
  protected abstract MetricSource source() throws Exception;

  /** One that cannot be reached. */
  protected abstract MetricSource lost() throws Exception;

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  private static Question question(long look, Metric... metrics) {
    ExposureRule rule =
        new ExposureRule(
            "requests_total{$cohort}",
            ExposureRule.OnTrouble.HOLD,
            ExposureRule.OnTrouble.HOLD,
            Duration.ZERO);
    return new Question(
        "main",
        Window.ofLook(START, EVERY, look),
        List.of(metrics).stream()
            .map(m -> new Question.OfMetric(m, CANARY, Optional.of(BASELINE)))
            .toList(),
        Optional.of(new Question.OfExposure(rule, CANARY, Optional.of(BASELINE))));
  }

  @Test
  void everyMetricOfTheQuestionIsAnsweredForItsWindow() throws Exception {
    Observations seen = await(source().ask(question(5, ERRORS, UNHEARD_OF)));

    assertEquals(Window.ofLook(START, EVERY, 5), seen.window());
    assertEquals(Set.of("errors", "unheard-of"), seen.metrics().keySet());
    assertEquals(
        Observed.Seen.of(
            new Counts(CANARY_ERRORS, CANARY_REQUESTS), new Counts(0, BASELINE_REQUESTS)),
        seen.metrics().get("errors"));
    assertEquals(new Traffic.Seen(CANARY_REQUESTS, BASELINE_REQUESTS), seen.traffic());
  }

  @Test
  void whatNobodyKnowsIsANamedAbsenceAndNoFailure() throws Exception {
    Observed absent = await(source().ask(question(5, UNHEARD_OF))).metrics().get("unheard-of");

    assertFalse(assertInstanceOf(Observed.Absent.class, absent).detail().isBlank());
  }

  @Test
  void podsThatAreToldApartAddUpToTheBaselineOfTheirIntervals() throws Exception {
    Question look = question(5, ERRORS);
    Question past =
        new Question(
            "main",
            new Window(START.plus(EVERY), START.plus(EVERY.multipliedBy(5))),
            look.metrics(),
            Optional.empty(),
            EVERY);

    for (List<ByPod> pods : await(source().ask(look)).pods().values()) {
      assertEquals(1, pods.size(), "a look is one interval");
      assertEquals(BASELINE_REQUESTS, pods.getFirst().exposure(), 1e-9);
    }
    for (List<ByPod> pods : await(source().ask(past)).pods().values()) {
      assertEquals(4, pods.size());
      pods.forEach(interval -> assertEquals(BASELINE_REQUESTS, interval.exposure(), 1e-9));
    }
  }

  @Test
  void theSameQuestionHasTheSameAnswerWheneverItIsAsked() throws Exception {
    MetricSource source = source();
    Observations first = await(source.ask(question(7, ERRORS)));
    await(source.ask(question(8, ERRORS)));

    assertEquals(first, await(source.ask(question(7, ERRORS))));
  }

  @Test
  void withoutAnExposureRuleNoTrafficIsAskedFor() throws Exception {
    Question whole = question(5, ERRORS);
    Question without =
        new Question(whole.source(), whole.window(), whole.metrics(), Optional.empty());

    assertEquals(new Traffic.NotAsked(), await(source().ask(without)).traffic());
  }

  @Test
  void oneThatIsLostLosesTheWholeLookAndDoesNotFail() throws Exception {
    Observations seen = await(lost().ask(question(5, ERRORS, UNHEARD_OF)));

    assertTrue(seen.sourceLost());
    assertInstanceOf(Traffic.Unknown.class, seen.traffic());
  }

  @Test
  void theProbeSaysWhetherItCanBeReached() throws Exception {
    await(source().probe());

    ExecutionException e = assertThrows(ExecutionException.class, () -> await(lost().probe()));
    assertInstanceOf(SourceUnusable.class, e.getCause());
  }
}
