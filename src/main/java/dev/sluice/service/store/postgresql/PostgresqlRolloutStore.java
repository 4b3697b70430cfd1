package dev.sluice.service.store.postgresql;

import dev.sluice.gates.rollout.Rollout;
import dev.sluice.gates.rollout.RolloutId;
import dev.sluice.service.store.Leases;
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
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The store in one schema of a PostgreSQL database, shared by any number of replicas.
 *
 * <p>Transactions are READ COMMITTED. That is enough because each decision stands on one row: the
 * update of the rollout names the version that was read, waits for whoever holds the row, and then
 * finds the version changed. Whoever may write only as the owner locks the lease's row first.
 */
final class PostgresqlRolloutStore implements RolloutStore {
  private final Lines lines;
  private final Membership membership;
  private final AtomicBoolean closed = new AtomicBoolean();

  PostgresqlRolloutStore(Lines lines, Membership membership) {
    this.lines = lines;
    this.membership = membership;
  }

  @Override
  public Future<Void> commit(Commit commit) {
    return change(db -> write(db, commit));
  }

  @Override
  public Future<Void> commitAsOwner(Commit commit) {
    return change(
        db -> {
          membership.check(db, commit);
          write(db, commit);
        });
  }

  private void write(Session db, Commit commit) throws SQLException {
    RolloutRows.write(db, commit);
    TraceRows.write(db, commit);
    if (commit.expectedVersion() == 0) {
      membership.begun(db, commit.after().id());
    }
    OutboxRows.write(db, commit);
    AuditRows.append(db, commit);
  }

  @Override
  public Optional<Leases> leases() {
    return Optional.of(membership);
  }

  @Override
  public Future<Long> newest() {
    return lines.transaction(RolloutRows::newest);
  }

  @Override
  public Future<Optional<Stored>> load(RolloutId id) {
    return lines.transaction(db -> RolloutRows.load(db, id));
  }

  @Override
  public Future<List<Rollout>> list(int limit) {
    return lines.transaction(db -> RolloutRows.list(db, limit));
  }

  @Override
  public Future<List<Rollout>> listBefore(RolloutId id, int limit) {
    return lines.transaction(db -> RolloutRows.listBefore(db, id, limit));
  }

  @Override
  public Future<Optional<Rollout>> latestOf(String planName) {
    return lines.transaction(db -> RolloutRows.latestOf(db, planName));
  }

  @Override
  public Future<List<RolloutId>> live() {
    return lines.transaction(RolloutRows::live);
  }

  @Override
  public Future<List<Recorded>> events(RolloutId id, long after, int limit) {
    return lines.transaction(db -> RolloutRows.events(db, id, after, limit));
  }

  @Override
  public Future<List<LookTrace>> traces(RolloutId id, long after, int limit) {
    return lines.transaction(db -> TraceRows.read(db, id, after, limit));
  }

  @Override
  public Future<List<Pending>> due(Instant now, int perTarget) {
    return lines.transaction(db -> OutboxRows.dueOf(db, membership.replica(), now, perTarget));
  }

  /** That it arrived is a fact whoever says it; the rest is said by whoever tries next. */
  @Override
  public Future<Void> record(long row, Attempt attempt) {
    return change(
        db -> {
          Optional<RolloutId> of = OutboxRows.rolloutOf(db, row);
          boolean told = attempt instanceof Attempt.Delivered || of.isEmpty();
          if (told || membership.holds(db, of.get())) {
            OutboxRows.record(db, row, attempt);
          }
        });
  }

  @Override
  public Future<List<Delivery>> deliveries(RolloutId id, int limit) {
    return lines.transaction(db -> OutboxRows.deliveries(db, id, limit));
  }

  @Override
  public Future<List<Delivery>> deliveriesBefore(RolloutId id, String messageId, int limit) {
    return lines.transaction(db -> OutboxRows.deliveriesBefore(db, id, messageId, limit));
  }

  @Override
  public Future<List<Audited>> audit(long after, int limit) {
    return lines.transaction(db -> AuditRows.audited(db, after, limit));
  }

  @Override
  public Future<Void> putPlan(PlanText plan) {
    return change(db -> PlanRows.put(db, plan));
  }

  @Override
  public Future<Boolean> replacePlan(PlanText plan, Optional<String> newest) {
    return lines.transaction(db -> PlanRows.replace(db, plan, newest));
  }

  @Override
  public Future<List<Revision>> revisions(String name, long before, int limit) {
    return lines.transaction(db -> PlanRows.revisions(db, name, before, limit));
  }

  @Override
  public Future<List<PlanText>> plansAfter(String name, int limit) {
    return lines.transaction(db -> PlanRows.after(db, name, limit));
  }

  @Override
  public Future<Optional<StartRequest>> takeKey(StartRequest request, Instant oldest, int most) {
    return lines.transaction(db -> RequestRows.take(db, request, oldest, most));
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
    return lines.transaction(db -> PlanRows.newest(db, name));
  }

  @Override
  public Future<List<PlanText>> plans() {
    return lines.transaction(PlanRows::all);
  }

  @Override
  public Future<Optional<Run>> run(Run.Key key) {
    return lines.transaction(db -> RunRows.find(db, key));
  }

  @Override
  public Future<Optional<Run>> runOf(RolloutId rollout) {
    return lines.transaction(db -> RunRows.of(db, rollout));
  }

  @Override
  public Future<Boolean> putRun(Run run) {
    return lines.transaction(db -> RunRows.put(db, run));
  }

  @Override
  public Future<List<Run>> openRuns(int limit) {
    return lines.transaction(db -> RunRows.open(db, limit));
  }

  @Override
  public Future<Void> probe() {
    return change(db -> db.update("UPDATE probe SET count = count + 1"));
  }

  /**
   * Gives back what this replica looks after, lets what was asked before end, and closes. When the
   * server cannot be reached any more the others find out by themselves.
   */
  @Override
  public Future<Void> close() {
    return closed.compareAndSet(false, true)
        ? membership.leave().transform(left -> lines.close())
        : Future.succeededFuture();
  }

  private Future<Void> change(Session.Change change) {
    return lines
        .transaction(
            db -> {
              change.in(db);
              return true;
            })
        .mapEmpty();
  }
}
