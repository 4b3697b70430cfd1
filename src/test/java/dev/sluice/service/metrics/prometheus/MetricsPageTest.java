package dev.sluice.service.metrics.prometheus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.analyzer.Absence;
import dev.sluice.gates.look.Question;
import dev.sluice.service.plan.FencedBlocks;
import dev.sluice.service.plan.Texts;
import java.net.URI;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The page about metrics shows the queries that are sent. */
class MetricsPageTest {
  private static final String PAGE = Texts.repository("docs/reference/metrics.md");
  private static final Instant FIRST = Shop.START.plusSeconds(615);

  private final PaperPrometheus prometheus = new PaperPrometheus();

  private static Map<String, String> of(String name, String... more) {
    Map<String, String> labels = new HashMap<>(Shop.labels(name, more));
    labels.putAll(Map.of("job", "shop", "instance", "10.0.0.7:8080", "cohort", "canary"));
    return labels;
  }

  @Test
  void everyQueryOfThePageIsSentAndNoOther() {
    Map<String, String> another = new HashMap<>(of("requests_total", "code", "200"));
    another.put("instance", "10.0.0.1:8080");
    prometheus.every(Shop.SCRAPE, Shop.START, FIRST, another, 1);
    prometheus.put(of("requests_total", "code", "200"), FIRST, 3);
    Question question =
        new Question(
            "main",
            Shop.window(600, 630),
            List.of(
                new Question.OfMetric(Shop.errors(), Shop.CANARY, Optional.empty()),
                new Question.OfMetric(Shop.latency(), Shop.CANARY, Optional.empty())),
            Optional.empty());

    new Survey(
            question,
            prometheus,
            Reach.of(Shop.SCRAPE),
            new Voice("main", Shop.config(URI.create("http://localhost"))))
        .observe();

    Set<String> shown =
        FencedBlocks.of(PAGE).stream()
            .filter(b -> b.kind().equals("text"))
            .flatMap(b -> b.text().lines())
            .collect(Collectors.toSet());
    Set<String> sent =
        prometheus.asked().stream()
            .map(Query::promql)
            // The latency has no series here: it is looked for further back, and natively.
            .filter(q -> !q.contains("request_seconds") || q.startsWith("request_seconds_bucket"))
            .collect(Collectors.toSet());
    assertEquals(sent, shown);
  }

  @Test
  void everyAbsenceIsExplained() {
    for (Absence absence : Absence.values()) {
      assertTrue(PAGE.contains("`" + absence + "`"), absence + " is not on the page");
    }
  }
}
