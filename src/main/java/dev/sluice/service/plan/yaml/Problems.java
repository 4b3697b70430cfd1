package dev.sluice.service.plan.yaml;

import dev.sluice.service.plan.Problem;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Collects everything that is wrong with a text. Not thread-safe. */
public final class Problems {
  /** Nobody reads more than this, and a broken text of 256 KiB may have a problem in every word. */
  private static final int MOST = 100;

  private final Set<Problem> all = new LinkedHashSet<>();
  private final Set<String> pointers = new HashSet<>();

  public void add(String pointer, Place place, String message) {
    add(new Problem(pointer, place.line(), place.column(), message, Optional.empty()));
  }

  public void add(String pointer, Place place, String message, String hint) {
    add(new Problem(pointer, place.line(), place.column(), message, Optional.of(hint)));
  }

  public void add(Problem problem) {
    all.add(problem);
    pointers.add(problem.pointer());
  }

  public boolean isEmpty() {
    return all.isEmpty();
  }

  /** Whether the value itself already has a problem; what else is said of it would be noise. */
  boolean knows(String pointer) {
    return pointers.contains(pointer);
  }

  /** In the order of the text, at most a hundred. */
  public List<Problem> list() {
    List<Problem> sorted = new ArrayList<>(all);
    sorted.sort(Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column));
    if (sorted.size() <= MOST) {
      return List.copyOf(sorted);
    }
    Problem first = sorted.get(MOST);
    int more = sorted.size() - MOST;
    List<Problem> shown = new ArrayList<>(sorted.subList(0, MOST));
    shown.add(
        new Problem(
            "",
            first.line(),
            first.column(),
            more + " more problems from here on are not shown",
            Optional.empty()));
    return List.copyOf(shown);
  }
}
