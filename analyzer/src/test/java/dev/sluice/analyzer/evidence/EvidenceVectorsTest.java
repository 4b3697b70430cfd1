package dev.sluice.analyzer.evidence;

import static dev.sluice.analyzer.Vectors.assertClose;
import static dev.sluice.analyzer.Vectors.number;
import static dev.sluice.analyzer.Vectors.numbers;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.analyzer.Vectors;
import dev.sluice.analyzer.dispersion.DispersionProfile;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

class EvidenceVectorsTest {
  private static final Cap NO_CAP = Cap.NONE;

  @Test
  void theHarmProcessOfRatesIsTheReferences() {
    for (JsonNode v : Vectors.of("rateHarm")) {
      String name = v.get("name").asText();
      JsonNode config = v.get("config");
      Tuning defaults = Tuning.ofReference(0.01, 86_400);
      Tuning tuning =
          new Tuning(
              config.has("capFraction") ? NO_CAP : defaults.cap(),
              config.path("onset").asBoolean(true) ? defaults.onset() : Onset.AT_ONCE,
              config.path("useDispersion").asBoolean(true),
              false,
              config.path("useDispersion").asBoolean(true));
      Side side = config.path("direction").asInt(1) > 0 ? Side.RISE : Side.FALL;
      Bound bound =
          new Bound(
              side,
              config.path("rho").asDouble(1),
              side.sign() * config.path("absolute").asDouble(0));
      Optional<DispersionProfile> profile =
          config.has("profile")
              ? Optional.of(new DispersionProfile(numbers(config.get("profile"))))
              : Optional.empty();
      RateHarm harm = new RateHarm(bound, tuning, profile);
      JsonNode expected = v.get("expected");
      if (expected.hasNonNull("firstLogFactors")) {
        assertFactors(expected, harm.race(), numbers(v.get("intervals").get(0)), name);
      }
      for (int i = 0; i < v.get("intervals").size(); i++) {
        double[] x = numbers(v.get("intervals").get(i));
        boolean newStep = !v.get("newStepAt").isNull() && v.get("newStepAt").asInt() == i;
        double logE = harm.update(x[0], x[1], x[2], x[3], 60, newStep, 1);
        JsonNode step = expected.get("steps").get(i);
        assertClose(number(step.get("logE")), logE, name + " logE at " + i);
        assertClose(number(step.get("phi")), harm.phi(1), name + " phi at " + i);
        assertClose(number(step.get("B")), harm.mixture().unspent(), name + " B at " + i);
      }
      assertClose(number(expected.get("maxLogE")), harm.mixture().highest(), name);
      assertClose(number(expected.get("pValue")), harm.mixture().pValue(), name);
      assertClose(number(expected.get("ratioEstimate")), harm.ratioEstimate(), name);
    }
  }

  private static void assertFactors(
      JsonNode expected, RaceIncrement race, double[] first, String name) {
    assertClose(expected.get("psi"), race.psi(), name + " psi");
    for (int k = 0; k < race.alternatives(); k++) {
      RaceIncrement.Factors f = race.factors(k, first[1] / first[3]);
      assertClose(
          expected.get("firstLogFactors").get(k),
          new double[] {f.logA(), f.logB(), f.price()},
          name + " factors of " + k);
    }
  }

  @Test
  void theOnsetMixtureIsTheReferences() {
    for (JsonNode v : Vectors.of("onsetMixture")) {
      Cap cap =
          v.get("cap").isNull() ? NO_CAP : new Cap(number(v.get("cap")), Double.NEGATIVE_INFINITY);
      double[] weights = numbers(v.get("weights"));
      Onset onset =
          new Onset(
              number(v.get("startMass")),
              number(v.get("stepMass")),
              number(v.get("horizonSeconds")));
      OnsetMixture mixture =
          v.get("phiGrid").size() > 1
              ? OnsetMixture.withBank(weights, onset, cap)
              : OnsetMixture.exact(weights, onset, cap);
      double[] logE = new double[v.get("raw").size()];
      for (int i = 0; i < logE.length; i++) {
        mixture.update(
            numbers(v.get("raw").get(i)),
            number(v.get("intervalSeconds")),
            v.get("newStepAt").asInt() == i);
        logE[i] = mixture.evaluate(number(v.get("phi")));
      }
      assertClose(v.get("expected").get("logE"), logE, "logE");
      assertClose(number(v.get("expected").get("B")), mixture.unspent(), "B");
      assertClose(number(v.get("expected").get("pValue")), mixture.pValue(), "p");
    }
  }

