package dev.sluice.service.http.view;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class FiguresTest {

  private static CheckView check(
      String kind, String unit, String worseWhen, String scale, double... numbers) {
    CheckView.CohortView nothing =
        new CheckView.CohortView(OptionalDouble.empty(), OptionalDouble.empty());
    return new CheckView(
        "m",
        "m",
        "M",
        "guardrail",
        kind,
        "pass",
        false,
        "",
        unit,
        worseWhen,
        Optional.of(scale),
        finite(numbers[1]),
        finite(numbers[0]),
        finite(numbers[2]),
        finite(numbers[3]),
        nothing,
        Optional.empty(),
        true,
        Optional.empty(),
        Optional.empty(),
        OptionalLong.empty(),
        Optional.empty());
  }

  private static OptionalDouble finite(double number) {
    return Double.isFinite(number) ? OptionalDouble.of(number) : OptionalDouble.empty();
  }

  private static String read(CheckView check) {
    Figures figures = new Figures(check);
    return (figures.estimate() + " " + figures.interval() + " " + figures.accepted()).strip();
  }

  @Test
  void ratiosAreReadAsChangesInPercent() {
    assertEquals(
        "+4.1 % [-2 % … +10.4 %] ≤ +10 %",
        read(check("baseline", "seconds", "higher", "ratio", 0.98, 1.041, 1.104, 1.1)));
    assertEquals(
        "0 % [-0.9 % … +0.7 %] ≥ -2 %",
        read(check("baseline", "number", "lower", "ratio", 0.991, 1, 1.007, 0.98)));
    assertEquals(
        "+1 % [-10 % … ?] ± 3 %",
        read(
            check(
                "baseline",
                "number",
                "different",
                "ratio",
                0.9,
                1.01,
                Double.POSITIVE_INFINITY,
                1.03)));
  }

  @Test
  void differencesOfSharesAreReadAsPercentagePoints() {
    assertEquals(
        "+0.02 pp [-0.03 pp … +0.07 pp] ≤ +0.1 pp",
        read(check("baseline", "share", "higher", "difference", -0.0003, 0.0002, 0.0007, 0.001)));
  }

  @Test
  void differencesOfLatenciesAreReadAsMilliseconds() {
    assertEquals(
        "+13 ms [-2 ms … +28 ms] ≤ +30 ms",
        read(check("baseline", "seconds", "higher", "difference", -0.002, 0.013, 0.028, 0.03)));
    assertEquals(
        "+13 ms [-2 ms … +28 ms] ≤ +30 ms",
        read(check("baseline", "milliseconds", "higher", "difference", -2, 13, 28, 30)));
  }

  @Test
  void limitsAreReadInTheUnitOfTheValue() {
    assertEquals(
        "0.31 % [0.31 % … 0.31 %] ≤ 2 %",
        read(check("max", "share", "higher", "value", 0.0031, 0.0031, 0.0031, 0.02)));
    assertEquals(
        "12 [12 … 12] ≥ 10", read(check("min", "number", "lower", "value", 12, 12, 12, 10)));
  }

  @Test
  void numbersKeepThreeDigits() {
    assertEquals("0", Figures.plain(0));
    assertEquals("0", Figures.plain(-0.0));
    assertEquals("0.012", Figures.plain(0.0123));
    assertEquals("1.0e-05", Figures.plain(0.00001));
    assertEquals("1.23", Figures.plain(1.234));
    assertEquals("12.3", Figures.plain(12.34));
    assertEquals("1,235", Figures.plain(1234.9));
    assertEquals("-0.5", Figures.plain(-0.5));
    assertEquals("100", Figures.plain(100));
    assertEquals("?", Figures.plain(Double.NaN));
  }

  @Test
  void countsAreShort() {
    assertEquals("812", Figures.count(OptionalDouble.of(812)));
    assertEquals("56.8k", Figures.count(OptionalDouble.of(56_789)));
    assertEquals("1.0M", Figures.count(OptionalDouble.of(999_950)));
    assertEquals("1.2M", Figures.count(OptionalDouble.of(1_201_000)));
    assertEquals("2.0G", Figures.count(OptionalDouble.of(2e9)));
    assertEquals("-", Figures.count(OptionalDouble.empty()));
  }

  @Test
  void timesAreSaidAsPeopleSayThem() {
    Instant now = Instant.parse("2026-03-02T13:43:57Z");
    assertEquals("2 d 3 h", Times.words(Duration.ofHours(51).plusMinutes(9)));
    assertEquals("6 h", Times.words(Duration.ofHours(6).plusSeconds(59)));
    assertEquals("1 min 5 s", Times.words(Duration.ofSeconds(65)));
    assertEquals("0 s", Times.words(Duration.ofSeconds(-5)));
    assertEquals("in 2 h 48 min", Times.relative(Instant.parse("2026-03-02T16:32:15Z"), now));
    assertEquals("12 s ago", Times.relative(now.minusSeconds(12), now));
    assertEquals("now", Times.relative(now.plusMillis(300), now));
    assertEquals("16:32 UTC", Times.clock(Instant.parse("2026-03-02T16:32:15Z"), now));
    assertEquals("3 Mar 00:05 UTC", Times.clock(Instant.parse("2026-03-03T00:05:00Z"), now));
  }
}
