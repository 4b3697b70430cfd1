package dev.sluice.service.metrics.prometheus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.analyzer.Absence;
import dev.sluice.analyzer.Buckets;
import dev.sluice.service.metrics.prometheus.Gains.Gain;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HistogramFoldTest {
  private final List<Gain> gains = new ArrayList<>();

  private HistogramFoldTest gain(String pod, String le, double amount) {
    gains.add(new Gain(Shop.labels("h_bucket", "pod", pod, "le", le), amount));
    return this;
  }

  private Buckets folded() {
    return switch (HistogramFold.fold(gains, "h_bucket")) {
      case Got.Ok<Buckets> ok -> ok.value();
      case Got.Missing<Buckets> m -> throw new AssertionError(m.trouble());
    };
  }

  private Trouble missing() {
    return assertInstanceOf(Got.Missing.class, HistogramFold.fold(gains, "h_bucket")).trouble();
  }

  @Test
  void seriesAreAddedAtEachEdgeAndMadeNonCumulative() {
    gain("a", "0.1", 1).gain("a", "1", 4).gain("a", "+Inf", 6);
    gain("b", "1.0", 10).gain("b", "0.10", 5).gain("b", "Inf", 10);

    assertEquals(new Buckets(new double[] {0.1, 1}, new double[] {6, 8, 2}), folded());
  }

  @Test
  void slicesOfOneSeriesAddUp() {
    gain("a", "1", 1).gain("a", "+Inf", 2).gain("a", "1", 10).gain("a", "+Inf", 20);

    assertEquals(new Buckets(new double[] {1}, new double[] {11, 11}), folded());
  }

  @Test
  void onlyEdgesThatAllHaveAreUsed() {
    gain("a", "0.1", 1).gain("a", "0.5", 3).gain("a", "1", 4).gain("a", "+Inf", 6);
    gain("b", "0.1", 5).gain("b", "1", 10).gain("b", "+Inf", 10);

    assertEquals(new Buckets(new double[] {0.1, 1}, new double[] {6, 8, 2}), folded());
  }

  @Test
  void aBucketBelowTheOneBeforeItIsRaisedToIt() {
    gain("a", "0.1", 5).gain("a", "1", 4).gain("a", "2", 7).gain("a", "+Inf", 6);

    assertEquals(new Buckets(new double[] {0.1, 1, 2}, new double[] {5, 0, 2, 0}), folded());
  }

  @Test
  void aHistogramWithoutInfIsNamed() {
    gain("a", "0.1", 5).gain("a", "1", 5);

    assertEquals(Absence.NO_BUCKET, missing().why());
    assertTrue(
        missing().detail().contains("h_bucket{pod=\"a\"} has no bucket le=\"+Inf\""),
        missing().detail());
  }

  @Test
  void anEdgeThatIsNoNumberIsNamed() {
    gain("a", "fast", 5).gain("a", "+Inf", 5);

    assertTrue(missing().detail().contains("le=\"fast\""), missing().detail());
  }

  @Test
  void histogramsWithoutACommonFiniteEdgeCannotBeAdded() {
    gain("a", "1", 5).gain("a", "+Inf", 5).gain("b", "2", 5).gain("b", "+Inf", 5);

    assertEquals(Absence.NO_BUCKET, missing().why());
    assertTrue(missing().detail().contains("in common"), missing().detail());
  }
}
