package dev.sluice.service.http;

import dev.sluice.gates.rollout.RolloutId;
import dev.sluice.service.store.RolloutStore;
import dev.sluice.service.store.RolloutStore.Recorded;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * What happens to one rollout, for everybody who watches it: read once and written down once,
 * however many there are. The newest messages are kept at hand; who is further behind is served
 * from the store, a page at a time and as fast as they take it, so the store is the only buffer.
 */
final class Feed {
  private static final int AT_HAND = 32;
  private static final int PAGE = 50;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final RolloutId id;
  private final RolloutStore store;
  private final Waiters waiters;
  private final List<Watcher> watchers = new ArrayList<>();
  private final Deque<Message> atHand = new ArrayDeque<>();
  private final Promise<Void> left = Promise.promise();
  private long version;
  private boolean ended;

  /** One message with the version it leads to. */
  record Message(long version, Buffer text) {}

  /**
   * @param version up to which nothing is news
   * @param ended whether nothing will follow it
   */
  Feed(RolloutId id, long version, boolean ended, RolloutStore store, Waiters waiters) {
    this.id = id;
    this.version = version;
    this.ended = ended;
    this.store = store;
    this.waiters = waiters;
  }

  synchronized void join(Watcher watcher) {
    watchers.add(watcher);
  }

  /** Whether nobody is left. */
  synchronized boolean leave(Watcher watcher) {
    watchers.remove(watcher);
    if (watchers.isEmpty()) {
      left.tryComplete();
    }
    return watchers.isEmpty();
  }

  synchronized List<Watcher> watchers() {
    return List.copyOf(watchers);
  }

  synchronized boolean reached(long position) {
    return position >= version;
  }

  synchronized boolean ended() {
    return ended;
  }

  /**
   * What follows a position: from what is at hand, else a page from the store. Empty where nothing
   * does.
   */
  Future<List<Message>> after(long position) {
    synchronized (this) {
      if (position >= version) {
        return Future.succeededFuture(List.of());
      }
      if (!atHand.isEmpty() && atHand.getFirst().version() <= position + 1) {
        return Future.succeededFuture(atHand.stream().filter(m -> m.version() > position).toList());
      }
    }
    return store.events(id, position, PAGE).map(Feed::messages);
  }

  private static List<Message> messages(List<Recorded> page) {
    return page.stream().map(r -> new Message(r.version(), Messages.of(r))).toList();
  }

  /** Waits for news as long as somebody watches. */
  void follow() {
    if (ended()) {
      return;
    }
    waiters
        .news(id, seen(), PATIENCE, left.future())
        .compose(v -> store.load(id))
        .compose(
            found ->
                store
                    .events(id, seen(), PAGE)
                    .onSuccess(
                        page -> grow(page, found.map(s -> s.rollout().ended()).orElse(true))))
        .onComplete(done -> goOn(done.failed()));
  }

  private synchronized long seen() {
    return version;
  }

  private void grow(List<Recorded> page, boolean over) {
    synchronized (this) {
      for (Message message : messages(page)) {
        atHand.addLast(message);
        version = message.version();
      }
      while (atHand.size() > AT_HAND) {
        atHand.removeFirst();
      }
      ended = over && page.size() < PAGE;
    }
    watchers().forEach(Watcher::pump);
  }

  private void goOn(boolean failed) {
    if (left.future().isComplete()) {
      return;
    }
    if (failed || waiters.full()) {
      // What cannot be read now, or not be waited for, is looked for again a little later.
      waiters.later(this::follow);
    } else {
      follow();
    }
  }
}
