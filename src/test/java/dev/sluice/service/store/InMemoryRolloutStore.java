package dev.sluice.service.store;

import dev.sluice.gates.rollout.Event;
import dev.sluice.gates.rollout.Rollout;
import dev.sluice.gates.rollout.RolloutId;
import dev.sluice.service.json.SluiceJson;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A store that forgets: passes the same contract as the real ones, at once and on the caller's
 * thread. {@link #breakWith} makes every write fail until {@link #repair}.
 */
public final class InMemoryRolloutStore implements RolloutStore {
  private final Map<RolloutId, Kept> rollouts = new LinkedHashMap<>();
  private final List<Outgoing> outbox = new ArrayList<>();
  private final List<Audited> audit = new ArrayList<>();
  private final Map<String, PlanText> plans = new TreeMap<>();
  private final Map<String, List<Revision>> revisions = new TreeMap<>();
  private final List<StartRequest> requests = new ArrayList<>();
  private final Map<Run.Key, Run> runs = new LinkedHashMap<>();
  private Optional<RuntimeException> broken = Optional.empty();

  private static final class Kept {
    private Rollout rollout;
    private Map<String, double[]> evidence = Map.of();
    private final List<Recorded> events = new ArrayList<>();
    private final List<LookTrace> traces = new ArrayList<>();

    Kept(Rollout rollout) {
      this.rollout = rollout;
    }
  }

  private static final class Outgoing {
    private final long row;
    private final Message message;
    private final Instant createdAt;
    private int attempts;
    private Instant dueAt;
    private MessageState state = MessageState.PENDING;
    private String detail = "";
    private Instant updatedAt;

    Outgoing(long row, Message message, Instant createdAt) {
      this.row = row;
      this.message = message;
      this.createdAt = createdAt;
      this.dueAt = createdAt;
      this.updatedAt = createdAt;
    }

    boolean waiting() {
      return state == MessageState.PENDING;
    }

    boolean due(Instant now) {
      return attempts == 0 || !dueAt.isAfter(now);
    }

    Pending pending() {
      return new Pending(row, message, attempts, createdAt, dueAt);
    }
  }

  /** From now on every write fails with this. */
  public void breakWith(RuntimeException failure) {
    broken = Optional.of(failure);
  }

  public void repair() {
    broken = Optional.empty();
  }

  @Override
  public Future<Void> commit(Commit commit) {
    return write(
        () -> {
          Rollout after = commit.after();
          Optional<Kept> before = Optional.ofNullable(rollouts.get(after.id()));
          if (before.map(k -> k.rollout.version()).orElse(0L) != commit.expectedVersion()) {
            throw new VersionConflict(after.id(), commit.expectedVersion());
          }
          if (before.isEmpty() && commit.newest().orElse(rollouts.size()) != rollouts.size()) {
            throw new VersionConflict(after.id(), 0);
          }
          Optional<Map<String, double[]>> evidence = commit.evidence().map(e -> copy(e));
          Kept kept = before.orElseGet(() -> new Kept(after));
          rollouts.put(after.id(), kept);
          kept.rollout = after;
          evidence.ifPresent(e -> kept.evidence = e);
          commit.trace().ifPresent(kept.traces::add);
          for (Event event : commit.events()) {
            kept.events.add(new Recorded(kept.events.size() + 1L, event));
            seal(after, kept.events.size(), event);
          }
          supersede(commit);
          commit.messages().forEach(m -> put(m, after.updatedAt()));
        });
  }

  private void seal(Rollout after, long version, Event event) {
    String stored = SluiceJson.write(event);
    String before = audit.isEmpty() ? AuditEntry.GENESIS : audit.getLast().entry().hash();
    AuditEntry.of(audit.size() + 1L, after, version, event)
        .ifPresent(
            entry ->
                audit.add(
                    new Audited(entry.after(before), Optional.of(AuditEntry.sha256(stored)))));
  }

  @Override
  public Future<List<Audited>> audit(long after, int limit) {
    return Future.succeededFuture(audit.stream().skip(after).limit(limit).toList());
  }

  private void supersede(Commit commit) {
    for (Outgoing waiting : outbox) {
      if (waiting.waiting() && commit.supersedes(waiting.message)) {
        waiting.state = MessageState.SUPERSEDED;
        waiting.updatedAt = commit.after().updatedAt();
      }
    }
  }

  private void put(Message message, Instant at) {
    if (outbox.stream().noneMatch(o -> o.message.id().equals(message.id()))) {
      outbox.add(new Outgoing(outbox.size() + 1L, message, at));
    }
  }

  private static Map<String, double[]> copy(Map<String, double[]> evidence) {
    Map<String, double[]> copy = new LinkedHashMap<>();
    evidence.forEach((name, numbers) -> copy.put(name, numbers.clone()));
    return copy;
  }

  @Override
  public Future<Long> newest() {
    return Future.succeededFuture((long) rollouts.size());
  }

  @Override
  public Future<Optional<Stored>> load(RolloutId id) {
    return Future.succeededFuture(
        Optional.ofNullable(rollouts.get(id)).map(k -> new Stored(k.rollout, copy(k.evidence))));
  }

  @Override
  public Future<List<Rollout>> list(int limit) {
    return Future.succeededFuture(newestFirst().limit(limit).toList());
  }

  @Override
  public Future<List<Rollout>> listBefore(RolloutId id, int limit) {
    return Future.succeededFuture(
        newestFirst().dropWhile(r -> !r.id().equals(id)).skip(1).limit(limit).toList());
  }

  @Override
  public Future<Optional<Rollout>> latestOf(String planName) {
    return Future.succeededFuture(
        newestFirst().filter(r -> r.plan().name().equals(planName)).findFirst());
  }

  private Stream<Rollout> newestFirst() {
    return new ArrayList<>(rollouts.values()).reversed().stream().map(k -> k.rollout);
  }

  @Override
  public Future<List<RolloutId>> live() {
    return Future.succeededFuture(
        rollouts.values().stream()
            .map(k -> k.rollout)
            .filter(r -> !r.ended())
            .map(Rollout::id)
            .toList());
  }

  @Override
  public Future<List<Recorded>> events(RolloutId id, long after, int limit) {
    List<Recorded> all = Optional.ofNullable(rollouts.get(id)).map(k -> k.events).orElse(List.of());
    return Future.succeededFuture(
        all.stream().filter(e -> e.version() > after).limit(limit).toList());
  }

  private record Lane(RolloutId id, String target) {}

  @Override
  public Future<List<LookTrace>> traces(RolloutId id, long after, int limit) {
    return Future.succeededFuture(
        Optional.ofNullable(rollouts.get(id)).stream()
            .flatMap(kept -> kept.traces.stream())
            .filter(trace -> trace.look() > after)
            .limit(limit)
            .toList());
  }

  @Override
  public Future<List<Pending>> due(Instant now, int perTarget) {
    Set<Lane> seen = new HashSet<>();
    Map<String, Integer> turns = new HashMap<>();
    return Future.succeededFuture(
        outbox.stream()
            .filter(Outgoing::waiting)
            .sorted(Comparator.comparing(o -> !o.message.urgent()))
            .filter(o -> seen.add(new Lane(o.message.rolloutId(), o.message.target())))
            .filter(o -> o.due(now))
            .sorted(
                Comparator.comparing((Outgoing o) -> !o.message.urgent())
                    .thenComparing(o -> o.dueAt)
                    .thenComparingLong(o -> o.row))
            .filter(o -> turns.merge(o.message.target(), 1, Integer::sum) <= perTarget)
            .map(Outgoing::pending)
            .toList());
  }

  @Override
  public Future<Void> record(long row, Attempt attempt) {
    return write(
        () -> {
          if (row < 1 || row > outbox.size()) {
            throw new IllegalArgumentException("no message in row " + row + " of the outbox");
          }
          Outgoing outgoing = outbox.get((int) row - 1);
          if (outgoing.state.closed()) {
            return;
          }
          outgoing.attempts++;
          switch (attempt) {
            case Attempt.Delivered d -> close(outgoing, MessageState.DELIVERED, "", d.at());
            case Attempt.GivenUp g -> close(outgoing, MessageState.GIVEN_UP, g.detail(), g.at());
            case Attempt.Failed f -> {
              close(outgoing, outgoing.state, f.detail(), f.at());
              outgoing.dueAt = f.nextAt();
            }
          }
        });
  }

  private static void close(Outgoing outgoing, MessageState state, String detail, Instant at) {
    boolean superseded = outgoing.state == MessageState.SUPERSEDED;
    outgoing.state = superseded && state != MessageState.DELIVERED ? outgoing.state : state;
    outgoing.detail = detail;
    outgoing.updatedAt = at;
  }

  @Override
  public Future<List<Delivery>> deliveries(RolloutId id, int limit) {
    return Future.succeededFuture(
        outbox.reversed().stream()
            .filter(o -> o.message.rolloutId().equals(id))
            .limit(limit)
            .map(
                o ->
                    new Delivery(
                        o.message.id(),
                        o.message.target(),
                        o.message.kind(),
                        o.state.word(),
                        o.attempts,
                        o.detail,
                        o.updatedAt))
            .toList());
  }

  @Override
  public Future<List<Delivery>> deliveriesBefore(RolloutId id, String messageId, int limit) {
    return deliveries(id, Integer.MAX_VALUE)
        .map(
            all ->
                all.stream()
                    .dropWhile(d -> !d.messageId().equals(messageId))
                    .skip(1)
                    .limit(limit)
                    .toList());
  }

  @Override
  public Future<Void> putPlan(PlanText plan) {
    return write(() -> keep(plan));
  }

  private void keep(PlanText plan) {
    PlanText old = plans.get(plan.name());
    if (old == null || !old.hash().equals(plan.hash())) {
      plans.put(plan.name(), plan);
      List<Revision> all = revisions.computeIfAbsent(plan.name(), n -> new ArrayList<>());
      all.add(new Revision(all.size() + 1L, plan));
    }
  }

  @Override
  public Future<Boolean> replacePlan(PlanText plan, Optional<String> newest) {
    boolean still = Optional.ofNullable(plans.get(plan.name())).map(PlanText::hash).equals(newest);
    return still ? putPlan(plan).map(true) : Future.succeededFuture(false);
  }

  @Override
  public Future<List<Revision>> revisions(String name, long before, int limit) {
    return Future.succeededFuture(
        revisions.getOrDefault(name, List.of()).reversed().stream()
            .filter(r -> r.number() < before)
            .limit(limit)
            .toList());
  }

  @Override
  public Future<List<PlanText>> plansAfter(String name, int limit) {
    return Future.succeededFuture(
        plans.values().stream().filter(p -> p.name().compareTo(name) > 0).limit(limit).toList());
  }

  @Override
  public Future<Optional<StartRequest>> takeKey(StartRequest request, Instant oldest, int most) {
    return attempt(
        () -> {
          broken.ifPresent(
              failure -> {
                throw failure;
              });
          requests.removeIf(r -> r.at().isBefore(oldest));
          Optional<StartRequest> before =
              requests.stream()
                  .filter(r -> r.caller().equals(request.caller()) && r.key().equals(request.key()))
                  .findFirst();
          if (before.isEmpty()) {
            requests.add(request);
            requests.subList(0, Math.max(0, requests.size() - most)).clear();
          }
          return before;
        });
  }

  @Override
  public Future<Void> noteStarted(StartRequest request) {
    return write(() -> requests.replaceAll(r -> same(r, request) ? request : r));
  }

  @Override
  public Future<Void> giveKeyBack(StartRequest request) {
    return write(() -> requests.removeIf(r -> same(r, request)));
  }

  private static boolean same(StartRequest one, StartRequest other) {
    return one.caller().equals(other.caller())
        && one.key().equals(other.key())
        && one.at().equals(other.at());
  }

  @Override
  public Future<Optional<PlanText>> plan(String name) {
    return Future.succeededFuture(Optional.ofNullable(plans.get(name)));
  }

  @Override
  public Future<List<PlanText>> plans() {
    return Future.succeededFuture(List.copyOf(plans.values()));
  }

  @Override
  public Future<Optional<Run>> run(Run.Key key) {
    return Future.succeededFuture(Optional.ofNullable(runs.get(key)));
  }

  @Override
  public Future<Optional<Run>> runOf(RolloutId rollout) {
    return Future.succeededFuture(
        runs.values().stream().filter(r -> r.rollout().equals(rollout)).findFirst());
  }

  @Override
  public Future<Boolean> putRun(Run run) {
    return attempt(
        () -> {
          broken.ifPresent(
              failure -> {
                throw failure;
              });
          long before = Optional.ofNullable(runs.get(run.key())).map(Run::version).orElse(0L);
          boolean mine = before == run.version() - 1;
          if (mine) {
            runs.put(run.key(), run);
          }
          return mine;
        });
  }

  @Override
  public Future<List<Run>> openRuns(int limit) {
    return Future.succeededFuture(
        runs.values().stream()
            .filter(Run::open)
            .sorted(Comparator.comparing(Run::until).thenComparing(r -> r.rollout().value()))
            .limit(limit)
            .toList());
  }

  @Override
  public Future<Void> probe() {
    return write(() -> {});
  }

  @Override
  public Future<Void> close() {
    return Future.succeededFuture();
  }

  private Future<Void> write(Runnable work) {
    return attempt(
        () -> {
          broken.ifPresent(
              failure -> {
                throw failure;
              });
          work.run();
          return null;
        });
  }

  private static <T> Future<T> attempt(Supplier<T> work) {
    try {
      return Future.succeededFuture(work.get());
    } catch (RuntimeException e) {
      return Future.failedFuture(e);
    }
  }
}
