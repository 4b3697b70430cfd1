package dev.sluice.service.http;

import java.time.Duration;

/**
 * What one client can cost this server.
 *
 * @param bodyBytes of one request
 * @param bodyDeadline by when a body must have arrived
 * @param idle after which a connection is closed on which nothing whole arrives or leaves: a header
 *     that drips in byte by byte is nothing whole; longer than longestWait
 * @param longestWait of a long poll
 * @param waiters how many long polls at once; one more is answered at once
 * @param connections how many at once; one more is closed at once
 * @param drain how long the server says "not ready" before it takes no more requests
 * @param lastRequests how long requests under way may take when it stops
 * @param watchers how many may follow rollouts over a connection of their own; one more is refused
 * @param beat how often such a connection gets a sign of life; shorter than idle
 */
public record Limits(
    int bodyBytes,
    Duration bodyDeadline,
    Duration idle,
    Duration longestWait,
    int waiters,
    int connections,
    Duration drain,
    Duration lastRequests,
    int watchers,
    Duration beat) {

  /** What the server runs with. */
  public static Limits defaults() {
    return new Limits(
        1 << 20,
        Duration.ofSeconds(10),
        Duration.ofSeconds(90),
        Duration.ofSeconds(60),
        200,
        3000,
        Duration.ofSeconds(3),
        Duration.ofSeconds(10),
        1000,
        Duration.ofSeconds(15));
  }
}
