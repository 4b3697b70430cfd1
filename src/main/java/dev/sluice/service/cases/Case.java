package dev.sluice.service.cases;

import dev.sluice.analyzer.Direction;
import dev.sluice.analyzer.Observed;
import java.time.Duration;
import java.util.List;

/**
 * One recorded pair of cohorts.
 *
 * @param id unique in its collection
 * @param interval length of one look
 * @param otherPeriod whether the baseline was recorded at another time than the canary; who writes
 *     a plan says so with the cohort's offset
 * @param looks what was seen in each interval, in order
 */
public record Case(
    String id,
    Type type,
    String metric,
    Direction direction,
    Duration interval,
    boolean otherPeriod,
    List<Observed> looks) {
  public Case {
    looks = List.copyOf(looks);
  }

  /** What the elements of a case are. */
  public enum Type {
    GAUGE,
    RATIO,
    MEAN,
    HISTOGRAM
  }
}
