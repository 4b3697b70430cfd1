package dev.sluice.service.flags;

import dev.sluice.service.outbox.Target;
import dev.sluice.service.store.RolloutStore.Message;
import io.vertx.core.Future;
import java.util.Optional;

/**
 * Carries decisions out on a flag system that can be read. A write is a reconcile and not a call:
 *
 * <pre>
 *   raise:      read -> set, if nobody changed it since -> read back -> obeyed
 *   take back:  turn off -> read back -> obeyed         (or set, where the plan leaves somebody on)
 * </pre>
 *
 * <ol>
 *   <li>Nothing is believed that was not read: an accepted write counts once the reading shows it.
 *   <li>Nothing is replayed. After a crash the same message comes again, and what it asks for may
 *       have happened already, or somebody may have moved the flag meanwhile: it is read first.
 *   <li>A raise starts only from where the rollout left the flag. Where somebody else has put it,
 *       up or down, is a question for people; until it is answered the raise waits.
 *   <li>Taking back waits for nothing, and asks nobody who moved the flag. It never raises. Where
 *       it is to leave nobody and cannot set that, it turns the flag off.
 * </ol>
 */
public final class FlagSystemTarget implements Target {
  /** How often somebody else may be faster within one attempt. */
  private static final int MOST_RACES = 3;

  private final String name;
  private final FlagSystem system;

  /**
   * @param name in the server configuration
   */
  public FlagSystemTarget(String name, FlagSystem system) {
    this.name = name;
    this.system = system;
  }

  @Override
  public Future<Result> deliver(Message message) {
    Optional<FlagOrder> order = FlagOrder.of(message);
    if (order.isEmpty()) {
      return later("The message to " + name + " holds no order that can be read.");
    }
    if (order.get().disable()) {
      return turnOff(order.get());
    }
    return order.get().lowers() ? lower(order.get(), 1) : raise(order.get(), 1);
  }

  private Future<Result> raise(FlagOrder order, int attempt) {
    return system
        .read(order.flag())
        .compose(
            reading ->
                switch (reading) {
                  case Reading.Unread unread -> result(unread.trouble());
                  case Reading.Seen seen -> raise(order, seen, attempt);
                });
  }

  private Future<Result> raise(FlagOrder order, Reading.Seen seen, int attempt) {
    if (!seen.whole()) {
      return later(String.join(" ", seen.oddities()));
    }
    if (system.granularity().same(seen.exposure(), order.to())) {
      return Future.succeededFuture(new Result.Ok());
    }
    if (!system.granularity().same(seen.exposure(), order.from())) {
      return system.lastChange(order.flag()).compose(who -> later(moved(order, seen, who)));
    }
    return system
        .set(order.flag(), seen, order.to(), order.note())
        .compose(
            written ->
                switch (written) {
                  case Written.Done done -> readBack(order);
                  case Written.NotDone not -> result(not.trouble());
                  case Written.Overtaken o ->
                      attempt < MOST_RACES ? raise(order, attempt + 1) : later(races(order));
                });
  }

  private String moved(FlagOrder order, Reading.Seen seen, Optional<String> who) {
    return "Flag %s of %s stands at %s where this rollout left it at %s: somebody else moved it%s. It is not raised from there: set it back to %s, or roll back."
        .formatted(
            order.flag().key(),
            name,
            seen.exposure(),
            order.from(),
            who.map(w -> " (" + w + ")").orElse(""),
            order.from());
  }

  private String races(FlagOrder order) {
    return "Flag %s of %s was changed by somebody else each time it was about to be written."
        .formatted(order.flag().key(), name);
  }

  private Future<Result> lower(FlagOrder order, int attempt) {
    return system
        .read(order.flag())
        .compose(
            reading ->
                switch (reading) {
                  case Reading.Unread unread -> lowerBlindly(order, unread.trouble());
                  case Reading.Seen seen -> lower(order, seen, attempt);
                });
  }

  private Future<Result> lower(FlagOrder order, Reading.Seen seen, int attempt) {
    if (lowEnough(order, seen)) {
      return Future.succeededFuture(new Result.Ok());
    }
    return system
        .set(order.flag(), seen, order.to(), order.note())
        .compose(
            written ->
                switch (written) {
                  case Written.Done done -> readBack(order);
                  case Written.NotDone not -> lowerBlindly(order, not.trouble());
                  case Written.Overtaken o ->
                      attempt < MOST_RACES
                          ? lower(order, attempt + 1)
                          : lowerBlindly(order, Trouble.of(Trouble.Kind.UNAVAILABLE, races(order)));
                });
  }

  private boolean lowEnough(FlagOrder order, Reading.Seen seen) {
    return seen.exposure().compareTo(order.to()) <= 0
        || system.granularity().same(seen.exposure(), order.to());
  }

  /** The flag cannot be read or set; where nobody is to be left on the canary it can be off. */
  private Future<Result> lowerBlindly(FlagOrder order, Trouble trouble) {
    return order.to().percent() == 0 ? turnOff(order) : result(trouble);
  }

  private Future<Result> turnOff(FlagOrder order) {
    return system
        .kill(order.flag(), order.note())
        .compose(
            written ->
                switch (written) {
                  case Written.Done done -> readBack(order);
                  case Written.NotDone not -> notTurnedOff(order, not.trouble());
                  case Written.Overtaken o -> later(races(order));
                });
  }

  /** Who may not turn the flag off may perhaps still set it to nobody. */
  private Future<Result> notTurnedOff(FlagOrder order, Trouble trouble) {
    boolean another =
        order.disable()
            && switch (trouble.kind()) {
              case DENIED, UNFIT, ASKS -> true;
              case UNAVAILABLE, BUSY, MISSING, GONE -> false;
            };
    return another ? lower(order.toNobody(), 1) : result(trouble);
  }

  /** Accepted is not done: only what is read back counts. */
  private Future<Result> readBack(FlagOrder order) {
    return system
        .read(order.flag())
        .compose(
            reading ->
                switch (reading) {
                  case Reading.Unread unread ->
                      result(
                          new Trouble(
                              unread.trouble().kind(),
                              "It was accepted but cannot be read back. "
                                  + unread.trouble().sentence(),
                              unread.trouble().after()));
                  case Reading.Seen seen -> obeyed(order, seen);
                });
  }

  private Future<Result> obeyed(FlagOrder order, Reading.Seen seen) {
    boolean there =
        order.lowers()
            ? lowEnough(order, seen)
            : seen.whole() && system.granularity().same(seen.exposure(), order.to());
    return there
        ? Future.succeededFuture(new Result.Ok())
        : later(
            "%s accepted %s for flag %s, but it reads %s. %s"
                .formatted(
                    name,
                    order.to(),
                    order.flag().key(),
                    seen.exposure(),
                    String.join(" ", seen.oddities()))
                .strip());
  }

  private static Future<Result> later(String detail) {
    return Future.succeededFuture(new Result.Retry(detail, Optional.empty()));
  }

  private static Future<Result> result(Trouble trouble) {
    return Future.succeededFuture(
        switch (trouble.kind()) {
          case ASKS -> new Result.Asks(trouble.sentence());
          case GONE -> new Result.Gone(trouble.sentence());
          case BUSY, UNAVAILABLE, DENIED, MISSING, UNFIT ->
              new Result.Retry(trouble.sentence(), trouble.after());
        });
  }
}
