package dev.sluice.analyzer.classical;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Numbers of SciPy 1.x for the same inputs, kept in {@code reference-vectors.json}. */
class ClassicalVectorsTest {
  private static final JsonNode VECTORS = read();

  private static JsonNode read() {
    try (InputStream in =
        Objects.requireNonNull(
            ClassicalVectorsTest.class.getResourceAsStream("/reference-vectors.json"))) {
      return new ObjectMapper().readTree(in).get("classical");
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Stream<JsonNode> of(String kind) {
    return StreamSupport.stream(VECTORS.get(kind).spliterator(), false);
  }

  private static double[] numbers(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false)
        .mapToDouble(JsonNode::asDouble)
        .toArray();
  }

  private static TwoSamples samples(JsonNode vector) {
    return new TwoSamples(numbers(vector.get("x")), numbers(vector.get("y")));
  }

  private static void close(JsonNode expected, double actual) {
    double wanted =
        expected.isTextual() ? Double.parseDouble(expected.asText()) : expected.asDouble();
    if (Double.isInfinite(wanted)) {
      assertEquals(wanted, actual);
    } else {
      assertEquals(wanted, actual, 1e-9 * Math.max(1, Math.abs(wanted)));
    }
  }

  static Stream<JsonNode> mannWhitney() {
    return of("mannWhitney");
  }

  @ParameterizedTest
  @MethodSource("mannWhitney")
  void theRankSumTestAgreesWithAndWithoutContinuityAndExactly(JsonNode vector) {
    JsonNode expected = vector.get("expected");
    TwoSamples.Test with = samples(vector).mannWhitney(true).orThrow();
    TwoSamples.Test without = samples(vector).mannWhitney(false).orThrow();
    close(expected.at("/two-sided/U"), with.statistic());
    check(expected, "pAsymptoticContinuity", with);
    check(expected, "pAsymptoticNoContinuity", without);
    if (expected.get("two-sided").has("pExact")) {
      check(expected, "pExact", samples(vector).mannWhitneyExact().orThrow());
    }
  }

  private static void check(JsonNode expected, String p, TwoSamples.Test test) {
    close(expected.get("two-sided").get(p), test.twoSided());
    close(expected.get("greater").get(p), test.greater());
    close(expected.get("less").get(p), test.less());
  }

  static Stream<JsonNode> hodgesLehmann() {
    return of("hodgesLehmann");
  }

  @ParameterizedTest
  @MethodSource("hodgesLehmann")
  void theShiftAndItsIntervalAgree(JsonNode vector) {
    TwoSamples.Shift shift = samples(vector).hodgesLehmann(vector.get("conf").asDouble()).orThrow();
    close(vector.at("/expected/shift"), shift.estimate());
    close(vector.at("/expected/lower"), shift.lower());
    close(vector.at("/expected/upper"), shift.upper());
  }

  static Stream<JsonNode> kolmogorovSmirnov() {
    return of("kolmogorovSmirnov");
  }

  @ParameterizedTest
  @MethodSource("kolmogorovSmirnov")
  void kolmogorovSmirnovAgrees(JsonNode vector) {
    TwoSamples.KolmogorovSmirnov test = samples(vector).kolmogorovSmirnov().orThrow();
    close(vector.at("/expected/D"), test.distance());
    close(vector.at("/expected/pAsymptotic"), test.asymptotic());
    close(vector.at("/expected/pExact"), test.exact());
  }

  static Stream<JsonNode> welch() {
    return of("welch");
  }

  @ParameterizedTest
  @MethodSource("welch")
  void welchAgrees(JsonNode vector) {
    TwoSamples.WelchTest welch = samples(vector).welch().orThrow();
    close(vector.at("/expected/t"), welch.test().statistic());
    close(vector.at("/expected/df"), welch.degreesOfFreedom());
    close(vector.at("/expected/pTwoSided"), welch.test().twoSided());
    close(vector.at("/expected/pGreater"), welch.test().greater());
  }

  static Stream<JsonNode> twoProportionZ() {
    return of("twoProportionZ");
  }

  @ParameterizedTest
  @MethodSource("twoProportionZ")
  void theZTestOfTwoProportionsAgrees(JsonNode v) {
    TwoSamples.Test z =
        new TwoProportions(
                v.get("x1").asInt(), v.get("n1").asInt(), v.get("x2").asInt(), v.get("n2").asInt())
            .z()
            .orThrow();
    close(v.at("/expected/z"), z.statistic());
    close(v.at("/expected/pGreater"), z.greater());
    close(v.at("/expected/pTwoSided"), z.twoSided());
  }

  static Stream<JsonNode> fisher() {
    return of("fisher");
  }

  @ParameterizedTest
  @MethodSource("fisher")
  void fishersExactTestAgrees(JsonNode v) {
    int a = v.at("/table/0/0").asInt();
    int b = v.at("/table/0/1").asInt();
    int c = v.at("/table/1/0").asInt();
    int d = v.at("/table/1/1").asInt();
    TwoSamples.Test fisher = new TwoProportions(a, a + b, c, c + d).fisher().orThrow();
    close(v.at("/expected/sampleOddsRatio"), fisher.statistic());
    close(v.at("/expected/pTwoSided"), fisher.twoSided());
    close(v.at("/expected/pGreater"), fisher.greater());
    close(v.at("/expected/pLess"), fisher.less());
  }

  static Stream<JsonNode> cliffsDelta() {
    return of("cliffsDelta");
  }

  @ParameterizedTest
  @MethodSource("cliffsDelta")
  void cliffsDeltaAgrees(JsonNode vector) {
    TwoSamples.Dominance dominance = samples(vector).dominance().orThrow();
    close(vector.at("/expected/delta"), dominance.delta());
    close(vector.at("/expected/commonLanguage"), dominance.commonLanguage());
  }

  static Stream<JsonNode> quantileOrderStatCI() {
    return of("quantileOrderStatCI");
  }

  @ParameterizedTest
  @MethodSource("quantileOrderStatCI")
  void theIntervalOfAQuantileAgrees(JsonNode v) {
    double[] values = quantileValues(v);
    Quantiles.Interval interval =
        Quantiles.interval(values, v.get("q").asDouble(), v.get("conf").asDouble());
    assertEquals(v.at("/expected/lowerRank").asInt(), interval.lowerRank());
    assertEquals(v.at("/expected/upperRank").asInt(), interval.upperRank());
    close(v.at("/expected/lower"), interval.lower());
    close(v.at("/expected/upper"), interval.upper());
  }

  /** Later vectors name the sample of the first one instead of repeating it. */
  private static double[] quantileValues(JsonNode v) {
    JsonNode own = v.get("x");
    return numbers(own.isArray() ? own : VECTORS.at("/quantileOrderStatCI/0/x"));
  }

  static List<JsonNode> bootstrap() {
    return of("bootstrap").toList();
  }

  @ParameterizedTest
  @MethodSource("bootstrap")
  void theBootstrapAgreesUpToResamplingNoise(JsonNode v) {
    JsonNode own = v.get("x");
    double[] values = numbers(own.isArray() ? own : VECTORS.at("/quantileOrderStatCI/0/x"));
    Quantiles.Resampled seen = Quantiles.bootstrap(values, 0.9, 0.95, 20_000, 1);
    JsonNode expected = v.get("expected");
    double width =
        expected.get("percentile97_5").asDouble() - expected.get("percentile2_5").asDouble();
    assertEquals(expected.get("percentile2_5").asDouble(), seen.lower(), 0.05 * width);
    assertEquals(expected.get("percentile97_5").asDouble(), seen.upper(), 0.05 * width);
    assertEquals(expected.get("sd").asDouble(), seen.standardDeviation(), 0.05 * width);
  }
}
