package dev.sluice.service.store;

import dev.sluice.gates.plan.Exposure;
import dev.sluice.gates.rollout.Actor;
import dev.sluice.gates.rollout.Decision;
import dev.sluice.gates.rollout.Event;
import dev.sluice.gates.rollout.Rollout;
import dev.sluice.service.json.SluiceJson;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;

/**
 * One line of the audit: who did or decided what, and why. Looks are not in it, what came of them
 * is.
 *
 * <p>The entries form a chain: {@code hash = SHA-256(hash of the entry before, "\n", this entry as
 * JSON)} in hex, and before the first stands {@link #GENESIS}. So nobody can change, drop or slip
 * in an entry without changing every hash after it. Each entry also holds the hash of the event it
 * tells of, so that an event that was changed is found as well.
 *
 * @param number from 1, without gaps
 * @param version of the rollout after the event
 * @param act what was done, in one word
 * @param actor from authentication, never from a body
 * @param decision id of the decision, where it is one
 * @param from percent on the canary before, where it is a decision
 * @param to percent on the canary wanted
 * @param forced a person went over a gate that was not open
 * @param reason what the actor said, or the sentence of the decision
 * @param event SHA-256 of the event as it is stored, in hex
 */
public record AuditEntry(
    long number,
    Instant at,
    Actor actor,
    String plan,
    String rollout,
    long version,
    String act,
    Optional<String> step,
    Optional<String> decision,
    Optional<Exposure> from,
    Optional<Exposure> to,
    boolean forced,
    String reason,
    String event) {

  /** What the first entry rests on. */
  public static final String GENESIS = "0".repeat(64);

  /**
   * The entry an event gives; absent for what is no act and no decision.
   *
   * @param number the entry's own
   * @param after the rollout after the commit, for its names
   * @param version after the event
   */
  public static Optional<AuditEntry> of(long number, Rollout after, long version, Event event) {
    return act(event)
        .map(
            act ->
                new AuditEntry(
                    number,
                    event.at(),
                    act.actor(),
                    after.plan().name(),
                    after.id().value(),
                    version,
                    act.word(),
                    act.decision().map(Decision::stepId),
                    act.decision().map(Decision::id),
                    act.decision().map(Decision::from),
                    act.decision().map(Decision::to),
                    act.decision().filter(Decision::forced).isPresent(),
                    act.reason(),
                    sha256(SluiceJson.write(event))));
  }

  /** Whether this belongs into the audit. */
  public static boolean tellsOf(Event event) {
    return act(event).isPresent();
  }

  private record Act(String word, Actor actor, String reason, Optional<Decision> decision) {
    static Optional<Act> by(String word, Actor actor, String reason) {
      return Optional.of(new Act(word, actor, reason, Optional.empty()));
    }

    static Optional<Act> byItself(String word, String reason) {
      return by(word, Actor.ENGINE, reason);
    }
  }

  private static Optional<Act> act(Event event) {
    return switch (event) {
      case Event.Started e -> Act.by("start", e.actor(), e.overFreeze().orElse(""));
      case Event.Decided e ->
          Optional.of(
              new Act(
                  word(e.decision().kind()),
                  e.decision().actor(),
                  e.decision().reason().sentence(),
                  Optional.of(e.decision())));
      case Event.Approved e -> Act.by("approve", e.actor(), e.reason());
      case Event.PausedBy e -> Act.by("pause", e.actor(), e.reason());
      case Event.ResumedBy e -> Act.by("resume", e.actor(), e.reason());
      case Event.AbortedBy e -> Act.by("abort", e.actor(), e.reason());
      case Event.SecondAsked e -> Act.by("propose", e.proposal().actor(), e.proposal().reason());
      case Event.Extended e -> Act.by("extend", e.actor(), e.reason());
      case Event.Retired e -> Act.by("retire", e.actor(), e.reason());
      case Event.ReadinessChanged e ->
          Act.by(
              e.readiness().ready() ? "rollback-ready" : "rollback-not-ready",
              e.readiness().actor(),
              e.readiness().reason());
      case Event.Drifted e -> Act.byItself("drift", e.detail());
      case Event.DriftEnded e -> Act.byItself("drift-ended", "");
      case Event.RetentionOver e -> Act.byItself("retention-over", "");
      case Event.EvidenceRenewed e -> Act.byItself("renew-evidence", e.cause());
      case Event.HeldBack e -> Act.byItself("hold", e.reason().sentence());
      case Event.Released e -> Act.byItself("release", "");
      case Event.ApprovalAsked e -> Act.byItself("ask", e.reason().sentence());
      case Event.RollbackConfirmed e -> Act.byItself("rollback-confirmed", "");
      case Event.RollbackOverdue e -> Act.byItself("rollback-overdue", "");
      case Event.Finished e -> Act.byItself("finish", "");
      case Event.StepEntered e -> Optional.empty();
      case Event.ExposureApplied e -> Optional.empty();
      case Event.ExposureRefused e -> Optional.empty();
      case Event.LookTaken e -> Optional.empty();
      case Event.SourceLost e -> Optional.empty();
      case Event.SourceBack e -> Optional.empty();
      case Event.RetentionEnding e -> Optional.empty();
      case Event.Observed e -> Optional.empty();
    };
  }

  private static String word(Decision.Kind kind) {
    return switch (kind) {
      case PROMOTE -> "promote";
      case HOLD -> "hold";
      case ROLL_BACK -> "rollback";
    };
  }

  /**
   * An entry as it is stored.
   *
   * @param body the entry as JSON, to the letter: its hash is over this
   */
  public record Sealed(long number, String body, String hash) {
    /** Fails with {@link SluiceJson.Unreadable} where the body is no entry. */
    public AuditEntry entry() {
      return SluiceJson.read(body, AuditEntry.class);
    }

    /** Whether this is what once followed the entry with this hash. */
    public boolean follows(String before) {
      return hash.equals(hashOf(before, body));
    }
  }

  /**
   * @param before the hash of the entry before, or {@link #GENESIS}
   */
  public Sealed after(String before) {
    String body = SluiceJson.write(this);
    return new Sealed(number, body, hashOf(before, body));
  }

  private static String hashOf(String before, String body) {
    return sha256(before + "\n" + body);
  }

  /** SHA-256 of the UTF-8 bytes, in hex. */
  public static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
