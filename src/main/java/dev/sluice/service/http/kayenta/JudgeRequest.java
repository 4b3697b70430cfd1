package dev.sluice.service.http.kayenta;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.analyzer.kayenta.Options;
import dev.sluice.service.http.Fields;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What Kayenta sends to a remote judge. Words that it would pass over in silence are mistakes here:
 * a direction that is misspelt must not mean "either".
 *
 * @param compatible whether Kayenta's own way of judging is asked for
 * @param weights of groups, in percent
 */
record JudgeRequest(
    List<Pair> pairs, Thresholds thresholds, Map<String, Double> weights, boolean compatible) {
  private static final int MOST_METRICS = 500;
  private static final int MOST_SAMPLES = 10_000;
  private static final int MOST_IN_ALL = 200_000;
  private static final int LONGEST_NAME = 500;

  JudgeRequest {
    pairs = List.copyOf(pairs);
    weights = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(weights));
  }

  /** The samples of one metric, in order of time, NaN for missing. */
  record Pair(
      String name,
      String id,
      JsonNode tags,
      List<String> groups,
      Options options,
      boolean muted,
      Series control,
      Series experiment) {}

  /** Samples in order. */
  static final class Series {
    private final double[] values;

    Series(double[] values) {
      this.values = values.clone();
    }

    double[] values() {
      return values.clone();
    }

    double at(int index) {
      return values[index];
    }

    int length() {
      return values.length;
    }
  }

  private record Configured(List<String> groups, Options options, boolean muted) {}

  static JudgeRequest read(Buffer body, Optional<String> mode) {
    Fields fields = Fields.ofSome(body);
    JsonNode config = fields.node().path("canaryConfig");
    JsonNode judge = config.path("judge").path("judgeConfigurations");
    String wanted = mode.orElse(judge.path("mode").asText("sluice"));
    if (!wanted.equals("sluice") && !wanted.equals("kayenta")) {
      fields.mistake(
          "/canaryConfig/judge/judgeConfigurations/mode", "'mode' must be sluice or kayenta.");
    }
    Thresholds thresholds = Thresholds.read(fields, "scoreThresholds");
    Map<String, Configured> metrics = metrics(fields, config.path("metrics"), judge);
    List<Pair> pairs = pairs(fields, fields.node().path("metricSetPairList"), metrics);
    Map<String, Double> weights = weights(fields, config.path("classifier").path("groupWeights"));
    fields.check();
    return new JudgeRequest(pairs, thresholds, weights, wanted.equals("kayenta"));
  }

  private static Map<String, Configured> metrics(Fields fields, JsonNode metrics, JsonNode judge) {
    Map<String, Configured> all = new HashMap<>();
    if (!metrics.isArray() || metrics.size() > MOST_METRICS) {
      fields.mistake(
          "/canaryConfig/metrics", "'metrics' must be a list of at most " + MOST_METRICS + ".");
      return all;
    }
    for (int i = 0; i < metrics.size(); i++) {
      JsonNode metric = metrics.get(i);
      JsonNode canary = metric.path("analysisConfigurations").path("canary");
      String place = "/canaryConfig/metrics/" + i + "/analysisConfigurations/canary";
      List<String> groups = new ArrayList<>();
      metric.path("groups").forEach(g -> groups.add(g.asText()));
      all.put(
          metric.path("name").asText(),
          new Configured(
              groups,
              new OptionsReader(fields, place).read(canary, judge),
              canary.path("muted").asBoolean(false)));
    }
    return all;
  }

  private static List<Pair> pairs(Fields fields, JsonNode list, Map<String, Configured> metrics) {
    List<Pair> pairs = new ArrayList<>();
    if (!list.isArray() || list.size() > MOST_METRICS) {
      fields.mistake(
          "/metricSetPairList", "'metricSetPairList' must be a list of at most " + MOST_METRICS);
      return pairs;
    }
    int samples = 0;
    for (int i = 0; i < list.size(); i++) {
      JsonNode pair = list.get(i);
      String place = "/metricSetPairList/" + i;
      String name = pair.path("name").asText();
      double[] control = values(fields, pair.path("values").path("control"), place + "/control");
      double[] canary =
          values(fields, pair.path("values").path("experiment"), place + "/experiment");
      samples += control.length + canary.length;
      Configured configured = metrics.get(name);
      if (configured == null || name.length() > LONGEST_NAME) {
        fields.mistake(place + "/name", "The configuration has no metric of this name.");
        continue;
      }
      pairs.add(
          new Pair(
              name,
              pair.path("id").asText(name),
              pair.path("tags"),
              configured.groups(),
              configured.options(),
              configured.muted(),
              new Series(control),
              new Series(canary)));
    }
    if (samples > MOST_IN_ALL) {
      fields.mistake("/metricSetPairList", "There are more than " + MOST_IN_ALL + " samples.");
    }
    return pairs;
  }

  private static double[] values(Fields fields, JsonNode list, String place) {
    if (!list.isArray() || list.size() > MOST_SAMPLES) {
      fields.mistake(place, "The samples must be a list of at most " + MOST_SAMPLES + ".");
      return new double[0];
    }
    double[] values = new double[list.size()];
    for (int i = 0; i < values.length; i++) {
      OptionalDouble value = Numbers.read(list.get(i));
      if (value.isEmpty()) {
        fields.mistake(place + "/" + i, "This sample is no number.");
        return values;
      }
      values[i] = value.getAsDouble();
    }
    return values;
  }

  private static Map<String, Double> weights(Fields fields, JsonNode weights) {
    Map<String, Double> all = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> weight : weights.properties()) {
      double value = weight.getValue().asDouble(Double.NaN);
      if (!weight.getValue().isNumber() || value < 0 || value > 100) {
        fields.mistake(
            "/canaryConfig/classifier/groupWeights", "A weight must be a number from 0 to 100.");
      }
      all.put(weight.getKey(), value);
    }
    return all;
  }

  /** "increase" for INCREASE: the words of the configuration. */
  static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
