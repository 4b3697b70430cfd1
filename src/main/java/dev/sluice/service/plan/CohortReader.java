package dev.sluice.service.plan;

import dev.sluice.gates.plan.Cohort;
import dev.sluice.service.plan.yaml.Field;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the cohorts. */
final class CohortReader {
  /** What queries know without being told. */
  private static final Set<String> TAKEN = Set.of("cohort", "window");

  private CohortReader() {}

  static Map<String, Cohort> read(Field cohorts) {
    Map<String, Cohort> read = new LinkedHashMap<>();
    cohorts
        .entries()
        .forEach((name, field) -> cohort(name, field).ifPresent(c -> read.put(name, c)));
    return read;
  }

  private static Optional<Cohort> cohort(String name, Field field) {
    Duration offset = field.at("offset").duration("0s", Sections.LONGEST).orElse(Duration.ZERO);
    Map<String, String> vars = vars(field.at("vars"));
    return matchers(field.at("selector")).map(matchers -> new Cohort(name, matchers, vars, offset));
  }

  private static Map<String, String> vars(Field field) {
    field
        .entries()
        .forEach(
            (name, value) -> {
              if (TAKEN.contains(name)) {
                value.problemOfKey(
                    "'" + name + "' is taken", "$" + name + " has a meaning already");
              }
              if (value.text().filter(CohortReader::breaksQuotes).isPresent()) {
                value.problem(
                    "the value of '" + name + "' would break out of its quotes",
                    "no quotes, backslashes, '$' or line breaks");
              }
            });
    return field.textByName();
  }

  private static boolean breaksQuotes(String value) {
    return value.chars().anyMatch(c -> "\"'`\\$\n\r".indexOf(c) >= 0);
  }

  private static Optional<String> matchers(Field field) {
    Optional<String> text = field.text().map(String::strip).filter(t -> !t.isEmpty());
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(selector(text.get()));
    } catch (PromQl.Fault fault) {
      field.problem(fault.said(), fault.hint());
      return Optional.empty();
    }
  }

  static String selector(String text) throws PromQl.Fault {
    PromQl in = new PromQl(text);
    if (in.peek() != '{') {
      throw new PromQl.Fault(
          "a selector is label matchers in braces, without the name of a metric",
          "like '{service=\"checkout\",version=\"v2\"}'");
    }
    Matchers matchers = Matchers.read(in);
    in.skipSpace();
    if (!in.done()) {
      throw new PromQl.Fault("'" + in.rest() + "' stands behind the braces", "take it out");
    }
    check(matchers);
    return matchers.normal();
  }

  private static void check(Matchers matchers) throws PromQl.Fault {
    if (matchers.cohort() > 0) {
      throw new PromQl.Fault("$cohort stands in the cohort itself", "write its matchers");
    }
    if (matchers.labels().stream().allMatch(Matchers.Label::idle)) {
      throw new PromQl.Fault(
          "this selects every series there is", "name what tells the cohort apart");
    }
    for (Matchers.Label label : matchers.labels()) {
      if (label.name().equals("__name__")) {
        throw new PromQl.Fault(
            "'__name__' is the name of the metric, which the queries say", "take it out");
      }
      if (!Expression.variablesIn(label.value()).isEmpty()) {
        throw new PromQl.Fault(
            "a variable stands in the matcher of '" + label.name() + "'",
            "cohorts are written out; variables belong to queries");
      }
    }
  }
}
