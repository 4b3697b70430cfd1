package dev.sluice.service.metrics.prometheus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.analyzer.Counts;
import dev.sluice.analyzer.Observed;
import dev.sluice.gates.look.ByPod;
import dev.sluice.gates.look.Observations;
import dev.sluice.gates.look.Question;
import dev.sluice.gates.look.Window;
import dev.sluice.gates.plan.Cohort;
import dev.sluice.gates.plan.Metric;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The same counts once more, pod by pod. */
class PodSplitTest {
  private static final Voice VOICE = new Voice("main", Shop.config(URI.create("http://localhost")));
  private static final Instant END = Shop.START.plusSeconds(1800);
  private static final Duration EVERY = Duration.ofSeconds(60);

  private final PaperPrometheus prometheus = new PaperPrometheus();

  private void counter(double perScrape, String name, String cohort, String... more) {
    Map<String, String> labels = new HashMap<>(Shop.labels(name, more));
    labels.put("job", "shop");
    labels.put("cohort", cohort);
    labels.putIfAbsent("instance", cohort + ":1");
    prometheus.every(Shop.SCRAPE, Shop.START, END, labels, perScrape);
  }

  private void requests(String cohort, String pod, double good, double bad) {
    counter(good, "requests_total", cohort, "code", "200", "pod", pod);
    counter(bad, "requests_total", cohort, "code", "500", "pod", pod);
  }

  private Observations ask(Question question) {
    return new Survey(question, prometheus, Reach.of(Shop.SCRAPE), VOICE).observe().result();
  }

  private List<ByPod> pods(Question question) {
    return ask(question).pods().getOrDefault("errors", List.of());
  }

  private static Question look() {
    return Shop.question(Shop.window(600, 660), Shop.errors());
  }

  private static Question past(Cohort baseline, int fromSeconds, int toSeconds) {
    return new Question(
        "main",
        Shop.window(fromSeconds, toSeconds),
        List.of(new Question.OfMetric(Shop.errors(), baseline, Optional.of(baseline))),
        Optional.empty(),
        EVERY);
  }

  @Test
  void aLookTellsTheBaselinesPodsApartAndCountsTheCanarys() {
    requests("baseline", "b-1", 40, 0);
    requests("baseline", "b-2", 35, 5);
    requests("canary", "c-1", 4, 1);
    requests("canary", "c-2", 5, 0);

    ByPod seen = pods(look()).getFirst();

    assertEquals(Map.of("b-1", new Counts(0, 160), "b-2", new Counts(20, 160)), seen.baseline());
    assertEquals(2, seen.baselinePods());
    assertEquals(2, seen.canaryPods());
  }

  @Test
  void withoutAPodLabelTheInstanceIsThePod() {
    counter(40, "requests_total", "baseline", "code", "200", "instance", "b:1");
    counter(30, "requests_total", "baseline", "code", "200", "instance", "b:2");
    counter(5, "requests_total", "canary", "code", "200");

    assertEquals(Set.of("b:1", "b:2"), pods(look()).getFirst().baseline().keySet());
  }

  @Test
  void thePlanMayNameTheLabelAndThenNoOtherIsTaken() {
    counter(40, "requests_total", "baseline", "code", "200", "zone", "east", "pod", "x");
    counter(30, "requests_total", "baseline", "code", "200", "zone", "west", "pod", "x");
    Cohort byZone =
        new Cohort("baseline", "cohort=\"baseline\"", Map.of(), Duration.ZERO, Optional.of("zone"));
    Cohort byNode =
        new Cohort("baseline", "cohort=\"baseline\"", Map.of(), Duration.ZERO, Optional.of("node"));

    assertEquals(
        Set.of("east", "west"), pods(past(byZone, 600, 660)).getFirst().baseline().keySet());
    assertTrue(pods(past(byNode, 600, 660)).isEmpty(), "no series has it");
  }

  @Test
  void aCohortThatIsOnlyPartlyToldApartIsNotToldApart() {
    counter(40, "requests_total", "baseline", "code", "200", "pod", "b-1");
    counter(40, "requests_total", "baseline", "code", "200", "pod", "b-2");
    counter(1, "requests_total", "baseline", "code", "500", "instance", "gateway");
    counter(5, "requests_total", "canary", "code", "200");

    assertEquals(
        Set.of("baseline:1", "gateway"),
        pods(look()).getFirst().baseline().keySet(),
        "the instance is what all of them have");
  }

  @Test
  void aHistoryIsToldIntervalByIntervalWhateverThePiecesItIsReadIn() {
    requests("baseline", "b-1", 40, 1);
    requests("baseline", "b-2", 40, 0);

    List<ByPod> history = pods(past(Shop.BASELINE, 60, 1800));

    assertEquals(29, history.size());
    for (ByPod interval : history) {
      assertEquals(
          Map.of("b-1", new Counts(4, 164), "b-2", new Counts(0, 160)), interval.baseline());
    }
  }

  @Test
  void aBaselineOfLastWeekHasItsPodsOfLastWeek() {
    requests("baseline", "b-1", 40, 1);
    requests("baseline", "b-2", 40, 0);
    Cohort before = new Cohort("baseline", "cohort=\"baseline\"", Map.of(), Duration.ofMinutes(10));
    Metric.Ratio errors = Shop.errors();
    Question question =
        new Question(
            "main",
            new Window(END.plusSeconds(60), END.plusSeconds(120)),
            List.of(new Question.OfMetric(errors, before, Optional.of(before))),
            Optional.empty());

    assertEquals(
        Map.of("b-1", new Counts(4, 164), "b-2", new Counts(0, 160)),
        pods(question).getFirst().baseline());
  }

  @Test
  void aGreatFleetIsGatheredIntoGroupsThatLoseNothing() {
    for (int i = 0; i < 300; i++) {
      counter(4, "requests_total", "baseline", "code", "200", "pod", "pod-" + i);
    }
    counter(5, "requests_total", "canary", "code", "200");

    ByPod seen = pods(look()).getFirst();

    assertTrue(seen.baseline().size() <= ByPod.MOST);
    assertEquals(300, seen.baselinePods());
    assertEquals(300 * 16.0, seen.exposure(), 1e-9);
  }

  @Test
  void whatIsNotCountedHasNoPods() {
    counter(5, "order_value_sum", "canary");
    counter(5, "order_value_count", "canary");
    counter(5, "order_value_sum", "baseline");
    counter(5, "order_value_count", "baseline");
    Observations seen = ask(Shop.question(Shop.window(600, 660), Shop.basket()));

    assertTrue(seen.metrics().get("basket") instanceof Observed.Seen);
    assertEquals(Map.of(), seen.pods());
  }

  @Test
  void podsCostNoFurtherQuery() {
    requests("baseline", "b-1", 40, 1);
    requests("canary", "c-1", 4, 0);
    assertEquals(4, ask(look()).queries().size());
  }
}
