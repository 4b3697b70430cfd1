package dev.sluice.gates.look;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumbersTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 | 0",
        "1 | 1",
        "1.5 | 1.5",
        "1.2345 | 1.23",
        "0.1 | 0.1",
        "0.12345 | 0.123",
        "0.0054321 | 0.00543",
        "0.0000123 | 0.0000123",
        "12.345 | 12.3",
        "99.96 | 100",
        "123.4 | 123",
        "12345.6 | 12,346",
        "123456789 | 123,456,789",
        "-0.5 | -0.5",
        "-1234.4 | -1,234",
        "1.5E9 | 1.50e+09",
        "0.00000012 | 1.20e-07",
        "0.3 | 0.3",
      })
  void aNumberHasThreeDigitsThatSaySomething(double value, String words) {
    assertEquals(words, Numbers.plain(value));
  }

  @Test
  void whatHasNoBoundSaysSo() {
    assertEquals("unbounded", Numbers.plain(Double.POSITIVE_INFINITY));
    assertEquals("unbounded below", Numbers.plain(Double.NEGATIVE_INFINITY));
  }

  @Test
  void aShareIsAPercentage() {
    assertEquals("0.12 %", Numbers.percent(0.0012));
    assertEquals("100 %", Numbers.percent(1));
  }

  @Test
  void aNumberOfThingsIsWhole() {
    assertEquals("5", Numbers.whole(5));
    assertEquals("12,345", Numbers.whole(12344.6));
  }
}
