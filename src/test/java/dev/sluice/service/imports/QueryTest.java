package dev.sluice.service.imports;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QueryTest {
  private static Map<String, String> fields(String query) {
    return Query.read(query).orElseThrow().fields();
  }

  @Test
  void aQuotientOfCountersIsTakenApart() {
    assertEquals(
        Map.of("above", "errors{$cohort,code=\"500\"}", "below", "requests{$cohort}"),
        fields("sum(rate(errors{code=\"500\"}[5m])) / sum(increase(requests[1h]))"));
  }

  @Test
  void aQuantileOfAHistogramIsTakenApart() {
    assertEquals(
        Map.of("quantile", "0.9", "histogram", "latency{$cohort}"),
        fields(
            "histogram_quantile(0.9, sum by (le) (rate(latency_bucket{app=\"{{ app }}\"}[2m])))"));
  }

  @Test
  void allElseIsAValueInTheWindowOfALook() {
    assertEquals(
        Map.of("query", "max(a{$cohort,x=~\"[a-z]+\"}) / max_over_time(b{$cohort}[$window])"),
        fields("max(a{x=~\"[a-z]+\"}) / max_over_time(b[5m])"));
    assertEquals(
        Map.of("query", "sum(a{$cohort}) by (x) > bool 3"),
        fields("sum(a{t=\"${t}\"}) by (x) > bool 3"));
  }

  /** One series that is the same on both sides would hide a regression. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "sum(a{x=\"1\"}) / sum(b)",
        "up",
        "vector(1)",
        "sum(a{x=~\"5.{2}\"}) / sum(b{x=\"1\"})",
        "sum(a{x=\"1\"}) > {{ args.limit }}",
        "{__name__=\"a\"}"
      })
  void aSeriesThatNoCohortCanStandInIsLeftToAPerson(String query) {
    assertEquals(Optional.empty(), Query.read(query));
  }

  @Test
  void whatChoseOneSideIsNamed() {
    assertEquals(
        List.of("pod=~\"<template>.*\""),
        Query.read("avg(a{pod=~\"${scope}.*\",b=\"c\"})").orElseThrow().dropped());
  }
}
