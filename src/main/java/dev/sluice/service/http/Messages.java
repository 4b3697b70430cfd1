package dev.sluice.service.http;

import dev.sluice.service.store.RolloutStore.Recorded;
import io.vertx.core.buffer.Buffer;

/**
 * Server-sent events, as the HTML standard writes them. An event of a rollout has its version as
 * its id, so a client that comes back names the last one it has seen and misses nothing.
 *
 * <p>The heartbeat is a message and no comment: a page cannot see comments, and silence is what it
 * has to notice.
 */
final class Messages {
  static final String TYPE = "text/event-stream";

  /** How soon a client comes back after its connection has broken. */
  static final Buffer GREETING = Buffer.buffer("retry: 2000\n\n");

  static final Buffer BEAT = Buffer.buffer("event: beat\ndata: {}\n\n");

  /** Nothing will follow, and there is no need to come back. */
  static final Buffer ENDED = Buffer.buffer("event: ended\ndata: {}\n\n");

  private Messages() {}

  static Buffer of(Recorded recorded) {
    // One line: what JSON writes has no line breaks.
    Buffer data = ApiJson.write(RolloutsApi.event(recorded));
    return Buffer.buffer("id: " + recorded.version() + "\nevent: rollout\ndata: ")
        .appendBuffer(data)
        .appendString("\n\n");
  }
}
