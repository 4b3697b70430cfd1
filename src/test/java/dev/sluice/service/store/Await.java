package dev.sluice.service.store;

import io.vertx.core.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for a future on a test's own thread, and not for ever. */
public final class Await {
  private static final int SECONDS = 20;

  private Await() {}

  /** The result; a failure is thrown as it is. */
  public static <T> T await(Future<T> future) {
    try {
      return future.await(SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new IllegalStateException("nothing came within " + SECONDS + " s", e);
    }
  }
}
