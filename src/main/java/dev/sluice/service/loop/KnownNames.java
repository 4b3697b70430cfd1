package dev.sluice.service.loop;

import dev.sluice.gates.plan.Notify;
import dev.sluice.gates.plan.Plan;
import dev.sluice.gates.plan.Step;
import dev.sluice.service.config.Granularity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What plans may name on this server.
 *
 * @param granularities what exposures flag systems can be told; any, where it is not said
 */
public record KnownNames(
    Set<String> sources,
    Set<String> flags,
    Set<String> sinks,
    Map<String, Granularity> granularities) {
  public KnownNames(Set<String> sources, Set<String> flags, Set<String> sinks) {
    this(sources, flags, sinks, Map.of());
  }

  public KnownNames {
    granularities = Map.copyOf(granularities);
    sources = Set.copyOf(sources);
    flags = Set.copyOf(flags);
    sinks = Set.copyOf(sinks);
  }

  /**
   * One sentence for each name that this server does not know, with those it does, and for each
   * exposure that the flag system cannot be told.
   */
  List<String> problems(Plan plan) {
    List<String> problems = new ArrayList<>();
    check("metrics source", plan.source().prometheus(), sources, problems);
    plan.flag().ifPresent(flag -> check("flag system", flag.target(), flags, problems));
    plan.flag().ifPresent(flag -> exposures(plan, flag.target(), problems));
    plan.notifications().stream()
        .map(Notify::sink)
        .distinct()
        .forEach(sink -> check("sink", sink, sinks, problems));
    return problems;
  }

  private void exposures(Plan plan, String target, List<String> problems) {
    Granularity granularity = granularities.getOrDefault(target, Granularity.ANY);
    Stream.concat(
            plan.steps().stream().filter(Step::movesUsers).map(Step::exposure),
            Stream.of(plan.rollback().to()))
        .filter(exposure -> !granularity.carries(exposure))
        .distinct()
        .forEach(
            exposure ->
                problems.add(
                    "Flag system '%s' cannot be set to %s: it takes %s only."
                        .formatted(target, exposure, granularity.words())));
  }

  private static void check(String kind, String name, Set<String> known, List<String> problems) {
    if (!known.contains(name)) {
      String those =
          known.isEmpty() ? "none is configured" : String.join(", ", new TreeSet<>(known));
      problems.add("There is no " + kind + " '" + name + "' on this server (" + those + ").");
    }
  }
}
