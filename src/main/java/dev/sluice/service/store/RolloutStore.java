package dev.sluice.service.store;

import dev.sluice.gates.rollout.Event;
import dev.sluice.gates.rollout.Rollout;
import dev.sluice.gates.rollout.RolloutId;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The record of decisions. One transaction takes the events, the state they lead to, the evidence
 * behind it and what the world must be told; a version check keeps two writers from doing it twice.
 *
 * <p>Controllers that ask by names of their own are in {@link RunStore}, in the same database.
 */
public interface RolloutStore extends RunStore, RequestStore {

  /**
   * What one commit writes.
   *
   * @param after the state after the events; its version is the expected version plus the number of
   *     events
   * @param expectedVersion the version that was read; 0 for a new rollout
   * @param evidence snapshot of the evidence after the events; absent: unchanged
   * @param messages what must be delivered because of the events
   * @param newest of a first commit: the number of the {@link #newest} rollout when it was found
   *     that this one may begin; another one that began since is a conflict. Absent: not checked
   * @param trace of a look: what it was judged from
   */
  record Commit(
      Rollout after,
      long expectedVersion,
      List<Event> events,
      Optional<Map<String, double[]>> evidence,
      List<Message> messages,
      OptionalLong newest,
      Optional<LookTrace> trace) {
    public Commit(
        Rollout after,
        long expectedVersion,
        List<Event> events,
        Optional<Map<String, double[]>> evidence,
        List<Message> messages) {
      this(
          after,
          expectedVersion,
          events,
          evidence,
          messages,
          OptionalLong.empty(),
          Optional.empty());
    }

    public Commit {
      events = List.copyOf(events);
      messages = List.copyOf(messages);
      if (after.version() != expectedVersion + events.size()) {
        throw new IllegalArgumentException(
            "rollout %s at version %d cannot follow version %d by %d events"
                .formatted(after.id(), after.version(), expectedVersion, events.size()));
      }
    }

    /** The same for a rollout that may begin as long as no other one has begun. */
    public Commit ifNewestIs(long number) {
      return new Commit(
          after, expectedVersion, events, evidence, messages, OptionalLong.of(number), trace);
    }

    /** The same for a look that was judged from this. */
    public Commit with(Optional<LookTrace> seen) {
      return new Commit(after, expectedVersion, events, evidence, messages, newest, seen);
    }

    /**
     * Whether this commit makes an undelivered message pointless: a flag command that raises
     * something must not go out once the same flag system is told to roll back, or once the rollout
     * has ended. Rollbacks are never superseded.
     */
    public boolean supersedes(Message waiting) {
      return waiting.kind() == Message.Kind.FLAG
          && !waiting.urgent()
          && waiting.rolloutId().equals(after.id())
          && (after.ended() || messages.stream().anyMatch(m -> rollsBack(m, waiting.target())));
    }

    private static boolean rollsBack(Message message, String target) {
      return message.urgent()
          && message.kind() == Message.Kind.FLAG
          && message.target().equals(target);
    }
  }

  /** A rollout with the evidence it had at that version. */
  record Stored(Rollout rollout, Map<String, double[]> evidence) {}

  /**
   * A message on its way.
   *
   * @param id idempotency key, the same at every repetition, unique in the store: a message whose
   *     id is in the outbox already is not put there again
   * @param rolloutId whose message it is
   * @param target the flag system or sink, by its name in the server configuration; messages of one
   *     rollout to one target go out in order
   * @param urgent a rollback: goes before everything that waits for the same target and cancels the
   *     flag commands among them
   * @param kind what the target does with it
   * @param body what to send, complete: sending needs nothing but the target's configuration
   */
  record Message(
      String id, RolloutId rolloutId, String target, boolean urgent, Kind kind, String body) {

    /**
     * Two kinds, two obligations: a flag command is confirmed to the rollout, an announcement is
     * not.
     */
    public enum Kind {
      FLAG,
      ANNOUNCEMENT
    }
  }

  /**
   * A message in the outbox.
   *
   * @param attempts how often it was tried; a message that was never tried is due whatever the
   *     clock says
   * @param createdAt when its rollout was committed with it; to the microsecond, as all instants
   *     here
   * @param dueAt when it is to be tried next
   */
  record Pending(long row, Message message, int attempts, Instant createdAt, Instant dueAt) {}

  /** What became of an attempt to deliver. */
  sealed interface Attempt {
    /** Done; not tried again. */
    record Delivered(Instant at) implements Attempt {}

    /** To be tried again. */
    record Failed(String detail, Instant at, Instant nextAt) implements Attempt {}

    /** Never tried again: the target is gone, or the schedule is used up. */
    record GivenUp(String detail, Instant at) implements Attempt {}
  }

