package dev.sluice.service.http.kayenta;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.analyzer.kayenta.Options;
import dev.sluice.service.http.Fields;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;

/** Reads how one metric is to be judged, from a canary configuration. */
final class OptionsReader {
  private final Fields fields;
  private final String place;

  OptionsReader(Fields fields, String place) {
    this.fields = fields;
    this.place = place;
  }

  /**
   * @param judge the judge's own configuration: tolerance and confLevel, which Kayenta documents
   *     and does not use
   */
  Options read(JsonNode canary, JsonNode judge) {
    Options defaults = Options.withDefaults();
    JsonNode effect = canary.path("effectSize");
    JsonNode outliers = canary.path("outliers");
    return new Options(
        word(canary, "direction", Options.Direction.values(), defaults.direction()),
        flag(canary, "critical"),
        flag(canary, "mustHaveData"),
        word(canary, "nanStrategy", Options.NanStrategy.values(), defaults.nanStrategy()),
        word(outliers, "strategy", Options.Outliers.values(), defaults.outliers()),
        number(outliers, "outlierFactor").orElse(defaults.outlierFactor()),
        measure(effect),
        number(effect, "allowedIncrease"),
        number(effect, "allowedDecrease"),
        number(effect, "criticalIncrease"),
        number(effect, "criticalDecrease"),
        share(judge, "tolerance", defaults.tolerance()),
        share(judge, "confLevel", defaults.confidence()));
  }

  private Options.Measure measure(JsonNode effect) {
    return switch (effect.path("measure").asText("meanRatio")) {
      case "meanRatio" -> Options.Measure.MEAN_RATIO;
      case "cles" -> Options.Measure.CLES;
      default -> {
        fields.mistake(place + "/effectSize/measure", "'measure' must be meanRatio or cles.");
        yield Options.Measure.MEAN_RATIO;
      }
    };
  }

  private <E extends Enum<E>> E word(JsonNode object, String name, E[] known, E absent) {
    JsonNode node = object.path(name);
    if (node.isMissingNode() || node.isNull()) {
      return absent;
    }
    for (E each : known) {
      if (JudgeRequest.word(each).equals(node.asText())) {
        return each;
      }
    }
    List<String> words = Arrays.stream(known).map(JudgeRequest::word).toList();
    fields.mistake(
        place + "/" + name, "'" + name + "' must be one of " + String.join(", ", words) + ".");
    return absent;
  }

  private boolean flag(JsonNode object, String name) {
    JsonNode node = object.path(name);
    if (!node.isMissingNode() && !node.isNull() && !node.isBoolean()) {
      fields.mistake(place + "/" + name, "'" + name + "' must be true or false.");
    }
    return node.asBoolean(false);
  }

  private OptionalDouble number(JsonNode object, String name) {
    JsonNode node = object.path(name);
    if (node.isMissingNode() || node.isNull()) {
      return OptionalDouble.empty();
    }
    if (!node.isNumber() || !Double.isFinite(node.doubleValue()) || node.doubleValue() < 0) {
      fields.mistake(place + "/" + name, "'" + name + "' must be a number, at least 0.");
      return OptionalDouble.empty();
    }
    return OptionalDouble.of(node.doubleValue());
  }

  private double share(JsonNode judge, String name, double absent) {
    OptionalDouble value = number(judge, name);
    if (value.isPresent() && (value.getAsDouble() <= 0 || value.getAsDouble() >= 1)) {
      fields.mistake(
          "/canaryConfig/judge/judgeConfigurations/" + name,
          "'" + name + "' must lie between 0 and 1.");
      return absent;
    }
    return value.orElse(absent);
  }
}
