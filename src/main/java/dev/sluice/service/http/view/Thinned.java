package dev.sluice.service.http.view;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Of looks that go on for days, so many that a line can be drawn through them: every n-th, and the
 * newest. Which ones are kept depends on their numbers alone, so it is the same after a restart.
 *
 * @param stride every so many looks one is kept
 */
public record Thinned(long stride, List<Glimpse> kept, Optional<Glimpse> newest) {
  /** More than a screen has room for. */
  public static final int MOST = 360;

  public static final Thinned NOTHING = new Thinned(1, List.of(), Optional.empty());

  public Thinned {
    kept = List.copyOf(kept);
  }

  public Thinned plus(Glimpse glimpse) {
    if (glimpse.look() % stride != 0) {
      return new Thinned(stride, kept, Optional.of(glimpse));
    }
    List<Glimpse> more = new ArrayList<>(kept);
    more.add(glimpse);
    long wider = stride;
    while (more.size() > MOST) {
      wider *= 2;
      long every = wider;
      more.removeIf(g -> g.look() % every != 0);
    }
    return new Thinned(wider, more, Optional.of(glimpse));
  }

  /** Oldest first, the newest look last. */
  public List<Glimpse> all() {
    if (newest.isEmpty() || (!kept.isEmpty() && kept.getLast().equals(newest.get()))) {
      return kept;
    }
    List<Glimpse> all = new ArrayList<>(kept);
    all.add(newest.get());
    return List.copyOf(all);
  }
}
