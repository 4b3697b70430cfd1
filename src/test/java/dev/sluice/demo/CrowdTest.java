package dev.sluice.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CrowdTest {
  private static final int ENOUGH = 600;

  private final Vertx vertx = Vertx.vertx();
  private final Map<String, Set<String>> visits = new ConcurrentHashMap<>();
  private final CountDownLatch enough = new CountDownLatch(ENOUGH);

  @AfterEach
  void close() {
    vertx.close().await();
  }

  @Test
  void manyUsersComeAgainAndAgainAndEachAlwaysMeetsTheSameRelease() throws Exception {
    Shop shop =
        new Shop(
            vertx,
            List.of(Release.V1, Release.V2),
            this::versionOf,
            new SplittableRandom(1),
            InstantSource.system());
    int port = shop.open().await();

    Crowd crowd = new Crowd(vertx, port, 500, 50, new SplittableRandom(2));
    crowd.come();
    assertTrue(enough.await(30, TimeUnit.SECONDS), "the crowd does not come");
    crowd.close();

    assertEquals(50, visits.size());
    visits.forEach((user, versions) -> assertEquals(1, versions.size(), user));
    assertTrue(crowd.answered() >= ENOUGH, () -> crowd.answered() + " answered");
  }

  /** As a flag at 30 % would. */
  private String versionOf(String user) {
    String version = Math.floorMod(user.hashCode(), 10) < 3 ? "v2" : "v1";
    visits.computeIfAbsent(user, u -> ConcurrentHashMap.newKeySet()).add(version);
    enough.countDown();
    return version;
  }

  @Test
  void aRateThatTwoCoresCannotServeIsRefused() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new Crowd(vertx, 1, 5000, 50, new SplittableRandom(2)));
  }
}
