package dev.sluice.service.store;

import dev.sluice.gates.rollout.RolloutId;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;

/**
 * Who looks after which rollout, where several processes (replicas) share a store.
 *
 * <p>Each rollout has a lease with a token that grows whenever another replica takes it. A replica
 * says again and again that it is alive; what a silent one held is taken by the others, and {@link
 * RolloutStore#commitAsOwner} refuses whatever it still wants to write when it wakes up.
 */
public interface Leases {

  /**
   * One rollout that this replica looks after.
   *
   * @param token grows with each change of hands
   * @param version of its state now: what others wrote shows here
   * @param live whether it goes on; one that has ended is held until its last message is through
   * @param handedOver whether the replica before gave it back in good order; otherwise nobody may
   *     have looked after it for a while
   */
  record Held(RolloutId id, long token, long version, boolean live, boolean handedOver) {}

  /**
   * Says that this replica is alive, takes its share of what nobody looks after, gives back what is
   * more than its share, and answers what it holds now.
   */
  Future<List<Held>> renew();

  /** How often to renew. */
  Duration every();

  /** How long after the beginning of a renewal that succeeded nobody else takes what is held. */
  Duration goodFor();
}
