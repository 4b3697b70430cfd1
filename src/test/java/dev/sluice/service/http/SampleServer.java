package dev.sluice.service.http;

import dev.sluice.gates.plan.Step;
import dev.sluice.gates.rollout.Command;
import java.time.Duration;
import java.time.Instant;

/** Serves sample data until it is killed: to look at the pages. */
public final class SampleServer {
  /** The page to look at first. */
  public static final String ROLLOUT = "/rollouts/checkout-v2-20260302-a1";

  private SampleServer() {}

  public static void main(String[] args) throws InterruptedException {
    System.out.println("http://127.0.0.1:" + begin().port + ROLLOUT);
    Thread.currentThread().join();
  }

  /** With rollouts in several states. */
  public static TestServer begin() {
    TestServer server = new TestServer();
    Scenes scenes = server.scenes;
    scenes.narrowing("checkout-v2-20260302-a1", Scenes.plan("checkout-v2"));
    Instant now = server.clock.instant();
    server.clock.set(Scenes.START.minus(Duration.ofHours(7)));
    scenes.begun("search-20260302-b7", Scenes.plan("search"));
    scenes.confirmed("search-20260302-b7");
    scenes.looks("search-20260302-b7", 9, Scenes.well());
    scenes.looks("search-20260302-b7", 1, Scenes.harmful());
    scenes.confirmed("search-20260302-b7");
    server.clock.set(Scenes.START.plus(Duration.ofMinutes(2)));
    scenes.begun("basket-20260302-c3", Scenes.plan("basket", "77aa00", Step.OnRegression.HOLD));
    scenes.confirmed("basket-20260302-c3");
    scenes.looks("basket-20260302-c3", 4, Scenes.well());
    scenes.looks("basket-20260302-c3", 5, Scenes.blindOnLatency());
    scenes.begun("profile-20260302-d4", Scenes.plan("profile"));
    scenes.tell(
        "profile-20260302-d4",
        new Command.Pause(Scenes.ANNA, "<script>alert('x')</script>\n\"lunch\""));
    server.clock.set(now.plusSeconds(12));
    return server;
  }
}
