package dev.sluice.service.store;

import dev.sluice.gates.rollout.RolloutId;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.Optional;

/** Which request to start a rollout came under which key, so that its repetition starts nothing. */
public interface RequestStore {

  /**
   * A request to start.
   *
   * @param caller whose key it is: keys of others are other keys
   * @param key as the client chose it
   * @param fingerprint tells whether a repetition is the same request
   * @param at when it came
   * @param rollout that was started; absent while that is under way
   */
  record StartRequest(
      String caller, String key, String fingerprint, Instant at, Optional<RolloutId> rollout) {

    public StartRequest started(RolloutId id) {
      return new StartRequest(caller, key, fingerprint, at, Optional.of(id));
    }
  }

  /**
   * Takes the key for this request, or gives the request that has it. Requests from before {@code
   * oldest} are forgotten, and of the others all but the newest {@code most}.
   */
  Future<Optional<StartRequest>> takeKey(StartRequest request, Instant oldest, int most);

  /** Notes what was started; nothing where the key belongs to another request by now. */
  Future<Void> noteStarted(StartRequest request);

  /** Gives the key back, if it still belongs to this request. */
  Future<Void> giveKeyBack(StartRequest request);
}
