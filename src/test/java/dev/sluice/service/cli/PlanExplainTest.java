package dev.sluice.service.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.service.http.Golden;
import dev.sluice.service.metrics.prometheus.RealPrometheus;
import dev.sluice.service.plan.Texts;
import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What {@code sluice plan explain} prints, and its exit codes. */
class PlanExplainTest {
  private static final String BASE = Texts.resource("/plan/base.plan.yaml");
  private static final Instant AT = Instant.parse("2026-03-02T10:00:00Z");
  private static final Duration SCRAPE = Duration.ofSeconds(15);

  private record Run(int exit, String out, String err) {}

  private static Run run(String plan, String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    PlanExplain command =
        new PlanExplain(new ByteArrayInputStream(plan.getBytes(StandardCharsets.UTF_8)));
    int exit =
        new CommandLine(command)
            .registerConverter(Instant.class, Instant::parse)
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(arguments);
    return new Run(exit, out.toString(), err.toString());
  }

  @Test
  void everyDefaultAndConsequenceIsSaid() {
    Run run = run(BASE, "-");
    assertEquals(ExitCode.OPEN, run.exit(), run.err());
    Golden.check("cli/explain.txt", run.out());
  }

  @Test
  void aWholePlaybookIsExplained() {
    Run run = run(Texts.repository("docs/examples/checkout-migration.plan.yaml"), "-");
    assertEquals(ExitCode.OPEN, run.exit(), run.err());
    Golden.check("cli/explain-migration.txt", run.out());
  }

  @Test
  void aBrokenPlanIsNotExplained() {
    Run run = run(BASE.replace("onDrift", "onDrfit"), "-");
    assertEquals(ExitCode.INVALID, run.exit());
    assertTrue(run.err().startsWith("standard input:"), run.err());
    assertEquals("", run.out());
  }

  @Test
  void aPrometheusThatIsNotThereIsSaid() {
    Run run = run(BASE, "-", "--prometheus", "http://127.0.0.1:1");
    assertEquals(ExitCode.CANNOT_TELL, run.exit());
    assertTrue(run.err().contains("http://127.0.0.1:1"), run.err());
  }

  /** 40 requests a second on four pods, 0.2 % of them fail. */
  private static void traffic(RealPrometheus prometheus) {
    for (int pod = 0; pod < 4; pod++) {
      String labels =
          "{service=\"search\",version=\"v2\",route=\"/search\",job=\"search\",instance=\"s-"
              + pod
              + "\"";
      double rate = 10;
      int shift = pod;
      counting(prometheus, "http_requests_total" + labels + ",code=\"200\"}", rate * 0.998);
      prometheus
          .series("http_requests_total" + labels + ",code=\"503\"}")
          .every(SCRAPE, AT.minus(Duration.ofHours(4)), AT)
          .values(i -> Math.floor(i * 15 * rate * 0.002 + shift * 0.25));
      counting(prometheus, "search_clicks_total" + labels + "}", rate * 0.4);
      bucket(prometheus, labels, "0.1", rate * 0.6);
      bucket(prometheus, labels, "0.25", rate * 0.9);
      bucket(prometheus, labels, "0.5", rate * 0.985);
      bucket(prometheus, labels, "1", rate * 0.997);
      bucket(prometheus, labels, "+Inf", rate);
    }
  }

  private static void bucket(RealPrometheus prometheus, String labels, String le, double rate) {
    counting(
        prometheus, "http_request_duration_seconds_bucket" + labels + ",le=\"" + le + "\"}", rate);
  }

  private static void counting(RealPrometheus prometheus, String series, double rate) {
    prometheus.series(series).every(SCRAPE, AT.minus(Duration.ofHours(4)), AT).counting(rate);
  }

  @Test
  void withAPrometheusEveryStepSaysWhatItCanShow(@TempDir Path folder) {
    try (RealPrometheus prometheus = RealPrometheus.in(folder)) {
      traffic(prometheus);
      prometheus.load().start();
      Run run = run(BASE, "-", "--prometheus", prometheus.url().toString(), "--at", AT.toString());
      assertEquals(ExitCode.OPEN, run.exit(), run.err());
      Golden.check("cli/explain-measured.txt", run.out());
    }
  }
}
