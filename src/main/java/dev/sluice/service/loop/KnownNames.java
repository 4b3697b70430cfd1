package dev.sluice.service.loop;

import dev.sluice.gates.plan.Notify;
import dev.sluice.gates.plan.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What plans may name on this server. */
public record KnownNames(Set<String> sources, Set<String> flags, Set<String> sinks) {
  public KnownNames {
    sources = Set.copyOf(sources);
    flags = Set.copyOf(flags);
    sinks = Set.copyOf(sinks);
  }

  /** One sentence for each name that this server does not know, with those it does. */
  List<String> problems(Plan plan) {
    List<String> problems = new ArrayList<>();
    check("metrics source", plan.source().prometheus(), sources, problems);
    plan.flag().ifPresent(flag -> check("flag system", flag.target(), flags, problems));
    plan.notifications().stream()
        .map(Notify::sink)
        .distinct()
        .forEach(sink -> check("sink", sink, sinks, problems));
    return problems;
  }

  private static void check(String kind, String name, Set<String> known, List<String> problems) {
    if (!known.contains(name)) {
      String those =
          known.isEmpty() ? "none is configured" : String.join(", ", new TreeSet<>(known));
      problems.add("There is no " + kind + " '" + name + "' on this server (" + those + ").");
    }
  }
}
