package dev.sluice.service.http;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How often somebody may ask: so many requests a second, with some seconds' worth at once.
 *
 * <p>What controllers ask, and what gets people out of trouble, is never counted. A controller
 * takes a refusal for a failed check of the canary, so a limit there would roll back healthy
 * versions. Used on the server's event loop only.
 */
final class RateLimits {
  private static final int SECONDS_AT_ONCE = 4;
  private static final int MOST = 10_000;

  private final int perSecond;
  private final Map<String, Bucket> buckets = new LinkedHashMap<>(64, 0.75f, true);

  private record Bucket(double left, Instant at) {}

  /**
   * @param remaining how many more may follow at once
   * @param pause until the next one may come; zero where this one may
   */
  record Turn(int limit, long remaining, Duration pause) {
    boolean granted() {
      return pause.isZero();
    }
  }

  /**
   * @param perSecond of one caller; 0 is no limit
   */
  RateLimits(int perSecond) {
    this.perSecond = perSecond;
  }

  /** Whether requests to this address are counted. */
  boolean counts(Endpoint endpoint) {
    String path = endpoint.path();
    return perSecond > 0
        && (path.startsWith("/api/v1/") || path.startsWith("/session"))
        && !path.endsWith("rollback")
        && !path.endsWith("abort");
  }

  /** One more request of this caller. */
  Turn take(String who, Instant now) {
    double most = (double) perSecond * SECONDS_AT_ONCE;
    Bucket before = buckets.getOrDefault(who, new Bucket(most, now));
    double since = Duration.between(before.at(), now).toNanos() / 1e9;
    double left = Math.min(most, before.left() + Math.max(0, since) * perSecond);
    boolean granted = left >= 1;
    buckets.put(who, new Bucket(granted ? left - 1 : left, now));
    if (buckets.size() > MOST) {
      buckets.remove(buckets.keySet().iterator().next());
    }
    Duration wait =
        granted ? Duration.ZERO : Duration.ofNanos((long) ((1 - left) / perSecond * 1e9) + 1);
    return new Turn(perSecond, (long) Math.floor(granted ? left - 1 : left), wait);
  }

  int known() {
    return buckets.size();
  }
}
