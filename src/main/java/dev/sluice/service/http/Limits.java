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
 */
public record Limits(
    int bodyBytes,
    Duration bodyDeadline,
    Duration idle,
    Duration longestWait,
    int waiters,
    int connections,
    Duration drain,
    Duration lastRequests) {

  /** What the server runs with. */
  public static Limits defaults() {
    return new Limits(
        1 << 20,
        Duration.ofSeconds(10),
        Duration.ofSeconds(90),
        Duration.ofSeconds(60),
        200,
        1000,
        Duration.ofSeconds(3),
        Duration.ofSeconds(10));
  }
}
