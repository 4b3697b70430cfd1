package dev.sluice.service.flags;

import dev.sluice.gates.plan.Exposure;
import dev.sluice.service.config.Granularity;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/**
 * The seam to a system that holds flags and can be read: not only told where a flag should stand,
 * but asked where it does. {@link FlagSystemTarget} drives it; an implementation is only concerned
 * with one request at a time.
 *
 * <p>What the world does wrong is in the answers: the Futures do not fail. Each answer comes within
 * the time-out that the configuration gives a request, times the few requests that it takes.
 */
public interface FlagSystem {

  /** What exposures it can be told. */
  Granularity granularity();

  /** Where the flag stands now. */
  Future<Reading> read(Flag flag);

  /**
   * Sets the exposure, if nobody else has changed what the reading saw; otherwise changes nothing.
   * The flag serves afterwards, even where it was off. Lets nobody on the canary who the plan does
   * not mean: where something else in the flag would, it changes nothing either.
   *
   * @param seen the latest reading of this flag
   */
  Future<Written> set(Flag flag, Reading.Seen seen, Exposure exposure, Note note);

  /**
   * Takes everybody off the canary, whatever the flag stands at, and without reading it first: the
   * fewest requests that do it. Harmless when repeated.
   */
  Future<Written> kill(Flag flag, Note note);

  /**
   * Everything that would keep a rollout from moving this flag, and everything that is worth
   * knowing before one begins. Changes nothing.
   */
  Future<List<Finding>> preflight(Flag flag);

  /**
   * Who changed the flag last, what and when, in one sentence; empty where the system does not say.
   */
  Future<Optional<String>> lastChange(Flag flag);
}
