package dev.sluice.service.loop;

import dev.sluice.gates.rollout.Rollout;
import dev.sluice.gates.rollout.RolloutId;
import dev.sluice.service.store.LookTrace;
import dev.sluice.service.store.RolloutStore;
import dev.sluice.service.store.Run;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Passes everything on; what goes wrong on the way is up to its children. */
class StoreInBetween implements RolloutStore {
  private final RolloutStore store;

  StoreInBetween(RolloutStore store) {
    this.store = store;
  }

  @Override
  public Future<Void> commit(Commit commit) {
    return store.commit(commit);
  }

  @Override
  public Future<Long> newest() {
    return store.newest();
  }

  @Override
  public Future<Optional<Stored>> load(RolloutId id) {
    return store.load(id);
  }

  @Override
  public Future<List<Rollout>> list(int limit) {
    return store.list(limit);
  }

  @Override
  public Future<Optional<Rollout>> latestOf(String planName) {
    return store.latestOf(planName);
  }

  @Override
  public Future<List<RolloutId>> live() {
    return store.live();
  }

  @Override
  public Future<List<Recorded>> events(RolloutId id, long after, int limit) {
    return store.events(id, after, limit);
  }

  @Override
  public Future<List<LookTrace>> traces(RolloutId id, long after, int limit) {
    return store.traces(id, after, limit);
  }

  @Override
  public Future<List<Pending>> due(Instant now, int limit) {
    return store.due(now, limit);
  }

  @Override
  public Future<Void> record(long row, Attempt attempt) {
    return store.record(row, attempt);
  }

  @Override
  public Future<List<Delivery>> deliveries(RolloutId id, int limit) {
    return store.deliveries(id, limit);
  }

  @Override
  public Future<List<Audited>> audit(long after, int limit) {
    return store.audit(after, limit);
  }

  @Override
  public Future<List<Rollout>> listBefore(RolloutId id, int limit) {
    return store.listBefore(id, limit);
  }

  @Override
  public Future<List<Delivery>> deliveriesBefore(RolloutId id, String messageId, int limit) {
    return store.deliveriesBefore(id, messageId, limit);
  }

  @Override
  public Future<Boolean> replacePlan(PlanText plan, Optional<String> newest) {
    return store.replacePlan(plan, newest);
  }

  @Override
  public Future<List<Revision>> revisions(String name, long before, int limit) {
    return store.revisions(name, before, limit);
  }

  @Override
  public Future<List<PlanText>> plansAfter(String name, int limit) {
    return store.plansAfter(name, limit);
  }

  @Override
  public Future<Optional<StartRequest>> takeKey(StartRequest request, Instant oldest, int most) {
    return store.takeKey(request, oldest, most);
  }

  @Override
  public Future<Void> noteStarted(StartRequest request) {
    return store.noteStarted(request);
  }

  @Override
  public Future<Void> giveKeyBack(StartRequest request) {
    return store.giveKeyBack(request);
  }

  @Override
  public Future<Void> putPlan(PlanText plan) {
    return store.putPlan(plan);
  }

  @Override
  public Future<Optional<PlanText>> plan(String name) {
    return store.plan(name);
  }

  @Override
  public Future<List<PlanText>> plans() {
    return store.plans();
  }

  @Override
  public Future<Void> probe() {
    return store.probe();
  }

  @Override
  public Future<Void> close() {
    return store.close();
  }

  @Override
  public Future<Optional<Run>> run(Run.Key key) {
    return store.run(key);
  }

  @Override
  public Future<Optional<Run>> runOf(RolloutId rollout) {
    return store.runOf(rollout);
  }

  @Override
  public Future<Boolean> putRun(Run run) {
    return store.putRun(run);
  }

  @Override
  public Future<List<Run>> openRuns(int limit) {
    return store.openRuns(limit);
  }
}
