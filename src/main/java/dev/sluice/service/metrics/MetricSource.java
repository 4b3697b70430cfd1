package dev.sluice.service.metrics;

import dev.sluice.gates.look.Observations;
import dev.sluice.gates.look.Question;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.Optional;

/**
 * A metrics system that can be asked about the past.
 *
 * <p>What goes wrong in the world (unreachable, refused, empty, not a number, too large) is part of
 * the answer. A failed future means a mistake of ours: the look did not happen.
 */
public interface MetricSource {

  /**
   * Answers every metric of the question, each with samples or a named absence, within the source's
   * own deadline.
   */
  Future<Observations> ask(Question question);

  /**
   * What time it is there, where it can tell: asked for when something is missing, because a clock
   * of ours that is ahead asks for what has not happened yet. Empty where it cannot tell or does
   * not answer.
   */
  default Future<Optional<Instant>> time() {
    return Future.succeededFuture(Optional.empty());
  }

  /**
   * Whether it can be reached now: for readiness and diagnosis. Fails with a sentence that names
   * place and remedy.
   */
  Future<Void> probe();
}
