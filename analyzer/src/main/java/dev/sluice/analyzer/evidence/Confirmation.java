package dev.sluice.analyzer.evidence;

import dev.sluice.analyzer.state.StateReader;
import dev.sluice.analyzer.state.StateWriter;

/**
 * Whether something held on several looks in a row. Waiting for a second look can only lower the
 * chance of an error, and keeps a single burst from deciding.
 */
public final class Confirmation {
  private final int needed;
  private long run;

  public Confirmation(int needed) {
    this.needed = needed;
  }

  /** Takes in one look and answers {@link #confirmed()}. */
  public boolean look(boolean holds) {
    run = holds ? run + 1 : 0;
    return confirmed();
  }

  public boolean confirmed() {
    return run >= needed;
  }

  public void reset() {
    run = 0;
  }

  public void save(StateWriter out) {
    out.put(run);
  }

  public void load(StateReader in) {
    run = in.nextWhole(0, 1L << 52);
  }
}
