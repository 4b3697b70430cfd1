package dev.sluice.service.metrics.prometheus;

import dev.sluice.analyzer.Absence;
import dev.sluice.analyzer.Values;
import dev.sluice.gates.plan.Cohort;
import io.vertx.core.Future;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** An expression that must give one number, at the window's end. */
final class ScalarReading {
  private final Cohort cohort;
  private final Query query;
  private Optional<Exchange> exchange = Optional.empty();

  ScalarReading(Cohort cohort, Query query) {
    this.cohort = cohort;
    this.query = query;
  }

  Future<Void> fetch(Asker asker) {
    return asker
        .ask(query)
        .map(
            reply -> {
              exchange = Optional.of(new Exchange(query, reply));
              return null;
            });
  }

  List<Exchange> exchanges() {
    return exchange.stream().toList();
  }

  Got<Values> value() {
    return switch (exchange.orElseThrow().reply()) {
      case Reply.Failed failed -> new Got.Missing<>(failed.trouble());
      case Reply.Answered answered -> value(answered.answer());
    };
  }

  private Got<Values> value(Answer answer) {
    if (answer.type() != Answer.Type.VECTOR && answer.type() != Answer.Type.SCALAR) {
      return missing(
          Absence.BAD_QUERY,
          "gives a "
              + answer.type().name().toLowerCase(Locale.ROOT)
              + " instead of one number. Take off the range, or wrap it in a function such as"
              + " avg_over_time()");
    }
    if (answer.series().isEmpty()) {
      return missing(Absence.NO_SERIES, "gives no series. Are its names and labels right?");
    }
    if (answer.series().size() > 1) {
      return missing(
          Absence.TOO_MANY_SERIES,
          "gives "
              + answer.series().size()
              + " series instead of one. Wrap it in sum(), avg() or max()");
    }
    Points points = answer.series().get(0).points();
    if (points.isEmpty()) {
      return missing(
          Absence.BAD_QUERY,
          "gives a histogram instead of one number. Wrap it in histogram_quantile()");
    }
    double value = points.value(0);
    return Double.isFinite(value)
        ? new Got.Ok<>(new Values(value))
        : missing(
            Absence.NOT_A_NUMBER,
            "gives "
                + (Double.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf")
                + ". Often that is a division by zero traffic");
  }

  private Got<Values> missing(Absence why, String what) {
    String end = what.endsWith("?") ? "" : ".";
    return new Got.Missing<>(
        new Trouble(
            why,
            "For the "
                + cohort.name()
                + " cohort "
                + Trouble.shown(query.promql())
                + " "
                + what
                + end));
  }
}
