package dev.sluice.service.http;

import dev.sluice.gates.rollout.Rollout;
import dev.sluice.gates.rollout.RolloutId;
import dev.sluice.service.store.RolloutStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Everybody who watches a rollout over a connection of their own. */
final class Watchers {
  private final Vertx vertx;
  private final RolloutStore store;
  private final Waiters waiters;
  private final Limits limits;
  private final Map<RolloutId, Feed> feeds = new HashMap<>();
  private int number;
  private Optional<Long> beats = Optional.empty();
  private boolean closed;

  Watchers(Vertx vertx, RolloutStore store, Waiters waiters, Limits limits) {
    this.vertx = vertx;
    this.store = store;
    this.waiters = waiters;
    this.limits = limits;
  }

  /** Whether one more may watch. */
  synchronized boolean full() {
    return closed || number >= limits.watchers();
  }

  synchronized int number() {
    return number;
  }

  /**
   * Tells a client everything from a version on, until it goes away, the rollout has ended or the
   * server stops.
   *
   * @param seen the version the client has seen
   * @param gone completes when it has gone away
   */
  void watch(Rollout rollout, long seen, HttpServerResponse response, Future<Void> gone) {
    RolloutId id = rollout.id();
    Watcher watcher;
    synchronized (this) {
      if (full()) {
        response.end();
        return;
      }
      Feed feed = feeds.get(id);
      boolean first = feed == null;
      if (feed == null) {
        feed = new Feed(id, rollout.version(), rollout.ended(), store, waiters);
        feeds.put(id, feed);
      }
      watcher = new Watcher(vertx.getOrCreateContext(), response, feed, seen);
      feed.join(watcher);
      number++;
      if (beats.isEmpty()) {
        beats = Optional.of(vertx.setPeriodic(limits.beat().toMillis(), t -> beat()));
      }
      if (first) {
        feed.follow();
      }
    }
    gone.onComplete(v -> leave(id, watcher));
    watcher.begin();
  }

  private synchronized void leave(RolloutId id, Watcher watcher) {
    Feed feed = feeds.get(id);
    if (feed == null || !feed.watchers().contains(watcher)) {
      return;
    }
    number--;
    if (feed.leave(watcher)) {
      feeds.remove(id);
    }
    if (feeds.isEmpty()) {
      beats.ifPresent(vertx::cancelTimer);
      beats = Optional.empty();
    }
  }

  private synchronized List<Watcher> all() {
    List<Watcher> all = new ArrayList<>();
    feeds.values().forEach(f -> all.addAll(f.watchers()));
    return all;
  }

  private void beat() {
    all().forEach(Watcher::beat);
  }

  /** The server stops: clients come back to the next one, with the version they have seen. */
  void close() {
    synchronized (this) {
      closed = true;
    }
    all().forEach(w -> w.end(Buffer.buffer()));
  }
}
