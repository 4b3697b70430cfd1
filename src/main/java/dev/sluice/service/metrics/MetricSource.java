package dev.sluice.service.metrics;

import dev.sluice.gates.look.Observations;
import dev.sluice.gates.look.Question;
import io.vertx.core.Future;

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
   * Whether it can be reached now: for readiness and diagnosis. Fails with a sentence that names
   * place and remedy.
   */
  Future<Void> probe();
}
