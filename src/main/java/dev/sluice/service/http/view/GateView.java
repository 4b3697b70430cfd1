package dev.sluice.service.http.view;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The small, stable answer for machines that ask whether they may go on.
 *
 * @param gate open, closed (no, and not by itself), unclear (not yet) or error (cannot tell)
 * @param step the step that was asked for, or the present one
 * @param percent the share of users the flag system last confirmed; absent without a rollout
 * @param decision what follows: promote, hold or rollBack
 * @param reason one sentence
 * @param evaluatedAt end of the newest data behind the answer
 * @param validUntil after this instant the answer must not be used any more; absent where no look
 *     is due: before the beginning, while it is being rolled back, after the end
 */
public record GateView(
    String gate,
    String plan,
    Optional<String> rollout,
    Optional<String> step,
    OptionalDouble percent,
    String decision,
    String reason,
    List<MetricView> metrics,
    Optional<Instant> evaluatedAt,
    Optional<Instant> validUntil) {

  /** One check, in short. */
  public record MetricView(String metric, String verdict, String sentence) {}
}
