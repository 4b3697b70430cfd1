package dev.sluice.service.outbox;

import dev.sluice.service.store.RolloutStore.Message;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** A target that answers as the test says, and remembers what came and when. */
final class ScriptedTarget implements Target {
  static final Future<Result> OK = Future.succeededFuture(new Result.Ok());

  private final InstantSource clock;
  private final List<Arrival> arrivals = new ArrayList<>();
  private Function<Message, Future<Result>> answer = message -> OK;

  record Arrival(Message message, Instant at) {}

  ScriptedTarget(InstantSource clock) {
    this.clock = clock;
  }

  static Future<Result> retry(String detail) {
    return Future.succeededFuture(new Result.Retry(detail, Optional.empty()));
  }

  ScriptedTarget answers(Function<Message, Future<Result>> how) {
    answer = how;
    return this;
  }

  /** Answers nothing until the test completes the promise, one for each message. */
  List<Promise<Result>> hangs() {
    List<Promise<Result>> open = new ArrayList<>();
    answers(
        message -> {
          Promise<Result> promise = Promise.promise();
          open.add(promise);
          return promise.future();
        });
    return open;
  }

  @Override
  public Future<Result> deliver(Message message) {
    arrivals.add(new Arrival(message, clock.instant()));
    return answer.apply(message);
  }

  List<String> ids() {
    return arrivals.stream().map(a -> a.message().id()).toList();
  }

  List<Arrival> arrivals() {
    return List.copyOf(arrivals);
  }
}
