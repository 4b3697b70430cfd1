package dev.sluice.service.flags;

import dev.sluice.gates.plan.Exposure;
import dev.sluice.gates.plan.FlagTarget;
import dev.sluice.gates.rollout.Command;
import dev.sluice.gates.rollout.Rollout;
import dev.sluice.gates.rollout.RolloutId;
import dev.sluice.service.loop.Rollouts;
import dev.sluice.service.loop.Scheduler;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the flag of every live rollout once a minute, and at once after a write, and tells the
 * rollout when somebody else has moved it, or when it is back.
 *
 * <p>A flag has moved when its exposure is another one, when something that the plan does not own
 * serves users as well, or when what decides who gets the canary has changed since it was first
 * read: then other users are on the canary, though as many. What it was at first is kept in memory
 * alone; after a restart it is what is found.
 *
 * <p>A reading that was taken before the rollout moved the flag itself is thrown away: it would
 * take our own write for somebody else's. A flag that cannot be read says nothing.
 *
 * <p>Not thread-safe: used on the loop's context.
 */
public final class DriftWatch {
  static final Duration EVERY = Duration.ofMinutes(1);

  /** After a start it takes moments until the rollouts under way are known. */
  private static final Duration FIRST = Duration.ofSeconds(5);

  private static final Logger LOG = LoggerFactory.getLogger(DriftWatch.class);

  private final Supplier<List<Rollout>> live;
  private final Map<String, FlagSystem> systems;
  private final Rollouts rollouts;
  private final Scheduler scheduler;

  private final Map<RolloutId, String> shapes = new HashMap<>();
  private final Set<RolloutId> underWay = new HashSet<>();
  private final Set<RolloutId> unread = new HashSet<>();
  private boolean running;

  /**
   * @param live the rollouts that this process looks after, as they are now
   * @param systems by name
   */
  public DriftWatch(
      Supplier<List<Rollout>> live,
      Map<String, FlagSystem> systems,
      Rollouts rollouts,
      Scheduler scheduler) {
    this.live = live;
    this.systems = Map.copyOf(systems);
    this.rollouts = rollouts;
    this.scheduler = scheduler;
  }

  public void start() {
    running = true;
    scheduler.after(FIRST, this::round);
  }

  public void stop() {
    running = false;
  }

  /** One reading each, spread over the minute. */
  private void round() {
    if (!running) {
      return;
    }
    List<Rollout> watched = live.get().stream().filter(this::concerns).toList();
    Set<RolloutId> ids = watched.stream().map(Rollout::id).collect(Collectors.toSet());
    shapes.keySet().retainAll(ids);
    unread.retainAll(ids);
    for (int i = 0; i < watched.size(); i++) {
      RolloutId id = watched.get(i).id();
      scheduler.after(EVERY.multipliedBy(i).dividedBy(watched.size()), () -> look(id));
    }
    scheduler.after(EVERY, this::round);
  }

  /** Something was written down for this rollout: where its flag was just moved, it is read. */
  public void news(Rollout rollout) {
    boolean moved = rollout.appliedAt().filter(at -> at.equals(rollout.updatedAt())).isPresent();
    if (running && moved && concerns(rollout)) {
      scheduler.after(Duration.ZERO, () -> look(rollout.id()));
    }
  }

  private boolean concerns(Rollout rollout) {
    return !rollout.plan().policy().dryRun()
        && rollout.appliedAt().isPresent()
        && !rollout.ended()
        && rollout.plan().flag().filter(flag -> systems.containsKey(flag.target())).isPresent();
  }

  private Optional<Rollout> now(RolloutId id) {
    return live.get().stream().filter(r -> r.id().equals(id)).filter(this::concerns).findFirst();
  }

  private void look(RolloutId id) {
    Optional<Rollout> before = now(id);
    if (running && before.isPresent() && underWay.add(id)) {
      look(before.get()).onComplete(any -> underWay.remove(id));
    }
  }

  private Future<Void> look(Rollout before) {
    FlagTarget target = before.plan().flag().orElseThrow();
    FlagSystem system = systems.get(target.target());
    if (system == null) {
      return Future.succeededFuture();
    }
    return system
        .read(Flag.of(target))
        .compose(
            reading ->
                switch (reading) {
                  case Reading.Unread r -> cannotRead(before.id(), r.trouble());
                  case Reading.Seen seen -> seen(before, new Sight(system, target, seen));
                })
        .recover(failure -> notTold(before.id(), failure));
  }

  private record Sight(FlagSystem system, FlagTarget target, Reading.Seen seen) {}

