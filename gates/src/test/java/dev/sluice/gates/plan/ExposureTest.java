package dev.sluice.gates.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExposureTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0 %",
    "10, 10 %",
    "100, 100 %",
    "0.5, 0.5 %",
    "33.333333333333336, 33.3333 %",
    "12.50, 12.5 %",
    "0.0001, 0.0001 %",
    "0.00002, 0.00002 %",
    "99.99999, 99.99999 %",
  })
  void itIsShownWithoutDigitsThatSayNothing(double percent, String words) {
    assertEquals(words, new Exposure(percent).toString());
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.1, 100.1, Double.NaN, Double.POSITIVE_INFINITY})
  void whatIsNoShareIsRefused(double percent) {
    assertThrows(IllegalArgumentException.class, () -> new Exposure(percent));
  }

  @Test
  void nobodyIsNobodyWhateverItsSign() {
    assertEquals(Exposure.NONE, new Exposure(-0.0));
    assertEquals(0, Exposure.NONE.compareTo(new Exposure(-0.0)));
  }
}
