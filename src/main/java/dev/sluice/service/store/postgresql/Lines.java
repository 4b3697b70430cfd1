package dev.sluice.service.store.postgresql;

import dev.sluice.service.store.sql.Session;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.sql.SQLException;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The connections, as many as there are worker threads: whoever has a thread has a connection. They
 * are opened when they are needed, and one that was lost is replaced without a word as long as that
 * cannot do anything twice: nothing is written before COMMIT is sent.
 */
final class Lines {
  /** Longer than the driver waits for an answer: whoever sees this warning has a stuck server. */
  private static final long SLOW_SECONDS = 30;

  private static final int ATTEMPTS = 3;
  private static final int MOST_WAITING = 10_000;

  private final Server server;
  private final Troubles troubles;
  private final String application;
  private final WorkerExecutor workers;
  private final Deque<Line> idle = new ConcurrentLinkedDeque<>();
  private final AtomicInteger waiting = new AtomicInteger();
  private final Promise<Void> drained = Promise.promise();
  private volatile boolean closed;

  /**
   * @param most connections at once
   */
  Lines(Vertx vertx, Server server, String application, int most) {
    this.server = server;
    this.troubles = new Troubles(server);
    this.application = application;
    this.workers =
        vertx.createSharedWorkerExecutor(
            "sluice-store-" + application, most, SLOW_SECONDS, TimeUnit.SECONDS);
  }

  Troubles troubles() {
    return troubles;
  }

  /** Does the work in one transaction, on a thread of its own. */
  <T> Future<T> transaction(Session.Work<T> work) {
    return queued(work, Line::transaction);
  }

  /** The same for work that may take minutes. */
  <T> Future<T> patiently(Session.Work<T> work) {
    return queued(work, Line::patiently);
  }

  private interface Way {
    <T> T go(Line line, Session.Work<T> work) throws SQLException;
  }

  private <T> Future<T> queued(Session.Work<T> work, Way way) {
    if (closed) {
      return Future.failedFuture(troubles.closed());
    }
    if (waiting.incrementAndGet() > MOST_WAITING) {
      return Future.failedFuture(troubles.overrun(waiting.decrementAndGet()));
    }
    return workers.executeBlocking(() -> now(work, way), false).andThen(result -> ended());
  }

  private void ended() {
    if (waiting.decrementAndGet() == 0 && closed) {
      drained.tryComplete();
    }
  }

  private <T> T now(Session.Work<T> work, Way way) {
    for (int attempt = 1; ; attempt++) {
      Optional<Line> line = Optional.empty();
      try {
        line = Optional.of(take());
        T result = way.go(line.get(), work);
        giveBack(line.get());
        return result;
      } catch (SQLException e) {
        Fate fate = fate(line, e);
        line.ifPresent(l -> afterFailure(l, e));
        if (fate == Fate.UNKNOWN) {
          throw troubles.unanswered(e);
        }
        if (fate == Fate.FINAL || attempt == ATTEMPTS) {
          throw troubles.of(e);
        }
      } catch (RuntimeException e) {
        line.ifPresent(this::giveBack);
        throw e;
      } catch (Error e) {
        // Out of memory, say: the connection must not be left open in the middle of a transaction.
        line.ifPresent(Line::close);
        throw e;
      }
    }
  }

  private enum Fate {
    /** Nothing was written, and asking once more may help. */
    AGAIN,
    FINAL,
    UNKNOWN
  }

  private static Fate fate(Optional<Line> line, SQLException e) {
    if (line.isEmpty()) {
      return Fate.FINAL;
    }
    if (line.get().failedInCommit() && Troubles.lost(e)) {
      return Fate.UNKNOWN;
    }
    boolean stale = Troubles.lost(e) && line.get().used();
    return stale || Troubles.passing(e) ? Fate.AGAIN : Fate.FINAL;
  }

  /** Where one connection was lost, those that lie idle are lost as well. */
  private void afterFailure(Line line, SQLException e) {
    if (Troubles.lost(e)) {
      line.close();
      closeIdle();
    } else {
      giveBack(line);
    }
  }

  private Line take() throws SQLException {
    Line line = idle.pollFirst();
    return line == null ? Line.open(server, application) : line;
  }

  private void giveBack(Line line) {
    if (closed || line.old()) {
      line.close();
    } else {
      idle.addFirst(line);
    }
  }

  private void closeIdle() {
    for (Line line = idle.pollFirst(); line != null; line = idle.pollFirst()) {
      line.close();
    }
  }

  /** Lets the work under way end; what is asked afterwards fails. */
  Future<Void> close() {
    closed = true;
    if (waiting.get() == 0) {
      drained.tryComplete();
    }
    return drained.future().compose(v -> workers.close()).andThen(result -> closeIdle());
  }
}
