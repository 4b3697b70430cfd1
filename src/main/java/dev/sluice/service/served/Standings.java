package dev.sluice.service.served;

import dev.sluice.gates.plan.FlagTarget;
import dev.sluice.gates.rollout.Rollout;
import dev.sluice.gates.rollout.Stage;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the rollouts of one flag system want of each flag: of several rollouts that had the same
 * flag the one that began last counts. One that waits for its first step has not touched the flag
 * yet.
 *
 * <p>Not thread-safe.
 */
final class Standings {
  private final Map<String, Standing> byKey = new HashMap<>();

  private record Standing(String rollout, Instant startedAt, long version, ServedFlag flag) {
    private static final Comparator<Standing> AGE =
        Comparator.comparing(Standing::startedAt).thenComparing(Standing::rollout);

    /** Whether this one speaks for the flag where the other one did. */
    boolean replaces(Standing other) {
      return rollout.equals(other.rollout)
          ? version >= other.version
          : AGE.compare(this, other) > 0;
    }
  }

  /** Whether this rollout has said where its flag is to be. */
  static boolean speaks(Rollout rollout) {
    return rollout.plan().flag().isPresent()
        && !(rollout.stage() instanceof Stage.Pending)
        && rollout.decisions() > 0;
  }

  /** Takes note of a rollout; true when that changes what is served. */
  boolean learn(Rollout rollout) {
    Optional<FlagTarget> target = rollout.plan().flag();
    if (target.isEmpty() || !speaks(rollout)) {
      return false;
    }
    Standing known = byKey.get(target.get().key());
    Standing now = standing(rollout, target.get().key());
    if (known != null && !now.replaces(known)) {
      return false;
    }
    byKey.put(target.get().key(), now);
    return known == null || !known.flag().equals(now.flag());
  }

  private static Standing standing(Rollout rollout, String key) {
    return new Standing(
        rollout.id().value(),
        rollout.startedAt(),
        rollout.version(),
        new ServedFlag(
            key,
            rollout.desired(),
            rollout.plan().name(),
            rollout.step().id(),
            rollout.id().value()));
  }

  FlagSet set(String name) {
    return FlagSet.of(name, byKey.values().stream().map(Standing::flag).toList());
  }
}
