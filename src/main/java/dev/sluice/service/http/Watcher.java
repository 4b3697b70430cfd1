package dev.sluice.service.http;

import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;

/**
 * One connection that is told what happens. It is written to only while it takes what it is given:
 * a client that has fallen asleep costs one full socket buffer, and gets what it missed when it
 * reads on. Everything here runs on the connection's own context, one thing after the other.
 */
final class Watcher {
  private final Context context;
  private final HttpServerResponse response;
  private final Feed feed;
  private long position;
  private boolean reading;
  private boolean again;

  /**
   * @param context the connection's
   * @param position the version the client has seen
   */
  Watcher(Context context, HttpServerResponse response, Feed feed, long position) {
    this.context = context;
    this.response = response;
    this.feed = feed;
    this.position = position;
  }

  void begin() {
    context.runOnContext(
        v -> {
          if (open()) {
            response.drainHandler(d -> more());
            response.write(Messages.GREETING);
            more();
          }
        });
  }

  /** There is news. */
  void pump() {
    context.runOnContext(v -> more());
  }

  /** A sign of life; who does not read needs none. */
  void beat() {
    context.runOnContext(
        v -> {
          if (takes()) {
            response.write(Messages.BEAT);
            more();
          }
        });
  }

  void end(Buffer last) {
    context.runOnContext(
        v -> {
          if (open()) {
            response.end(last);
          }
        });
  }

  private boolean open() {
    return !response.ended() && !response.closed();
  }

  private boolean takes() {
    return open() && !response.writeQueueFull();
  }

  /** Writes what is new, if the client takes it and nothing is being read already. */
  private void more() {
    if (reading) {
      again = true;
    } else if (takes()) {
      reading = true;
      feed.after(position)
          .onComplete(
              done ->
                  context.runOnContext(v -> write(done.succeeded() ? done.result() : List.of())));
    }
  }

  private void write(List<Feed.Message> messages) {
    reading = false;
    if (!open()) {
      return;
    }
    Buffer text = Buffer.buffer();
    for (Feed.Message message : messages) {
      if (message.version() > position) {
        text.appendBuffer(message.text());
        position = message.version();
      }
    }
    if (text.length() > 0) {
      response.write(text);
    }
    boolean more = again || text.length() > 0;
    again = false;
    if (more) {
      more();
    } else if (feed.ended() && feed.reached(position)) {
      response.end(Messages.ENDED);
    }
  }
}