  private Future<Void> cannotRead(RolloutId id, Trouble trouble) {
    if (unread.add(id)) {
      LOG.warn("The flag of rollout {} cannot be read: {}", id, trouble.sentence());
    }
    return Future.succeededFuture();
  }

  private static Future<Void> notTold(RolloutId id, Throwable failure) {
    LOG.info("What the flag of rollout {} stands at is told later: {}", id, failure.toString());
    return Future.succeededFuture();
  }

  private Future<Void> seen(Rollout before, Sight sight) {
    if (unread.remove(before.id())) {
      LOG.info("The flag of rollout {} can be read again", before.id());
    }
    Optional<Rollout> after = now(before.id()).filter(now -> untouched(before, now));
    return after.map(now -> compare(now, sight)).orElseGet(Future::succeededFuture);
  }

  /** Whether the rollout has not moved the flag itself while it was read. */
  private static boolean untouched(Rollout before, Rollout now) {
    return before.applied().equals(now.applied())
        && before.appliedAt().equals(now.appliedAt())
        && before.desired().equals(now.desired());
  }

  private Future<Void> compare(Rollout rollout, Sight sight) {
    Reading.Seen seen = sight.seen();
    String first = shapes.computeIfAbsent(rollout.id(), id -> seen.shape());
    boolean sameShape = first.equals(seen.shape());
    boolean sameUsers = seen.whole() && sameShape;
    boolean same = sight.system().granularity().same(seen.exposure(), rollout.applied());
    if (same && sameUsers) {
      return rollout.drift().isPresent()
          ? tell(rollout, rollout.applied(), "", true)
          : Future.succeededFuture();
    }
    Exposure exposure = same ? rollout.applied() : seen.exposure();
    return told(rollout, exposure)
        ? restore(rollout, sight)
        : sight
            .system()
            .lastChange(Flag.of(sight.target()))
            .compose(
                who ->
                    tell(rollout, exposure, detail(seen, sameShape ? "" : first, who), sameUsers))
            .compose(v -> restore(rollout, sight));
  }

  private static boolean told(Rollout rollout, Exposure exposure) {
    return rollout.drift().filter(drift -> drift.seen().equals(exposure)).isPresent();
  }

  /**
   * @param shape what it was, where it is another one now; else empty
   */
  private static String detail(Reading.Seen seen, String shape, Optional<String> who) {
    String odd = String.join(" ", seen.oddities());
    String users =
        shape.isEmpty() ? "" : "Whom it serves was %s and is %s.".formatted(shape, seen.shape());
    String last = who.map(w -> "The last change there: " + w + ".").orElse("");
    return String.join(" ", List.of(odd, users, last)).strip().replaceAll(" +", " ");
  }

  /** On the version that was compared: a rollout that has moved on meanwhile is read again. */
  private Future<Void> tell(Rollout rollout, Exposure seen, String detail, boolean sameUsers) {
    return rollouts
        .tell(
            rollout.id(),
            new Command.ReportExposure(seen, detail, sameUsers),
            OptionalLong.of(rollout.version()))
        .<Void>mapEmpty()
        .recover(
            failure -> {
              if (failure instanceof Rollouts.Stale) {
                scheduler.after(Duration.ofSeconds(1), () -> look(rollout.id()));
                return Future.succeededFuture();
              }
              return Future.failedFuture(failure);
            });
  }

  /**
   * Where the plan says so, lowers the flag to where it was. It is never raised: who takes users
   * off the canary means it. Two who restore do not fight for ever: only one of them lowers.
   */
  private Future<Void> restore(Rollout rollout, Sight sight) {
    boolean raised = sight.seen().exposure().compareTo(rollout.applied()) > 0;
    boolean wanted = sight.target().onDrift() == FlagTarget.OnDrift.RESTORE;
    if (!raised || !wanted) {
      return Future.succeededFuture();
    }
    LOG.warn(
        "The flag of rollout {} was raised to {} by somebody else; it is lowered to {}",
        rollout.id(),
        sight.seen().exposure(),
        rollout.applied());
    Note note = new Note(rollout.id() + "-restore", "Sluice, plan " + rollout.plan().name());
    return sight
        .system()
        .set(Flag.of(sight.target()), sight.seen(), rollout.applied(), note)
        .onSuccess(
            written -> {
              if (written instanceof Written.NotDone not) {
                LOG.warn("It could not be lowered: {}", not.trouble().sentence());
              }
            })
        .mapEmpty();
  }
}
