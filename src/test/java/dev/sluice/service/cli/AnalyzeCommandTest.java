package dev.sluice.service.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sluice.service.http.Golden;
import dev.sluice.service.metrics.prometheus.RealPrometheus;
import dev.sluice.service.plan.Texts;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * {@code sluice analyze} on a real Prometheus that holds three hours of a shop: version 1 fails one
 * request in a hundred all the time, version 2 too, until its third hour, in which it fails six.
 */
@SuppressWarnings("NullAway.Init") // set before all tests
class AnalyzeCommandTest {
  private static final Instant START = Instant.parse("2026-03-02T09:00:00Z");
  private static final Duration SCRAPE = Duration.ofSeconds(15);
  private static final String SOUND = "--end=2026-03-02T11:00:00Z";
  private static final String ROTTEN = "--end=2026-03-02T12:00:00Z";

  @TempDir static Path folder;
  private static RealPrometheus prometheus;
  private static Path plan;

  @BeforeAll
  static void aShopWithAPast() throws IOException {
    plan = folder.resolve("plan.yaml");
    Files.writeString(plan, Texts.resource("/analyze/checkout.plan.yaml"));
    prometheus = RealPrometheus.in(Files.createDirectory(folder.resolve("prometheus")));
    for (String version : List.of("v1", "v2")) {
      boolean rots = version.equals("v2");
      counter("http_requests_total", version, ",code=\"200\"", 99, rots ? 94 : 99);
      counter("http_requests_total", version, ",code=\"500\"", 1, rots ? 6 : 1);
      counter("orders_total", version, "", 5, 5);
    }
    prometheus.load().start();
  }

  /** Grows at one pace for two hours, and at another in the third. */
  private static void counter(
      String name, String version, String labels, double before, double after) {
    prometheus
        .series(name + "{service=\"checkout\",version=\"" + version + "\"" + labels + "}")
        .every(SCRAPE, START.minus(Duration.ofHours(1)), START.plus(Duration.ofHours(3)))
        .ofSeconds(s -> Math.floor(before * Math.min(s, 10_800) + after * Math.max(0, s - 10_800)));
  }

  @AfterAll
  static void stop() {
    prometheus.close();
  }

  private record Ran(int code, String out, String err) {}

  private static Ran run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        new CommandLine(new AnalyzeCommand())
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(arguments);
    return new Ran(code, out.toString(), err.toString());
  }

  private static Ran analyze(String... arguments) {
    List<String> all = new ArrayList<>(List.of(plan.toString()));
    all.addAll(List.of(arguments));
    all.add("--prometheus=" + prometheus.url());
    return run(all.toArray(String[]::new));
  }

  @Test
  void aSoundCanaryIsProvenSafe() {
    Ran ran = analyze("--last=2h", SOUND);

    assertEquals(0, ran.code(), ran.out() + ran.err());
    Golden.check("cli/analyze-safe.txt", ran.out());
  }

  @Test
  void aRegressionIsNamedWithTheTimeAtWhichItWouldHaveBeenRolledBack() {
    Ran ran = analyze("--last=3h", ROTTEN);

    assertEquals(1, ran.code(), ran.out() + ran.err());
    Golden.check("cli/analyze-worse.txt", ran.out());
  }

  @Test
  void theCanaryIsComparedWithItselfBeforeAndAfter() {
    Ran ran = analyze("--last=30m", ROTTEN, "--against=1h");

    assertEquals(1, ran.code(), ran.out() + ran.err());
    assertTrue(ran.out().contains("version=\"v2\"}, 1 h earlier"), ran.out());
  }

  @Test
  void cohortsCanBeNamedOnTheCommandLine() {
    Ran ran = analyze("--last=1h", ROTTEN, "--canary={service=\"checkout\",version=\"v1\"}");

    assertEquals(0, ran.code(), ran.out() + ran.err());
  }

  @Test
  void littleDataIsUnclearAndScriptsMayCallThatAsTheyLike() {
    assertEquals(3, analyze("--last=1m", SOUND).code());
    assertEquals(0, analyze("--last=1m", SOUND, "--treat-inconclusive=pass").code());
    assertEquals(1, analyze("--last=1m", SOUND, "--treat-inconclusive=fail").code());
  }

  @Test
  void noSeriesIsNoData() {
    Ran ran = analyze("--last=1h", SOUND, "--canary={version=\"v9\"}");

    assertEquals(4, ran.code(), ran.out() + ran.err());
    assertTrue(ran.out().contains("No data: Error rate"), ran.out());
  }

  @Test
  void machinesGetTheWholeCourse() throws IOException {
    Ran ran = analyze("--last=3h", ROTTEN, "-o", "json");

    JsonNode said = new JsonMapper().readTree(ran.out());
    assertEquals("worse", said.path("answer").asText());
    assertEquals(180, said.path("looks").asInt());
    assertTrue(said.path("course").path("error-rate").size() > 100, ran.out());
  }

  @Test
  void theReportIsOneFileThatLoadsNothing() {
    Ran ran = analyze("--last=3h", ROTTEN, "-o", "html");

    assertTrue(ran.out().startsWith("<!DOCTYPE html>"), ran.out());
    assertTrue(ran.out().contains("<article class=\"tile fail\""), ran.out());
    assertFalse(ran.out().contains("<script"), "no script");
    assertFalse(ran.out().contains("<link"), "nothing is loaded");
    assertFalse(ran.out().contains("src="), "nothing is loaded");
  }

  @Test
  void aServerThatIsNotThereIsNamed() {
    Ran ran =
        run(plan.toString(), "--last=1h", SOUND, "--prometheus=http://127.0.0.1:1", "--every=30m");

    assertEquals(4, ran.code(), ran.err());
    assertTrue(ran.err().contains("http://127.0.0.1:1"), ran.err());
    assertEquals("", ran.out());
  }

  @Test
  void wrongUsageIsExplained() {
    assertRefused("either --start INSTANT or --last 1h", analyze(SOUND));
    assertRefused("is not after the start", analyze("--start=2026-03-02T12:00:00Z", SOUND));
    assertRefused("the plan has no step 'users-11'", analyze("--last=1h", "--step=users-11"));
    assertRefused("--canary: ", analyze("--last=1h", "--canary=checkout"));
    assertRefused(
        "leave --baseline out", analyze("--last=1h", "--against=1d", "--baseline={a=\"b\"}"));
    assertRefused("between 1 and 1440 looks", analyze("--last=3h", SOUND, "--every=1s"));
    assertRefused(
        "either --prometheus URL or --config FILE", run(plan.toString(), "--last=1h", SOUND));
    assertRefused("no address", run(plan.toString(), "--last=1h", "--prometheus=ftp://x"));
  }

  @Test
  void aBrokenPlanIsReportedWithItsPlaces() throws IOException {
    Path broken = folder.resolve("broken.yaml");
    Files.writeString(broken, Files.readString(plan).replace("worseWhen: higher", "worseWhen: up"));

    Ran ran = run(broken.toString(), "--last=1h", "--prometheus=" + prometheus.url());

    assertRefused("broken.yaml:16:18", ran);
  }

  private static void assertRefused(String why, Ran ran) {
    assertEquals(2, ran.code(), ran.err());
    assertTrue(ran.err().contains(why), ran.err());
    assertEquals("", ran.out());
  }
}
