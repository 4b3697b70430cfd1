package dev.sluice.service.metrics.prometheus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SelectorTest {

  @Test
  void aNameAndMatchersBecomeRangeAndLastSampleQueries() throws BadQuery {
    Selector selector = Selector.parse(" x:y_total { a=\"}\" , b=~'[5m]' } # why\n");

    assertEquals(
        "x:y_total{a=\"}\" , b=~'[5m]'}[67500ms]", selector.samples(Duration.ofMillis(67500)));
    assertEquals(
        "last_over_time(x:y_total{a=\"}\" , b=~'[5m]'}[3600s])",
        selector.last(Duration.ofHours(1)));
  }

  @Test
  void aNameAloneAndMatchersAloneAreSelectorsToo() throws BadQuery {
    assertEquals("x", Selector.parse("x").text());
    assertEquals("x", Selector.parse("x{}").text());
    assertEquals("{__name__=\"x\"}", Selector.parse("{__name__=\"x\"}").text());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "rate(x[5m])",
        "x[5m]",
        "x{a=\"b\"}[5m]",
        "x{a=\"b\"} offset 5m",
        "sum(x{a=\"b\"})",
        "x{a=\"b\"",
        "x a{}",
        "x + y",
        "x{a=\"b\"} + 1",
        "5x{}",
      })
  void whateverElseIsRefusedWithTheReason(String text) {
    BadQuery refusal = assertThrows(BadQuery.class, () -> Selector.parse(text));
    assertTrue(
        String.valueOf(refusal.getMessage()).contains("plain selector"), refusal.getMessage());
  }

  @Test
  void theSuffixOfAHistogramIsAddedOnce() throws BadQuery {
    assertEquals("h_bucket{a=\"b\"}", Selector.parse("h{a=\"b\"}").suffixed("_bucket").text());
    assertEquals("h_bucket", Selector.parse("h_bucket").suffixed("_bucket").text());
    assertThrows(BadQuery.class, () -> Selector.parse("{__name__=\"h\"}").suffixed("_bucket"));
  }
}
