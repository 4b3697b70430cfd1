package dev.sluice.service.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;

/**
 * One connection that is told what happens. It is written to only while it takes what it is given:
 * a client that has fallen asleep costs one full socket buffer, and gets what it missed when it
 * reads on.
 */
final class Watcher {
  private final HttpServerResponse response;
  private final Feed feed;
  private long position;
  private boolean reading;
  private boolean again;

  /**
   * @param position the version the client has seen
   */
  Watcher(HttpServerResponse response, Feed feed, long position) {
    this.response = response;
    this.feed = feed;
    this.position = position;
  }

  void begin() {
    response.drainHandler(v -> pump());
    write(Messages.GREETING);
    pump();
  }

  /** Writes what is new, if the client takes it and nothing is being written already. */
  void pump() {
    synchronized (this) {
      if (reading) {
        again = true;
        return;
      }
      if (response.closed() || response.writeQueueFull()) {
        return;
      }
      reading = true;
    }
    feed.after(position())
        .onComplete(done -> written(done.succeeded() ? done.result() : List.of()));
  }

  private synchronized long position() {
    return position;
  }

  private void written(List<Feed.Message> messages) {
    boolean more;
    synchronized (this) {
      Buffer text = Buffer.buffer();
      for (Feed.Message message : messages) {
        if (message.version() > position) {
          text.appendBuffer(message.text());
          position = message.version();
        }
      }
      if (text.length() > 0) {
        write(text);
      }
      reading = false;
      more = again || !messages.isEmpty();
      again = false;
    }
    if (more) {
      pump();
    } else if (feed.ended() && feed.reached(position())) {
      end(Messages.ENDED);
    }
  }

  /** A sign of life; who does not read needs none. */
  void beat() {
    if (!response.closed() && !response.writeQueueFull()) {
      write(Messages.BEAT);
      pump();
    }
  }

  void end(Buffer last) {
    if (!response.closed() && !response.ended()) {
      response.end(last);
    }
  }

  private void write(Buffer text) {
    if (!response.closed() && !response.ended()) {
      response.write(text);
    }
  }
}
