package dev.sluice.service.store.sqlite;

import dev.sluice.gates.rollout.Rollout;
import dev.sluice.gates.rollout.RolloutId;
import dev.sluice.service.store.LookTrace;
import dev.sluice.service.store.RolloutStore;
import dev.sluice.service.store.Run;
import dev.sluice.service.store.sql.AuditRows;
import dev.sluice.service.store.sql.OutboxRows;
import dev.sluice.service.store.sql.PlanRows;
import dev.sluice.service.store.sql.RequestRows;
import dev.sluice.service.store.sql.RolloutRows;
import dev.sluice.service.store.sql.RunRows;
import dev.sluice.service.store.sql.Session;
import dev.sluice.service.store.sql.TraceRows;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The store in one SQLite file. All work is done in order by one worker thread, which owns the one
 * connection; callers get futures. A commit is one transaction and is on the disk when its future
 * succeeds.
 *
 * <p>Every call that fails says so with a {@link dev.sluice.service.store.StoreTrouble} where a
 * person can help; what failed can be tried again.
 */
public final class SqliteRolloutStore implements RolloutStore {
  private final WorkerExecutor worker;
  private final StoreLock lock;
  private final Database database;
  private final AtomicBoolean closed = new AtomicBoolean();

  SqliteRolloutStore(WorkerExecutor worker, StoreLock lock, Database database) {
    this.worker = worker;
    this.lock = lock;
    this.database = database;
  }

  @Override
  public Future<Void> commit(Commit commit) {
    return change(
        db -> {
          RolloutRows.write(db, commit);
          TraceRows.write(db, commit);
          OutboxRows.write(db, commit);
          AuditRows.append(db, commit);
        });
  }

  @Override
  public Future<Long> newest() {
    return read(RolloutRows::newest);
  }

  @Override
  public Future<Optional<Stored>> load(RolloutId id) {
    return read(db -> RolloutRows.load(db, id));
  }

  @Override
  public Future<List<Rollout>> list(int limit) {
    return read(db -> RolloutRows.list(db, limit));
  }

  @Override
  public Future<List<Rollout>> listBefore(RolloutId id, int limit) {
    return read(db -> RolloutRows.listBefore(db, id, limit));
  }

  @Override
  public Future<Optional<Rollout>> latestOf(String planName) {
    return read(db -> RolloutRows.latestOf(db, planName));
  }

  @Override
  public Future<List<RolloutId>> live() {
    return read(RolloutRows::live);
  }

  @Override
  public Future<List<Recorded>> events(RolloutId id, long after, int limit) {
    return read(db -> RolloutRows.events(db, id, after, limit));
  }

  @Override
  public Future<List<LookTrace>> traces(RolloutId id, long after, int limit) {
    return read(db -> TraceRows.read(db, id, after, limit));
  }

  @Override
  public Future<List<Pending>> due(Instant now, int perTarget) {
    return read(db -> OutboxRows.due(db, now, perTarget));
  }

  @Override
  public Future<Void> record(long row, Attempt attempt) {
    return change(db -> OutboxRows.record(db, row, attempt));
  }

  @Override
  public Future<List<Delivery>> deliveries(RolloutId id, int limit) {
    return read(db -> OutboxRows.deliveries(db, id, limit));
  }

  @Override
  public Future<List<Delivery>> deliveriesBefore(RolloutId id, String messageId, int limit) {
    return read(db -> OutboxRows.deliveriesBefore(db, id, messageId, limit));
  }

  @Override
  public Future<List<Audited>> audit(long after, int limit) {
    return read(db -> AuditRows.audited(db, after, limit));
  }

  @Override
  public Future<Void> putPlan(PlanText plan) {
    return change(db -> PlanRows.put(db, plan));
  }

  @Override
  public Future<Boolean> replacePlan(PlanText plan, Optional<String> newest) {
    return work(() -> database.write(db -> PlanRows.replace(db, plan, newest)));
  }

  @Override
  public Future<List<Revision>> revisions(String name, long before, int limit) {
    return read(db -> PlanRows.revisions(db, name, before, limit));
  }

  @Override
  public Future<List<PlanText>> plansAfter(String name, int limit) {
    return read(db -> PlanRows.after(db, name, limit));
  }

  @Override
  public Future<Optional<StartRequest>> takeKey(StartRequest request, Instant oldest, int most) {
    return work(() -> database.write(db -> RequestRows.take(db, request, oldest, most)));
  }

  @Override
  public Future<Void> noteStarted(StartRequest request) {
    return change(db -> RequestRows.started(db, request));
  }

  @Override
  public Future<Void> giveKeyBack(StartRequest request) {
    return change(db -> RequestRows.giveBack(db, request));
  }

  @Override
  public Future<Optional<PlanText>> plan(String name) {
    return read(db -> PlanRows.newest(db, name));
  }

  @Override
  public Future<List<PlanText>> plans() {
    return read(PlanRows::all);
  }

  @Override
  public Future<Optional<Run>> run(Run.Key key) {
    return read(db -> RunRows.find(db, key));
  }

  @Override
  public Future<Optional<Run>> runOf(RolloutId rollout) {
    return read(db -> RunRows.of(db, rollout));
  }

  @Override
  public Future<Boolean> putRun(Run run) {
    return work(() -> database.write(db -> RunRows.put(db, run)));
  }

  @Override
  public Future<List<Run>> openRuns(int limit) {
    return read(db -> RunRows.open(db, limit));
  }

  @Override
  public Future<Void> probe() {
    return work(
        () -> {
          database.checkThatTheFileIsStillThere();
          database.write(db -> db.update("UPDATE probe SET count = count + 1"));
          return null;
        });
  }

  /** Lets what was asked before end. Whatever is asked afterwards fails. */
  @Override
  public Future<Void> close() {
    if (!closed.compareAndSet(false, true)) {
      return Future.succeededFuture();
    }
    return SqliteRolloutStore.<Void>on(
            worker,
            () -> {
              try (lock) {
                database.close();
              }
              return null;
            })
        .eventually(worker::close);
  }

  private Future<Void> change(Session.Change change) {
    return work(() ->
            database.write(
                db -> {
                  change.in(db);
                  return true;
                }))
        .mapEmpty();
  }

  private <T> Future<T> read(Session.Work<T> work) {
    return work(() -> database.read(work));
  }

  /** Outside a transaction: for tests that set the engine up to fail. */
  <T> Future<T> running(Session.Work<T> work) {
    return work(() -> work.in(database.session()));
  }

  private <T> Future<T> work(Callable<T> work) {
    return closed.get() ? Future.failedFuture(database.troubles().closed()) : on(worker, work);
  }

  /**
   * Ordered by the worker itself, which has one thread: the order of calls is the order of work.
   */
  static <T> Future<T> on(WorkerExecutor worker, Callable<T> work) {
    return worker.executeBlocking(work, false);
  }
}
