package dev.sluice.service.store;

import dev.sluice.gates.rollout.RolloutId;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What a rollout controller calls its own: which rollout answers to the name that the controller
 * has for it. Controllers have no id of ours; they ask again and again by what they know.
 *
 * @param version of this record, from 1; every write carries the next one
 * @param rollout that answers now
 * @param openedAt when this rollout was begun for the controller
 * @param seenAt when the controller last asked; not written at every question
 * @param lease silence longer than this means that nobody wants the rollout any more
 * @param open whether it is still watched for silence; a run that is not keeps its answer
 * @param notes what a dialect has to remember, small
 */
public record Run(
    Key key,
    long version,
    RolloutId rollout,
    Instant openedAt,
    Instant seenAt,
    Duration lease,
    boolean open,
    Map<String, String> notes) {

  public Run {
    if (version < 1 || lease.isNegative() || lease.isZero()) {
      throw new IllegalArgumentException("a run has a version from 1 and a lease above 0");
    }
    notes = java.util.Collections.unmodifiableMap(new TreeMap<>(notes));
  }

  /**
   * The natural key.
   *
   * @param controller the dialect: "flagger"
   * @param plan whose rollouts it opens
   * @param name what tells runs of the controller apart: "test/podinfo"; printable, bounded
   */
  public record Key(String controller, String plan, String name) {
    public static final int LONGEST_NAME = 512;
    private static final Pattern PRINTABLE = Pattern.compile("[^\\p{Cntrl}]{1,512}");

    public Key {
      if (!PRINTABLE.matcher(name).matches()) {
        throw new IllegalArgumentException("not the name of a run");
      }
    }

    @Override
    public String toString() {
      return controller + " " + name;
    }
  }

  /** When the lease is over if nobody asks. */
  public Instant until() {
    return seenAt.plus(lease);
  }

  public Run seen(Instant now, Duration patience) {
    return new Run(key, version + 1, rollout, openedAt, now, patience, open, notes);
  }

  public Run closed() {
    return new Run(key, version + 1, rollout, openedAt, seenAt, lease, false, notes);
  }

  public Run noting(Map<String, String> more) {
    Map<String, String> all = new TreeMap<>(notes);
    all.putAll(more);
    return new Run(key, version + 1, rollout, openedAt, seenAt, lease, open, all);
  }
}
