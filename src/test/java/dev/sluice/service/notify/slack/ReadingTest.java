package dev.sluice.service.notify.slack;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.analyzer.Effect;
import dev.sluice.gates.plan.Metric;
import dev.sluice.service.notify.Scenes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReadingTest {

  private static Reading of(String metric) {
    Metric found = Scenes.plan().metric(metric);
    return new Reading(found);
  }

  private static Effect effect(Effect.Scale scale, double lower, double upper) {
    return new Effect(scale, lower, 1, upper, 1.1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0|0",
        "-0.0|0",
        "0.0000123|1.23e−05",
        "0.012345|0.0123",
        "0.61000000001|0.61",
        "12.345|12.3",
        "99.96|100",
        "123.4|123",
        "12345.6|12,346",
        "-1234567|−1,234,567",
        "5e9|5.00e+09",
        "NaN|?",
        "Infinity|?"
      })
  void aNumberHasThreeDigitsThatMatter(double number, String text) {
    assertEquals(text, Reading.number(number));
  }

  @Test
  void aValueHasItsMetricsUnit() {
    assertEquals("0.61 %", of("error-rate").value(0.0061));
    assertEquals("182 ms", of("p99").value(0.182));
    assertEquals("12 s", of("p99").value(12.0));
    assertEquals("44.9", of("basket").value(44.93));
  }

  @Test
  void aChangeIsPercentOfTheBaselineOrADifferenceInTheUnit() {
    assertEquals("+14 %", of("p99").change(Effect.Scale.RATIO, 1.14));
    assertEquals("−100 %", of("p99").change(Effect.Scale.RATIO, 0));
    assertEquals("×12", of("p99").change(Effect.Scale.RATIO, 12));
    assertEquals("+0.42 pp", of("error-rate").change(Effect.Scale.DIFFERENCE, 0.0042));
    assertEquals("−12 ms", of("p99").change(Effect.Scale.DIFFERENCE, -0.012));
    assertEquals("+0 %", of("p99").change(Effect.Scale.RATIO, 1));
  }

  @Test
  void anIntervalSaysWhichOfItsEndsAreOpen() {
    double open = Double.POSITIVE_INFINITY;
    Effect.Scale ratio = Effect.Scale.RATIO;
    assertEquals("+8 to +21 %", of("p99").interval(effect(ratio, 1.08, 1.21)));
    assertEquals("+8 % or more", of("p99").interval(effect(ratio, 1.08, open)));
    assertEquals("+21 % or less", of("p99").interval(effect(ratio, 0, 1.21)));
    assertEquals("not bounded yet", of("p99").interval(effect(ratio, 0, open)));
    assertEquals("+8 % to ×12", of("p99").interval(effect(ratio, 1.08, 12)));
  }

  @Test
  void whatIsAcceptedPointsInTheWorseDirection() {
    assertEquals("accepted up to +10 %", of("p99").accepted(effect(Effect.Scale.RATIO, 1, 1)));
    assertEquals(
        "accepted down to −2 %",
        of("orders").accepted(new Effect(Effect.Scale.RATIO, 1, 1, 1, 0.98)));
    assertEquals(
        "accepted ±3 %", of("basket").accepted(new Effect(Effect.Scale.RATIO, 1, 1, 1, 0.97)));
  }
}
