package dev.sluice.analyzer.latency;

import static dev.sluice.analyzer.Vectors.assertClose;
import static dev.sluice.analyzer.Vectors.number;
import static dev.sluice.analyzer.Vectors.numbers;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.analyzer.Vectors;
import dev.sluice.analyzer.evidence.Cap;
import dev.sluice.analyzer.evidence.RatioInterval;
import dev.sluice.analyzer.evidence.Tuning;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LatencyVectorsTest {

  @Test
  void theReferenceDistributionIsTheReferences() {
    for (JsonNode v : Vectors.of("latency")) {
      String name = v.get("name").asText();
      LatencyReference reference = reference(v);
      JsonNode expected = v.get("expected");
      assertClose(expected.get("groupStarts"), doubles(reference.starts()), name + " groups");
      assertClose(expected.get("f"), reference.shares(), name + " shares");
      assertClose(expected.get("rho"), reference.rho(), name + " rho");
      assertClose(expected.get("tailEdges"), doubles(reference.tailEdges()), name + " tail edges");
      assertEquals(expected.get("bracket").asInt(), reference.bracket(), name);
      double[] edges = new double[reference.survival().edges()];
      Arrays.setAll(edges, reference.survival()::edge);
      assertClose(expected.get("mergedEdges"), edges, name + " edges");
      for (int k = 0; k < expected.get("lambda_").size(); k++) {
        assertClose(
            expected.get("lambda_").get(k), reference.lambda()[k], name + " alternative " + k);
      }
      for (int i = 0; i < expected.get("scores").size(); i++) {
        assertClose(expected.get("scores").get(i), reference.scores()[i], name + " score " + i);
      }
    }
  }

  @Test
  void theHarmProcessOfLatencyIsTheReferences() {
    for (JsonNode v : Vectors.of("latency")) {
      String name = v.get("name").asText();
      Tuning defaults = Tuning.ofReference(0.01, 86_400);
      boolean dispersion = v.get("config").path("useDispersion").asBoolean(true);
      LatencyHarm harm =
          new LatencyHarm(
              reference(v),
              new Tuning(
                  dispersion ? defaults.cap() : Cap.NONE,
                  defaults.onset(),
                  dispersion,
                  false,
                  dispersion));
      JsonNode expected = v.get("expected");
      for (int i = 0; i < v.get("canary").size(); i++) {
        double logE =
            harm.update(
                numbers(v.get("canary").get(i)), numbers(v.get("baseline").get(i)), 60, false, 1);
        assertClose(number(expected.get("steps").get(i).get("logE")), logE, name + " at " + i);
        assertClose(number(expected.get("steps").get(i).get("phi")), harm.phi(1), name + " phi");
      }
      assertClose(number(expected.get("pValue")), harm.mixture().pValue(), name);
    }
  }

  private static LatencyReference reference(JsonNode v) {
    JsonNode config = v.get("config");
    return new LatencyReference(
        numbers(v.get("edges")),
        numbers(v.get("history")),
        config.get("quantile").asDouble(),
        new Slowdown(config.get("delta").asDouble(), 0));
  }

  private static double[] doubles(int[] numbers) {
    return Arrays.stream(numbers).asDoubleStream().toArray();
  }

  @Test
  void survivalAndQuantilesBetweenEdgesAreTheReferences() {
    for (JsonNode v : Vectors.of("quantileInterpolation")) {
      Survival survival = new Survival(numbers(v.get("edges")), numbers(v.get("survivalAtEdges")));
      for (Map.Entry<String, JsonNode> e : v.get("expected").get("quantiles").properties()) {
        double q = Double.parseDouble(e.getKey());
        if (e.getValue().isNull()) {
          assertTrue(survival.quantile(q).isEmpty(), "beyond the last edge");
        } else {
          assertClose(number(e.getValue()), survival.quantile(q).orElseThrow(), "quantile " + q);
        }
      }
      for (Map.Entry<String, JsonNode> e : v.get("expected").get("survival").properties()) {
        assertClose(
            number(e.getValue()),
            survival.at(Double.parseDouble(e.getKey())),
            "S at " + e.getKey());
      }
    }
  }

  @Test
  void theShiftThatARatioImpliesIsTheReferences() {
    for (JsonNode v : Vectors.of("shiftAtEdge")) {
      Survival survival = new Survival(numbers(v.get("edges")), numbers(v.get("survivalAtEdges")));
      double[] ratio = numbers(v.get("ratioInterval"));
      RatioInterval shift =
          survival.shift(
              v.get("edgeIndex").asInt(), new RatioInterval(ratio[0], ratio[1], ratio[2]));
      assertClose(
          v.get("expected"),
          new double[] {shift.lower(), shift.estimate(), shift.upper()},
          "shift at edge " + v.get("edgeIndex"));
    }
  }

  @Test
  void isotonicRegressionIsTheReferences() {
    for (JsonNode v : Vectors.of("isotonic")) {
      assertArrayEquals(
          numbers(v.get("expected")),
          Isotonic.nonDecreasing(numbers(v.get("x")), numbers(v.get("w"))),
          1e-12);
    }
  }
}
