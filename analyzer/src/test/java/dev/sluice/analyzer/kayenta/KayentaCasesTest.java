package dev.sluice.analyzer.kayenta;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.analyzer.classical.Quantiles;
import dev.sluice.analyzer.kayenta.Classified.Classification;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Inputs and expected numbers of the original's own tests, with the place each was found at, in
 * {@code kayenta-cases.json}.
 */
class KayentaCasesTest {
  private static final JsonNode CASES = read();

  private static JsonNode read() {
    try (InputStream in =
        Objects.requireNonNull(KayentaCasesTest.class.getResourceAsStream("/kayenta-cases.json"))) {
      return new ObjectMapper().readTree(in);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Stream<Named<JsonNode>> of(String part) {
    return StreamSupport.stream(CASES.get(part).spliterator(), false)
        .map(c -> Named.of(c.path("id").asText(part), c));
  }

  private static double[] numbers(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false)
        .mapToDouble(n -> n.isTextual() ? Double.parseDouble(n.asText()) : n.asDouble())
        .toArray();
  }

  @Test
  void noCaseIsLeftOut() {
    int found = 0;
    for (String part :
        List.of(
            "classify",
            "interval",
            "statistic",
            "effect",
            "percentile",
            "outlier",
            "nan",
            "score",
            "normalQuantile")) {
      found += CASES.get(part).size();
    }
    assertEquals(85, found);
  }

  static Stream<Named<JsonNode>> classify() {
    return of("classify");
  }

  @ParameterizedTest
  @MethodSource("classify")
  void aMetricIsClassifiedAsThere(JsonNode c) {
    Classified seen =
        new KayentaClassifier(options(c.get("options")))
            .classify(numbers(c.get("baseline")), numbers(c.get("canary")));
    JsonNode expect = c.get("expect");
    if (expect.has("classification")) {
      assertEquals(
          expect.get("classification").asText().toUpperCase(Locale.ROOT),
          seen.classification().name());
    }
    if (expect.has("critical")) {
      assertEquals(expect.get("critical").asBoolean(), seen.critical());
    }
    if (expect.has("ratio")) {
      assertEquals(number(expect.get("ratio")), seen.ratio(), 1e-9);
    }
    if (expect.has("reason")) {
      assertFalse(seen.reason().isEmpty());
    }
  }

  private static double number(JsonNode n) {
    return n.isTextual() ? Double.parseDouble(n.asText()) : n.asDouble();
  }

  private static Options options(JsonNode o) {
    JsonNode effect = o.path("effectSize");
    Options defaults = Options.withDefaults();
    return new Options(
        Options.Direction.valueOf(o.get("direction").asText().toUpperCase(Locale.ROOT)),
        o.path("critical").asBoolean(false),
        o.path("mustHaveData").asBoolean(false),
        o.path("nanStrategy").asText("remove").equals("replace")
            ? Options.NanStrategy.REPLACE
            : Options.NanStrategy.REMOVE,
        defaults.outliers(),
        defaults.outlierFactor(),
        effect.path("measure").asText("meanRatio").equals("cles")
            ? Options.Measure.CLES
            : Options.Measure.MEAN_RATIO,
        optional(effect, "allowedIncrease"),
        optional(effect, "allowedDecrease"),
        optional(effect, "criticalIncrease"),
        optional(effect, "criticalDecrease"),
        o.get("tolerance").asDouble(),
        o.get("confLevel").asDouble());
  }

  private static OptionalDouble optional(JsonNode from, String field) {
    return from.has(field) ? OptionalDouble.of(from.get(field).asDouble()) : OptionalDouble.empty();
  }

  static Stream<Named<JsonNode>> interval() {
    return of("interval");
  }

  @ParameterizedTest
  @MethodSource("interval")
  void theIntervalOfTheShiftIsTheSameToTheLastStepOfTheSearch(JsonNode c) {
    RankShift.Interval seen =
        new RankShift(numbers(c.get("canary")), numbers(c.get("baseline")))
            .interval(c.get("confidence").asDouble());
    assertEquals(c.at("/expect/low").asDouble(), seen.low(), c.get("within").asDouble());
    assertEquals(c.at("/expect/high").asDouble(), seen.high(), c.get("within").asDouble());
    assertEquals(
        c.at("/expect/estimate").asDouble(), seen.estimate(), c.get("estimateWithin").asDouble());
  }

  static Stream<Named<JsonNode>> statistic() {
    return of("statistic");
  }

  @ParameterizedTest
  @MethodSource("statistic")
  void theRankSumStatisticIsTheSame(JsonNode c) {
    double seen =
        new RankShift(numbers(c.get("canary")), numbers(c.get("baseline")))
            .statistic(c.get("shift").asDouble(), c.get("quantile").asDouble());
    assertEquals(c.get("expect").asDouble(), seen, c.get("within").asDouble());
  }

  static Stream<Named<JsonNode>> effect() {
    return of("effect");
  }

  @ParameterizedTest
  @MethodSource("effect")
  void theEffectSizeIsTheSame(JsonNode c) {
    double[] canary = numbers(c.get("canary"));
    double[] baseline = numbers(c.get("baseline"));
    double seen =
        switch (c.get("measure").asText()) {
          case "meanRatio" -> EffectSize.meanRatio(canary, baseline);
          case "cles" -> EffectSize.commonLanguage(canary, baseline);
          case "cohenD" -> EffectSize.cohenD(canary, baseline);
          default -> throw new IllegalStateException(c.get("measure").asText());
        };
    assertEquals(number(c.get("expect")), seen, c.get("within").asDouble());
  }

  static Stream<Named<JsonNode>> percentile() {
    return of("percentile");
  }

  @ParameterizedTest
  @MethodSource("percentile")
  void aPercentileIsTheSame(JsonNode c) {
    double seen = Quantiles.of(numbers(c.get("data")), c.get("p").asDouble() / 100);
    assertEquals(c.get("expect").asDouble(), seen, c.get("within").asDouble());
  }

  static Stream<Named<JsonNode>> outlier() {
    return of("outlier");
  }

  @ParameterizedTest
  @MethodSource("outlier")
  void theSameSamplesAreOutliers(JsonNode c) {
    double[] data = numbers(c.get("data"));
    double factor = c.get("factor").asDouble();
    boolean[] seen =
        c.get("rule").asText().equals("iqr")
            ? Samples.outsideFences(data, factor)
            : Samples.outsideDeviations(data, factor);
    boolean[] expected = new boolean[c.get("expect").size()];
    for (int i = 0; i < expected.length; i++) {
      expected[i] = c.get("expect").get(i).asBoolean();
    }
    assertArrayEquals(expected, seen);
  }

  static Stream<Named<JsonNode>> nan() {
    return of("nan");
  }

  @ParameterizedTest
  @MethodSource("nan")
  void missingSamplesAreTreatedTheSame(JsonNode c) {
    Options.NanStrategy strategy =
        Options.NanStrategy.valueOf(c.get("strategy").asText().toUpperCase(Locale.ROOT));
    assertArrayEquals(
        numbers(c.get("expect")), Samples.withoutNan(numbers(c.get("data")), strategy));
  }

  static Stream<Named<JsonNode>> score() {
    return of("score");
  }

  @ParameterizedTest
  @MethodSource("score")
  void theScoreIsTheSame(JsonNode c) {
    List<Score.Judged> metrics = new ArrayList<>();
    for (JsonNode m : c.get("metrics")) {
      metrics.add(
          new Score.Judged(
              m.get("group").asText(),
              Classification.valueOf(m.get("classification").asText().toUpperCase(Locale.ROOT)),
              m.get("critical").asBoolean()));
    }
    Map<String, Double> weights = new LinkedHashMap<>();
    c.get("groupWeights")
        .properties()
        .forEach(e -> weights.put(e.getKey(), e.getValue().asDouble()));
    assertEquals(c.get("expect").asDouble(), Score.of(metrics, weights).value(), 0.005);
  }

  static Stream<Named<JsonNode>> normalQuantile() {
    return of("normalQuantile");
  }

  @ParameterizedTest
  @MethodSource("normalQuantile")
  void theNormalQuantileIsTheSame(JsonNode c) {
    assertEquals(
        c.get("expect").asDouble(),
        new NormalDistribution(null, 0, 1).inverseCumulativeProbability(c.get("p").asDouble()),
        c.get("within").asDouble());
  }
}
