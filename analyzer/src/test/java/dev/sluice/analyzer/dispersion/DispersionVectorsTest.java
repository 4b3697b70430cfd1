package dev.sluice.analyzer.dispersion;

import static dev.sluice.analyzer.Vectors.assertClose;
import static dev.sluice.analyzer.Vectors.number;
import static dev.sluice.analyzer.Vectors.numbers;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.analyzer.Vectors;
import org.junit.jupiter.api.Test;

class DispersionVectorsTest {

  @Test
  void theDispersionOfAStreamIsTheReferences() {
    for (JsonNode v : Vectors.of("dispersion")) {
      Dispersion dispersion = Dispersion.ofCounts();
      double[] residuals = numbers(v.get("D"));
      double[] variances = numbers(v.get("v"));
      double[] phis = new double[residuals.length];
      for (int i = 0; i < phis.length; i++) {
        phis[i] = dispersion.add(residuals[i], variances[i]);
      }
      assertClose(v.get("expected").get("phi"), phis, "phi");
    }
  }

  @Test
  void theDispersionBetweenPodsIsTheReferences() {
    for (JsonNode v : Vectors.of("podDispersion")) {
      PodDispersion pods = new PodDispersion(v.get("pods").asInt());
      double[] phis = new double[v.get("counts").size()];
      for (int i = 0; i < phis.length; i++) {
        phis[i] = pods.add(numbers(v.get("counts").get(i)), numbers(v.get("exposures").get(i)));
      }
      JsonNode expected = v.get("expected");
      assertClose(expected.get("phi"), phis, "phi");
      assertClose(expected.get("profileRatio1"), pods.profile(1).levels(), "profile at ratio 1");
      assertClose(
          expected.get("profileRatioHalf"), pods.profile(0.5).levels(), "profile at ratio 1/2");
      assertClose(number(expected.get("phiForRatioHalf")), pods.phiFor(0.5), "phi at ratio 1/2");
    }
  }
}
