package dev.sluice.service.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.analyzer.Counts;
import dev.sluice.analyzer.Observed;
import dev.sluice.gates.look.Observations;
import dev.sluice.gates.look.Observations.Traffic;
import dev.sluice.gates.look.Question;
import dev.sluice.gates.look.Window;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ScriptedMetricSourceTest extends MetricSourceContract {

  @Override
  protected ScriptedMetricSource source() {
    return new ScriptedMetricSource()
        .metric(
            "errors",
            window ->
                Observed.Seen.of(
                    new Counts(CANARY_ERRORS, CANARY_REQUESTS), new Counts(0, BASELINE_REQUESTS)))
        .traffic(window -> new Traffic.Seen(CANARY_REQUESTS, BASELINE_REQUESTS));
  }

  @Override
  protected MetricSource lost() {
    return source().lose("down for repair");
  }

  private static Question question() {
    return new Question("main", Window.ofLook(START, EVERY, 1), List.of(), Optional.empty());
  }

  @Test
  void heldAnswersWaitUntilTheyAreLetGo() {
    ScriptedMetricSource source = source().hold();

    Future<Observations> answer = source.ask(question());

    assertFalse(answer.isComplete());
    source.letGo();
    assertTrue(answer.succeeded());
    assertTrue(source.ask(question()).isComplete());
    assertEquals(List.of(question(), question()), source.asked());
  }

  @Test
  void aMistakeOfOursIsAFailedFuture() {
    ScriptedMetricSource source = source().fail(Optional.of(new IllegalStateException("oops")));

    assertEquals("oops", source.ask(question()).cause().getMessage());
    assertTrue(source.fail(Optional.empty()).ask(question()).succeeded());
  }
}
