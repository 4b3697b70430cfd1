package dev.sluice.service.http;

import dev.sluice.gates.rollout.RolloutId;
import dev.sluice.service.config.ServerConfig.Role;
import dev.sluice.service.http.view.Words;
import dev.sluice.service.loop.Rejudged;
import dev.sluice.service.loop.Rollouts;
import dev.sluice.service.store.RolloutStore;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The looks of a rollout, judged again: one JSON object a line, sent when it is known, so that
 * whoever asks sees how far it is, and ends it by going away. Needs an operator: it asks the
 * metrics system as much as the rollout did.
 */
final class ReplayApi {
  /** Who does not read what was sent is cut off. */
  private static final int MOST_UNREAD = 1 << 20;

  private final RolloutStore store;
  private final Rollouts rollouts;

  ReplayApi(RolloutStore store, Rollouts rollouts) {
    this.store = store;
    this.rollouts = rollouts;
  }

  /**
   * One line.
   *
   * @param of how many looks there were when it was asked
   * @param outcome same, sourceLost, planChanged, otherJudge, otherQueries, dataGone, dataChanged,
   *     untraced or otherVerdict
   */
  public record Line(
      long look, long of, Instant from, Instant to, String outcome, String sentence) {
    static Line of(Rejudged look, long of) {
      return new Line(
          look.look(), of, look.from(), look.to(), Words.of(look.outcome()), look.sentence());
    }
  }

  /**
   * The last line: without it the answer was cut off.
   *
   * @param looks how many were judged again
   * @param differs the first look that differs
   */
  public record End(boolean end, long looks, Optional<Long> differs) {}

  List<Endpoint> endpoints() {
    return List.of(Endpoint.get(RolloutsApi.ROLLOUT + "/replay", Role.OPERATOR, this::replay));
  }

  private Future<Answer> replay(Call call) {
    RolloutId id = call.rollout();
    return store
        .load(id)
        .map(found -> found.orElseThrow(() -> Problems.unknownRollout(id.value()).refusal()))
        .compose(stored -> sent(call, id, stored.rollout().looks()));
  }

  private Future<Answer> sent(Call call, RolloutId id, long looks) {
    Lines lines = new Lines(call.context().response(), looks);
    return rollouts
        .rejudge(id, lines::next)
        .recover(
            failure ->
                Future.failedFuture(
                    failure instanceof Rollouts.Busy ? Problems.busy().refusal() : failure))
        .onFailure(failure -> lines.cutOff())
        .map(done -> lines.end());
  }

  /** The answer on its way. */
  private static final class Lines {
    private final HttpServerResponse response;
    private final long of;
    private long judged;
    private boolean cut;
    private Optional<Long> differs = Optional.empty();

    Lines(HttpServerResponse response, long of) {
      this.response = response;
      this.of = of;
    }

    /** Whether anybody still listens. */
    boolean next(Rejudged look) {
      judged++;
      if (!look.same()) {
        differs = Optional.of(look.look());
      }
      if (response.closed() || response.writeQueueFull()) {
        cut = true;
        return false;
      }
      if (!response.headWritten()) {
        response.setChunked(true).setWriteQueueMaxSize(MOST_UNREAD);
        Switchboard.ALWAYS.forEach(response::putHeader);
        response.putHeader("Content-Type", Answer.NDJSON);
      }
      response.write(line(Line.of(look, of)));
      return true;
    }

    /** An answer that has begun cannot become a problem: it ends without its last line. */
    void cutOff() {
      if (response.headWritten() && !response.ended()) {
        response.reset();
      }
    }

    Answer end() {
      return Answer.of(
          200, Answer.NDJSON, cut ? Buffer.buffer() : line(new End(true, judged, differs)));
    }

    private static Buffer line(Object value) {
      return ApiJson.write(value).appendString("\n");
    }
  }
}
