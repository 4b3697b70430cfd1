package dev.sluice.service.plan;

import dev.sluice.analyzer.Direction;
import dev.sluice.gates.plan.Limit;
import dev.sluice.gates.plan.Metric;
import dev.sluice.gates.plan.Tolerance;
import dev.sluice.service.plan.yaml.Field;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * Reads tolerances and limits into the unit of the metric: a proportion for ratios, the histogram's
 * unit for quantiles, the metric's own for the rest.
 *
 * @param type of the metric as it is written
 * @param unit of the histogram's edges, for quantiles
 */
record Bounds(String type, Metric.Unit unit) {
  private static final Set<String> TYPES =
      Set.of("ratio", "rate", "quantile", "mean", "value", "pushed");

  Optional<Tolerance> tolerance(Field field, Direction worse) {
    Optional<Tolerance> relative =
        Amount.of(field.at("relative")).flatMap(a -> relative(field, a, worse));
    Optional<Tolerance> absolute = Amount.of(field.at("absolute")).flatMap(a -> absolute(field, a));
    return relative.or(() -> absolute);
  }

  private static Optional<Tolerance> relative(Field field, Amount amount, Direction worse) {
    if (!amount.unit().equals("%") || isNothing(field.at("relative"), amount)) {
      return Optional.empty();
    }
    if (worse != Direction.HIGHER_IS_WORSE && amount.share() >= 1) {
      field
          .at("relative")
          .problem(
              "a tolerance of 100% or more accepts that the metric falls to nothing",
              "stay below 100% where lower is worse");
      return Optional.empty();
    }
    return Optional.of(new Tolerance.Relative(amount.share()));
  }

  /** With no tolerance at all two equal versions can never be told from a bad one. */
  private static boolean isNothing(Field field, Amount amount) {
    if (amount.number().signum() > 0) {
      return false;
    }
    field.problem(
        "a tolerance of 0 can never be proven safe",
        "write the smallest worsening that would matter to you");
    return true;
  }

  private Optional<Tolerance> absolute(Field field, Amount amount) {
    Field absolute = field.at("absolute");
    boolean fits =
        switch (type) {
          case "ratio" -> amount.unit().equals("pp");
          case "quantile" -> amount.time();
          case "mean", "rate", "value", "pushed" -> amount.bare();
          default -> false;
        };
    if (!fits) {
      wrongUnit(absolute, amount, toleranceHint(amount));
      return Optional.empty();
    }
    if (isNothing(absolute, amount)) {
      return Optional.empty();
    }
    if (type.equals("ratio") && amount.share() >= 1) {
      absolute.problem("a tolerance of 100pp accepts everything", "0.1pp is a tenth of a point");
      return Optional.empty();
    }
    return Optional.of(new Tolerance.Absolute(inUnit(amount)));
  }

  private String toleranceHint(Amount amount) {
    String number = amount.number().toPlainString();
    return switch (type) {
      case "ratio" -> "write percentage points: " + number + "pp";
      case "quantile" -> "write a time: " + number + "ms or " + number + "s";
      default -> "write a bare number in the metric's own unit";
    };
  }

  Optional<Limit> limit(Field field) {
    if (!field.given()) {
      return Optional.empty();
    }
    Field max = field.at("max");
    Field min = field.at("min");
    if (!max.given() && !min.given()) {
      field.problemOfKey("the limit has neither max nor min", "like max: 2%");
    }
    OptionalDouble most = bound(max);
    OptionalDouble least = bound(min);
    if (most.isPresent() && least.isPresent() && least.getAsDouble() > most.getAsDouble()) {
      min.problem("'min' lies above 'max'", "no value could lie between them");
    }
    Duration sustained = field.at("for").duration("0s", Sections.LONGEST).orElse(Duration.ZERO);
    return Optional.of(new Limit(most, least, sustained));
  }

  private OptionalDouble bound(Field field) {
    Optional<Amount> amount = Amount.of(field);
    if (amount.isEmpty() || !fits(field, amount.get())) {
      return OptionalDouble.empty();
    }
    return OptionalDouble.of(inUnit(amount.get()));
  }

  private boolean fits(Field field, Amount amount) {
    boolean unitFits =
        switch (type) {
          case "ratio", "rate" -> amount.bare() || amount.unit().equals("%");
          case "quantile" -> amount.time();
          case "mean", "value", "pushed" -> amount.bare();
          default -> false;
        };
    if (!unitFits) {
      wrongUnit(field, amount, limitHint(amount));
      return false;
    }
    return inRange(field, amount);
  }

  private String limitHint(Amount amount) {
    String number = amount.number().toPlainString();
    return switch (type) {
      case "ratio", "rate" -> "write a share: 2% or 0.02";
      case "quantile" -> "write a time: " + number + "ms or " + number + "s";
      default -> "write a bare number in the metric's own unit";
    };
  }

  private boolean inRange(Field field, Amount amount) {
    boolean counted = type.equals("ratio") || type.equals("rate") || type.equals("quantile");
    if (counted && amount.number().signum() < 0) {
      field.problem("a " + type + " is never below 0", "write a bound of 0 or more");
      return false;
    }
    if (type.equals("ratio") && inUnit(amount) > 1) {
      String number = amount.number().toPlainString();
      field.problem(
          "a ratio is never above 1, which is 100%",
          amount.bare() ? "did you mean " + number + "%?" : "2% is 0.02");
      return false;
    }
    return true;
  }

  private double inUnit(Amount amount) {
    if (amount.time()) {
      return unit == Metric.Unit.MILLISECONDS ? amount.milliseconds() : amount.seconds();
    }
    return amount.bare() ? amount.value() : amount.share();
  }

  /** Of a metric whose type is unknown, nothing can be said. */
  private void wrongUnit(Field field, Amount amount, String hint) {
    if (!TYPES.contains(type)) {
      return;
    }
    String written = amount.bare() ? "a number without a unit" : "'" + amount.unit() + "'";
    field.problem(written + " does not fit a " + type + " metric", hint);
  }
}
