package dev.sluice.service.plan;

import dev.sluice.service.plan.yaml.DidYouMean;
import dev.sluice.service.plan.yaml.Field;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Reads the PromQL of a plan, with the variables that its cohorts know. */
final class Queries {
  private static final String WINDOW = "window";
  private static final List<String> SUFFIXES = List.of("_sum", "_count");
  private static final String BUCKET = "_bucket";

  /** What may stand outside of quotes without changing the query around it. */
  private static final Pattern HARMLESS = Pattern.compile("-?[A-Za-z0-9_:.]+");

  private final Map<String, Map<String, String>> variablesByCohort;

  Queries(Map<String, Map<String, String>> variablesByCohort) {
    this.variablesByCohort = variablesByCohort;
  }

  /** A bare counter, in its normal form. */
  Optional<String> counter(Field field) {
    return series(field).map(Series::normal);
  }

  /** A histogram by its base name. */
  Optional<String> histogram(Field field) {
    Optional<Series> series = series(field);
    series.ifPresent(s -> wellNamed(field, s));
    return series.map(s -> new Series(base(s.name()), s.matchers()).normal());
  }

  private static String base(String name) {
    return name.endsWith(BUCKET) ? name.substring(0, name.length() - BUCKET.length()) : name;
  }

  private static void wellNamed(Field field, Series series) {
    for (String suffix : SUFFIXES) {
      if (series.name().endsWith(suffix)) {
        String base = series.name().substring(0, series.name().length() - suffix.length());
        field.problem(
            "'" + series.name() + "' is only a part of a histogram",
            "write its base name: " + base + "{$cohort}");
      }
    }
    if (series.matchers().labels().stream().anyMatch(l -> l.name().equals("le"))) {
      field.problem("'le' picks one bucket of the histogram", "take it out: all are needed");
    }
  }

  private Optional<Series> series(Field field) {
    Optional<String> text = field.text().map(String::strip).filter(t -> !t.isEmpty());
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      Series series = Series.read(text.get());
      Set<String> variables = new LinkedHashSet<>();
      for (Matchers.Label label : series.matchers().labels()) {
        variables.addAll(Expression.variablesIn(label.value()));
      }
      known(field, variables, Set.of());
      return Optional.of(series);
    } catch (PromQl.Fault fault) {
      field.problem(fault.said(), fault.hint());
      return Optional.empty();
    }
  }

  /** A free expression that gives one number. */
  Optional<String> expression(Field field) {
    Optional<String> text = field.text().map(String::strip).filter(t -> !t.isEmpty());
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      Expression expression = Expression.read(text.get());
      known(field, expression.quoted(), Set.of(WINDOW));
      known(field, expression.bare(), Set.of(Matchers.COHORT.substring(1), WINDOW));
      harmless(field, expression.bare());
      return text;
    } catch (PromQl.Fault fault) {
      field.problem(fault.said(), fault.hint());
      return Optional.empty();
    }
  }

  /** Every variable must mean something in every cohort. */
  private void known(Field field, Set<String> variables, Set<String> builtIn) {
    Set<String> anywhere = new TreeSet<>(builtIn);
    variablesByCohort.values().forEach(known -> anywhere.addAll(known.keySet()));
    for (String variable : variables) {
      if (builtIn.contains(variable)) {
        continue;
      }
      if (!anywhere.contains(variable)) {
        field.problem("nothing is called '$" + variable + "'", hint(variable, anywhere));
      } else if (!lacking(variable).isEmpty()) {
        field.problem(
            "'$" + variable + "' means nothing in cohort " + String.join(", ", lacking(variable)),
            "add it to the cohort's vars");
      }
    }
  }

  private void harmless(Field field, Set<String> bare) {
    for (String variable : bare) {
      boolean harmful =
          variablesByCohort.values().stream()
              .map(known -> known.getOrDefault(variable, "0"))
              .anyMatch(value -> !HARMLESS.matcher(value).matches());
      if (harmful) {
        field.problem(
            "'$" + variable + "' is neither a name nor a number in every cohort",
            "put it in quotes: \"$" + variable + "\"");
      }
    }
  }

  private static String hint(String variable, Set<String> known) {
    List<String> dollars = known.stream().map(k -> "$" + k).toList();
    return DidYouMean.hint("$" + variable, dollars, "known here");
  }

  private List<String> lacking(String variable) {
    List<String> cohorts = new ArrayList<>();
    variablesByCohort.forEach(
        (cohort, known) -> {
          if (!known.containsKey(variable)) {
            cohorts.add(cohort);
          }
        });
    return cohorts;
  }
}