  /**
   * One line of the delivery log.
   *
   * @param state the {@link MessageState#word() word} of a {@link MessageState}
   * @param lastDetail what the last failure said; empty after a success
   */
  record Delivery(
      String messageId,
      String target,
      Message.Kind kind,
      String state,
      int attempts,
      String lastDetail,
      Instant updatedAt) {}

  /** A past event with its number in the rollout. */
  record Recorded(long version, Event event) {}

  /**
   * Fails with {@link VersionConflict} if somebody else wrote first; then nothing was written. The
   * plan of a rollout is the one of its first commit.
   */
  Future<Void> commit(Commit commit);

  /**
   * As {@link #commit}, for what only the one who looks after the rollout may write. Fails with
   * {@link LeaseLost} when that is another process by now; then nothing was written.
   */
  default Future<Void> commitAsOwner(Commit commit) {
    return commit(commit);
  }

  /** Who looks after which rollout; absent where one process has the whole store to itself. */
  default Optional<Leases> leases() {
    return Optional.empty();
  }

  /** The number of the rollout that was begun last; 0 where there is none. */
  Future<Long> newest();

  Future<Optional<Stored>> load(RolloutId id);

  /** Newest first. */
  Future<List<Rollout>> list(int limit);

  /** Those that were begun before this one, newest first; none where it is unknown. */
  Future<List<Rollout>> listBefore(RolloutId id, int limit);

  /** The newest rollout of a plan, running or not. */
  Future<Optional<Rollout>> latestOf(String planName);

  /** All that have not ended: what the loop works on. */
  Future<List<RolloutId>> live();

  /** Events with a version above {@code after}, oldest first. */
  Future<List<Recorded>> events(RolloutId id, long after, int limit);

  /** What the looks with a number above {@code after} were judged from, oldest first. */
  Future<List<LookTrace>> traces(RolloutId id, long after, int limit);

  /**
   * What this process is to deliver: where several share the store, the messages of the rollouts it
   * looks after. At most one message per rollout and target: the one whose turn it is, if it is
   * due; urgent ones first, then those that are due longest.
   *
   * @param perTarget at most this many for one target, so that one with much to do hides no other
   */
  Future<List<Pending>> due(Instant now, int perTarget);

  /**
   * Notes what became of an attempt. A message that was superseded while it was on its way becomes
   * delivered if it arrived, and is not tried again if it did not; what was delivered or given up
   * stays so.
   */
  Future<Void> record(long row, Attempt attempt);

  /** The delivery log of a rollout, newest first. */
  Future<List<Delivery>> deliveries(RolloutId id, int limit);

  /** The part of the log that is older than this message; none where it is unknown. */
  Future<List<Delivery>> deliveriesBefore(RolloutId id, String messageId, int limit);

  /**
   * An entry of the audit beside what it tells of.
   *
   * @param event SHA-256 of the event as the store has it now; absent where it is gone
   */
  record Audited(AuditEntry.Sealed entry, Optional<String> event) {}

  /** The audit's entries with a number above {@code after}, oldest first. */
  Future<List<Audited>> audit(long after, int limit);

  /**
   * A plan as it was handed in.
   *
   * @param hash SHA-256 of the text in hex: the revision
   * @param text the YAML, as it came
   */
  record PlanText(String name, String hash, String text, Instant storedAt) {}

  /** Keeps this revision as the plan's newest. The same text again changes nothing. */
  Future<Void> putPlan(PlanText plan);

  /**
   * Keeps this revision if the newest one still has this hash (absent: if there is no plan of the
   * name); false, and nothing is written, when somebody else was faster.
   */
  Future<Boolean> replacePlan(PlanText plan, Optional<String> newest);

  /**
   * One of the texts a plan has had.
   *
   * @param number counts the revisions of this plan from 1
   */
  record Revision(long number, PlanText plan) {}

  /** The revisions of a plan with a number below {@code before}, newest first. */
  Future<List<Revision>> revisions(String name, long before, int limit);

  Future<Optional<PlanText>> plan(String name);

  /** The newest revision of every plan, by name. */
  Future<List<PlanText>> plans();

  /** The same for names behind this one, byte by byte; at most so many. */
  Future<List<PlanText>> plansAfter(String name, int limit);

  /** Whether a commit could be made now. Fails with a sentence that names place and remedy. */
  Future<Void> probe();

  Future<Void> close();

  /**
   * Another process looks after the rollout by now: what this one decided for it does not count.
   */
  final class LeaseLost extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public LeaseLost(RolloutId id) {
      super("rollout " + id + " is looked after by another replica");
    }
  }

  /** Somebody else wrote since the state was read. */
  final class VersionConflict extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public VersionConflict(RolloutId id, long expected) {
      super("rollout " + id + " is no longer at version " + expected + ": reload and decide again");
    }
  }
}
