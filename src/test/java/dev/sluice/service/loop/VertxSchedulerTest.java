package dev.sluice.service.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class VertxSchedulerTest {
  private final Vertx vertx = Vertx.vertx();
  private final VertxScheduler scheduler = VertxScheduler.on(vertx);

  @AfterEach
  void close() throws Exception {
    await(vertx.close());
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  private Future<Context> contextOf(Duration delay) {
    Promise<Context> promise = Promise.promise();
    scheduler.after(delay, () -> promise.complete(Vertx.currentContext()));
    return promise.future();
  }

  @Test
  void allWorkRunsOnOneContextWhoeverAsksForIt() throws Exception {
    Context home = await(contextOf(Duration.ZERO));
    assertSame(home, await(contextOf(Duration.ofMillis(1))));
    assertSame(home, await(contextOf(Duration.ofMillis(-5))));
    Promise<Context> fromElsewhere = Promise.promise();
    vertx
        .getOrCreateContext()
        .runOnContext(n -> contextOf(Duration.ofMillis(1)).onComplete(fromElsewhere));
    assertSame(home, await(fromElsewhere.future()));
    Promise<Context> fromHome = Promise.promise();
    scheduler.after(Duration.ZERO, () -> contextOf(Duration.ofMillis(1)).onComplete(fromHome));
    assertSame(home, await(fromHome.future()));
  }

  @Test
  void whatIsDueNowIsNotDoneWithinTheCall() throws Exception {
    List<String> order = new ArrayList<>();
    Promise<List<String>> done = Promise.promise();
    scheduler.after(
        Duration.ZERO,
        () -> {
          scheduler.after(
              Duration.ZERO,
              () -> {
                order.add("inner");
                done.complete(order);
              });
          order.add("outer");
        });
    assertEquals(List.of("outer", "inner"), await(done.future()));
  }

  @Test
  void aTimerThatIsCalledOffDoesNotRun() throws Exception {
    boolean[] ran = new boolean[1];
    Promise<Void> later = Promise.promise();
    scheduler.after(
        Duration.ZERO,
        () -> {
          scheduler.after(Duration.ofMillis(1), () -> ran[0] = true).cancel();
          scheduler.after(Duration.ofMillis(20), later::complete);
        });
    Scheduler.Timer fromOutside = scheduler.after(Duration.ofMillis(5), () -> ran[0] = true);
    fromOutside.cancel();
    await(later.future());
    assertFalse(ran[0]);
  }

  @Test
  void theLoopAnswersWhereItWasAsked() throws Exception {
    Home home = new Home(scheduler);
    Promise<List<Context>> seen = Promise.promise();
    Context caller = vertx.getOrCreateContext();
    caller.runOnContext(
        n ->
            home.run(() -> Future.succeededFuture(Vertx.currentContext()))
                .onSuccess(at -> seen.complete(List.of(at, Vertx.currentContext()))));

    List<Context> contexts = await(seen.future());

    assertSame(await(contextOf(Duration.ZERO)), contexts.getFirst());
    assertSame(caller, contexts.getLast());
  }
}
