package dev.sluice.demo;

import io.vertx.core.Vertx;
import io.vertx.core.http.PoolOptions;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;

/**
 * The users: each request is a checkout of one of them, drawn at random, over real HTTP. They come
 * whether or not the shop keeps up, at random moments around a given rate; what would pile up is
 * turned away.
 */
final class Crowd implements AutoCloseable {
  private static final long TICK_MILLIS = 10;
  private static final int MOST_UNDER_WAY = 400;
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final Vertx vertx;
  private final WebClient client;
  private final int port;
  private final double perTick;
  private final int users;
  private final RandomGenerator random;
  private final AtomicLong answered = new AtomicLong();
  private final AtomicInteger underWay = new AtomicInteger();
  private volatile long timer = -1;

  /**
   * @param port of the shop
   * @param perSecond requests a second, up to 1000
   * @param users how many different ones there are
   * @param random used on the crowd's own thread only
   */
  Crowd(Vertx vertx, int port, double perSecond, int users, RandomGenerator random) {
    if (!(perSecond > 0 && perSecond <= 1000)) {
      throw new IllegalArgumentException("0 to 1000 requests a second, not " + perSecond);
    }
    this.vertx = vertx;
    this.port = port;
    this.perTick = perSecond * TICK_MILLIS / 1000;
    this.users = users;
    this.random = random;
    client =
        WebClient.create(
            vertx,
            new WebClientOptions().setConnectTimeout(5000),
            new PoolOptions().setHttp1MaxSize(64));
  }

  void come() {
    timer = vertx.setPeriodic(TICK_MILLIS, tick -> arrive());
  }

  /** Requests that were answered, however badly. */
  long answered() {
    return answered.get();
  }

  private void arrive() {
    for (int i = arrivals(); i > 0 && underWay.get() < MOST_UNDER_WAY; i--) {
      underWay.incrementAndGet();
      client
          .post(port, Loopback.HOST, "/checkout")
          .putHeader("X-User", "user-" + random.nextInt(users))
          .timeout(TimeUnit.SECONDS.toMillis(10))
          .send()
          .onSuccess(response -> answered.incrementAndGet())
          .onComplete(done -> underWay.decrementAndGet());
    }
  }

  /** A Poisson number, by multiplying uniform ones (Knuth): the mean is small. */
  private int arrivals() {
    double limit = Math.exp(-perTick);
    double product = random.nextDouble();
    int count = 0;
    while (product > limit) {
      product *= random.nextDouble();
      count++;
    }
    return count;
  }

  /** Nobody comes any more; those who wait for their answer get it. */
  @Override
  public void close() {
    vertx.cancelTimer(timer);
    long limit = System.nanoTime() + PATIENCE.toNanos();
    while (underWay.get() > 0 && System.nanoTime() < limit) {
      LockSupport.parkNanos(TICK_MILLIS * 1_000_000);
    }
    client.close();
  }
}
