package dev.sluice.service.http.flagger;

import dev.sluice.gates.rollout.Actor;
import dev.sluice.gates.rollout.Rollout;
import dev.sluice.gates.rollout.Stage;
import dev.sluice.service.runs.Runs;
import dev.sluice.service.store.Run;
import java.util.Map;
import java.util.Optional;

/**
 * Which revision of a canary a run is for.
 *
 * <p>Flagger's only name for a revision is a checksum, and the question that opens a run
 * (confirm-rollout) still carries the checksum of the revision before. So a run is opened "after A"
 * and takes the first other checksum that is asked with as its own. From then on another checksum
 * is another revision.
 */
final class Revision {
  private static final String AFTER = "after";
  private static final String OWN = "revision";
  private static final String FINISHED = "finished";

  private Revision() {}

  static Map<String, String> after(String checksum) {
    return Map.of(AFTER, checksum);
  }

  static Map<String, String> own(String checksum) {
    return Map.of(OWN, checksum);
  }

  static Map<String, String> finished(String phase) {
    return Map.of(FINISHED, phase);
  }

  private static Optional<String> note(Run run, String name) {
    return Optional.ofNullable(run.notes().get(name));
  }

  private static boolean finished(Run run) {
    return note(run, FINISHED).isPresent();
  }

  /**
   * Whether confirm-rollout means another revision than the run's: when the run was asked for under
   * a checksum of its own, Flagger has come to the next one.
   */
  static boolean nextOne(Runs.Standing standing, String checksum) {
    Run run = standing.run();
    boolean asked = note(run, OWN).isPresent() || finished(run);
    return asked
        || note(run, AFTER).filter(a -> !a.equals(checksum)).isPresent()
        || (standing.rollout().ended() && !stoppedByAPerson(standing.rollout()));
  }

  private static boolean stoppedByAPerson(Rollout rollout) {
    return rollout.stage() instanceof Stage.Aborted a && a.actor().kind() == Actor.Kind.PERSON;
  }

  /** Whether a question during the analysis is about another revision than the run's. */
  static boolean otherOne(Run run, String checksum) {
    return finished(run) || note(run, OWN).filter(own -> !own.equals(checksum)).isPresent();
  }

  /** What to note so that the run has its revision; nothing where it has one. */
  static Map<String, String> bind(Run run, String checksum) {
    boolean unknown =
        note(run, OWN).isEmpty() && note(run, AFTER).filter(checksum::equals).isEmpty();
    return unknown ? own(checksum) : Map.of();
  }
}
