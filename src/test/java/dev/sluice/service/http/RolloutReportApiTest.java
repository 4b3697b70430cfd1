package dev.sluice.service.http;

import static dev.sluice.service.http.TestServer.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gates.rollout.Command;
import dev.sluice.service.cli.Main;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class RolloutReportApiTest {
  private static final String REPORT = "/api/v1/rollouts/checkout-1/report";
  private final TestServer server = new TestServer();

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void aReportIsOneFileThatLoadsNothing() {
    server.scenes.baking("checkout-1", Scenes.plan("checkout"));

    HttpResponse<String> report = server.get(REPORT, "Accept", "text/html,*/*");

    assertEquals("text/html; charset=utf-8", report.headers().firstValue("Content-Type").get());
    assertTrue(report.body().contains("Baking at 10 %. p99 latency is unclear."));
    assertTrue(report.body().contains("<style>"));
    assertTrue(report.body().contains("What it stood on"));
    assertFalse(report.body().matches("(?s).*(<script|src=|<link|data-verb).*"));
  }

  @Test
  void asMarkdownWhatPeopleWroteStaysText() {
    server.scenes.baking("checkout-1", Scenes.plan("checkout"));
    server.scenes.tell("checkout-1", new Command.Pause(Scenes.ANNA, "<b>lunch</b>\n| # *x*"));

    HttpResponse<String> report = server.get(REPORT + "?as=md");

    assertEquals("text/markdown; charset=utf-8", report.headers().firstValue("Content-Type").get());
    assertTrue(
        report
            .body()
            .contains("| p99 latency | unclear | +4.1 % | \\[-2 % … +10.4 %\\] | ≤ +10 % |"),
        report.body());
    assertTrue(
        report.body().contains("**Paused by anna** &lt;b&gt;lunch&lt;/b&gt; \\| \\# \\*x\\*"));
  }

  @Test
  void asJsonItHasStateTimelineAndCourse() {
    server.scenes.baking("checkout-1", Scenes.plan("checkout"));

    JsonNode report = json(server.get(REPORT));

    assertEquals("checkout-1", report.get("rollout").get("id").textValue());
    assertEquals(
        "2026-03-02T10:00:00Z",
        report.get("timeline").get(report.get("timeline").size() - 1).get("at").textValue());
    assertTrue(report.get("course").get("at").size() > 100);
    assertEquals(400, server.get(REPORT + "?as=pdf").statusCode());
  }

  @Test
  void theCommandLineWritesItIntoAFile(@TempDir Path folder) throws Exception {
    server.scenes.baking("checkout-1", Scenes.plan("checkout"));
    Path file = folder.resolve("report.html");

    assertEquals(0, report("checkout", "-o", "html", "--out", file.toString()));
    assertTrue(Files.readString(file).startsWith("<!DOCTYPE html>"));
    assertEquals(2, report("nothing", "-o", "md"));
  }

  private int report(String... arguments) {
    CommandLine line = new CommandLine(Main.class);
    line.setOut(new PrintWriter(new StringWriter()));
    line.setErr(new PrintWriter(new StringWriter()));
    String[] all = new String[arguments.length + 3];
    all[0] = "report";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    all[arguments.length + 1] = "--server";
    all[arguments.length + 2] = "http://127.0.0.1:" + server.port;
    return line.execute(all);
  }
}