  @Test
  void theSafeProcessOfRatesIsTheReferences() {
    for (JsonNode v : Vectors.of("rateSafe")) {
      JsonNode config = v.get("config");
      Side side = config.path("direction").asInt(1) > 0 ? Side.RISE : Side.FALL;
      Bound bound =
          new Bound(
              side,
              config.get("rho").asDouble(),
              side.sign() * config.path("absolute").asDouble(0));
      RateSafe safe = new RateSafe(bound, number(v.get("alphaSafe")));
      double[] logE = new double[v.get("intervals").size()];
      for (int i = 0; i < logE.length; i++) {
        double[] x = numbers(v.get("intervals").get(i));
        logE[i] = safe.update(x[0], x[1], x[2], x[3], number(v.get("phi")));
      }
      assertClose(v.get("expected").get("logE"), logE, v.get("name").asText());
    }
  }

  @Test
  void theConfidenceSequenceOfTheRatioIsTheReferences() {
    for (JsonNode v : Vectors.of("ratioCS")) {
      String name = v.get("name").asText();
      RatioSequence ratio = new RatioSequence();
      for (JsonNode interval : v.get("intervals")) {
        double[] x = numbers(interval);
        ratio.update(x[0], x[1], x[2], x[3], number(v.get("phi")));
      }
      JsonNode expected = v.get("expected");
      for (double alpha : new double[] {0.05, 0.01}) {
        RatioInterval i = ratio.interval(alpha);
        assertClose(
            expected.get("alpha" + alpha),
            new double[] {i.lower(), i.estimate(), i.upper()},
            name + " at " + alpha);
      }
      assertClose(
          number(expected.get("logEAgainstAtLeast1.2")), ratio.logAgainstAtLeast(1.2), name);
      assertClose(number(expected.get("logEAgainstAtMost1.0")), ratio.logAgainstAtMost(1.0), name);
    }
  }

  @Test
  void theHarmProcessOfSeriesIsTheReferences() {
    for (JsonNode v : Vectors.of("series")) {
      String name = v.get("name").asText();
      JsonNode config = v.get("config");
      SeriesModel model = new SeriesModel(config.get("burn").asInt(), number(config.get("essMin")));
      if (!v.get("history").isEmpty()) {
        model.learn(numbers(v.get("history")));
      }
      SeriesHarm harm = new SeriesHarm(Tuning.ofReference(0.01, 86_400), model);
      double[] y = numbers(v.get("y"));
      double[] logE = new double[y.length];
      for (int i = 0; i < y.length; i++) {
        logE[i] = harm.update(y[i], 60, false);
      }
      JsonNode expected = v.get("expected");
      assertClose(expected.get("logE"), logE, name + " logE");
      SeriesModel.Parameters p = model.parameters();
      assertClose(
          expected.get("finalParams"),
          new double[] {p.r(), p.variance(), p.effective()},
          name + " parameters");
      assertClose(number(expected.get("phi")), model.phi(), name + " phi");
      MeanInterval mean = model.interval(0.05);
      assertClose(
          expected.get("meanCS5"),
          new double[] {mean.lower(), mean.estimate(), mean.upper()},
          name + " interval");
    }
  }

  @Test
  void theNormalMixtureBoundaryIsTheReferences() {
    for (JsonNode v : Vectors.of("boundary")) {
      NormalMixture mixture = new NormalMixture(number(v.get("alpha")), number(v.get("vOpt")));
      assertClose(number(v.get("expected").get("rho")), mixture.tuning(), "tuning");
      assertClose(
          number(v.get("expected").get("twoSidedNormalMixture")),
          mixture.bound(number(v.get("v"))),
          "boundary");
    }
  }

  @Test
  void theConfidenceSequenceOfAProportionIsTheReferences() {
    for (JsonNode v : Vectors.of("proportionCS")) {
      double x = number(v.get("x"));
      double n = number(v.get("n"));
      ProportionSequence p = new ProportionSequence(x, n, number(v.get("alpha")));
      assertClose(number(v.get("logM")), ProportionSequence.logMarginal(x, n), "ln M");
      assertClose(v.get("expected"), new double[] {p.lower(), p.upper()}, x + " of " + n);
    }
  }

  @Test
  void metricsAreCombinedAndNamedAsInTheReference() {
    for (JsonNode v : Vectors.of("combine")) {
      double[] logE = numbers(v.get("logE"));
      double alpha = number(v.get("alpha"));
      JsonNode expected = v.get("expected");
      assertClose(
          number(expected.get("logMean")),
          Combination.logMean(logE, numbers(v.get("weights"))),
          "mean");
      assertEquals(whole(expected.get("eBH")), Combination.suspicious(logE, alpha));
      assertEquals(
          whole(expected.get("eHolm")),
          Combination.named(logE, LogSpace.equalWeights(logE.length), alpha).stream()
              .sorted()
              .toList());
    }
  }

  private static List<Integer> whole(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).map(JsonNode::asInt).toList();
  }
}
