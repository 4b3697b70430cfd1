package dev.sluice.service.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.ElementHandle;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Response;
import com.microsoft.playwright.options.ColorScheme;
import dev.sluice.gates.plan.Plan;
import dev.sluice.gates.rollout.Command;
import dev.sluice.service.config.ServerConfig;
import dev.sluice.service.http.HttpApi;
import dev.sluice.service.http.Scenes;
import dev.sluice.service.http.TestServer;
import dev.sluice.service.plan.PlanReading;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PageInBrowserTest {
  private static final String ROLLOUT = "/rollouts/checkout-1";
  private static final Plan PLAN = Scenes.plan("checkout");
  private static final int BUDGET = 60_000;

  private static Chrome chrome;
  private final TestServer server = new TestServer();

  @BeforeAll
  static void open() {
    chrome = new Chrome();
  }

  @AfterAll
  static void shut() {
    chrome.close();
  }

  @BeforeEach
  void forget() {
    chrome.foreign().clear();
    chrome.complaints().clear();
  }

  @AfterEach
  void stop() {
    server.close();
    assertEquals(List.of(), chrome.foreign(), "requests to other places");
    assertEquals(List.of(), chrome.complaints(), "complaints of the browser");
  }

  private Page visit(String path) {
    return visit(path, chrome.page());
  }

  private Page visit(String path, Page page) {
    page.navigate(server.uri(path).toString());
    return page;
  }

  @Test
  void aRolloutIsWatchedFromItsBeginningToItsRollback() {
    server.scenes.begun("checkout-1", PLAN);
    Page page = visit(ROLLOUT);
    Locator sentence = page.locator(".sentence");
    assertThat(sentence).containsText("Moving from 0 % to 1 %");

    server.scenes.confirmed("checkout-1");
    assertThat(sentence).containsText("Baking at 1 %");
    server.scenes.looks("checkout-1", 3, Scenes.well());
    assertThat(page.locator("#tile-p99 .verdict")).hasText("unclear");
    assertThat(page.locator("#course-p99 canvas")).isVisible();
    server.scenes.look("checkout-1", Scenes.harmful());
    assertThat(sentence).containsText("Rolling back to 0 %");
    assertThat(page.locator("article").first().locator(".verdict")).hasText("worse");
    server.scenes.confirmed("checkout-1");

    assertThat(sentence).containsText("Rolled back to 0 %");
    assertThat(page.locator("section.actions")).hasCount(0);
    assertThat(page.locator("#happened")).containsText("The flag system confirmed the rollback");
    page.context().close();
  }

  @Test
  void aChartGrowsWithEveryLookAndIsNotMadeAnew() {
    server.scenes.begun("checkout-1", PLAN);
    server.scenes.confirmed("checkout-1");
    server.scenes.looks("checkout-1", 3, Scenes.well());
    Page page = visit(ROLLOUT);
    ElementHandle canvas = page.waitForSelector("#course-p99 canvas");
    assertThat(page.locator("#course-p99 .says")).hasText("10:01 UTC: +4.1 % [-2 % … +10.4 %]");

    server.scenes.look("checkout-1", Scenes.well());
    assertThat(page.locator("#course-p99 .says")).hasText("10:02 UTC: +4.1 % [-2 % … +10.4 %]");

    assertTrue((Boolean) canvas.evaluate("c => c.isConnected"), "the same canvas");
    page.context().close();
  }

  @Test
  void whatTheReaderHasOpenedStaysOpen() {
    server.scenes.begun("checkout-1", PLAN);
    server.scenes.confirmed("checkout-1");
    server.scenes.looks("checkout-1", 3, Scenes.well());
    Page page = visit(ROLLOUT);
    page.locator("#lately-p99 summary").click();
    page.locator("#do-pause").focus();

    server.scenes.tell("checkout-1", new Command.Extend(Scenes.ANNA, "slow", Duration.ofHours(2)));

    assertThat(page.locator("#happened")).containsText("Extended by anna");
    assertThat(page.locator("#lately-p99 table")).isVisible();
    assertThat(page.locator("#do-pause")).isFocused();
    page.context().close();
  }

  private void act(Page page, String verb, String reason) {
    page.locator("#do-" + verb).click();
    page.locator("#act-reason").fill(reason);
    if (verb.equals("extend")) {
      page.locator("#act-by").fill("2h");
    }
    page.locator("dialog .buttons button").first().click();
    assertThat(page.locator("dialog[open]")).hasCount(0);
  }

  @Test
  void everyActionIsAClickAReasonAndItsEffect() {
    server.scenes.begun("checkout-1", PLAN);
    server.scenes.confirmed("checkout-1");
    server.scenes.look("checkout-1", Scenes.well());
    Page page = visit(ROLLOUT);
    Locator sentence = page.locator(".sentence");

    act(page, "pause", "lunch");
    assertThat(sentence).containsText("Paused by somebody on loopback at 1 %. lunch.");
    act(page, "resume", "full");
    assertThat(sentence).containsText("Baking at 1 %");
    act(page, "extend", "slow week");
    assertThat(page.locator("#happened")).containsText("Extended by somebody on loopback");
    act(page, "promote", "I know it");
    assertThat(sentence).containsText("Moving from 1 % to 10 %");
    assertThat(page.locator("#happened")).containsText("Forced from 1 % to 10 %");
    act(page, "rollback", "enough");
    assertThat(sentence).containsText("Rolling back to 0 %");
    page.context().close();
  }

  @Test
  void anAbortEndsIt() {
    server.scenes.begun("checkout-1", PLAN);
    server.scenes.confirmed("checkout-1");
    Page page = visit(ROLLOUT);

    act(page, "abort", "by hand from here");

    assertThat(page.locator(".sentence")).containsText("Aborted by somebody on loopback");
    page.context().close();
  }

  @Test
  void aReasonThatIsNeededIsAskedForAndARefusalIsSaid() {
    server.scenes.begun("checkout-1", PLAN);
    server.scenes.confirmed("checkout-1");
    Page page = visit(ROLLOUT);

    page.locator("#do-abort").click();
    page.locator("dialog .buttons button").first().click();
    assertThat(page.locator(".refusal")).hasText("Say why: this is kept for ever.");
    page.keyboard().press("Escape");
    page.locator("#do-pause").click();
    server.scenes.look("checkout-1", Scenes.well());
    page.locator("dialog .buttons button").first().click();

    assertThat(page.locator(".refusal")).containsText("it is at version");
    page.context().close();
  }

  @Test
  void theWholePageCanBeUsedWithTheKeyboardAlone() {
    server.scenes.begun("checkout-1", PLAN);
    server.scenes.confirmed("checkout-1");
    Page page = visit(ROLLOUT);

    for (int i = 0; i < 10 && page.locator("#do-rollback:focus").count() == 0; i++) {
      page.keyboard().press("Tab");
    }
    page.keyboard().press("Enter");
    assertThat(page.locator("#act-reason")).isFocused();
    page.keyboard().type("three in the morning");
    page.keyboard().press("Tab");
    page.keyboard().press("Enter");

    assertThat(page.locator(".sentence")).containsText("Rolling back to 0 %");
    page.context().close();
  }

  @Test
  void aServerThatFallsSilentIsSaidToBeSilentAndTheAgeOfTheDataToo() {
    server.scenes.begun("checkout-1", PLAN);
    Page page = visit(ROLLOUT);
    assertThat(page.locator(".sentence")).isVisible();

    Scenes.await(server.api.stop());

    assertThat(page.locator("#stalled"))
        .hasText(Pattern.compile("The server does not answer. This data is [0-9]+ s old."));
    page.context().close();
  }

  @Test
  void aRestartInMidWatchIsBridgedAndWhatHappenedMeanwhileIsShown() {
    server.scenes.begun("checkout-1", PLAN);
    Page page = visit(ROLLOUT);
    assertThat(page.locator(".sentence")).containsText("Moving from 0 % to 1 %");
    Scenes.await(server.api.stop());
    assertThat(page.locator("#stalled")).isVisible();
    server.scenes.confirmed("checkout-1");
    server.scenes.looks("checkout-1", 2, Scenes.well());

    HttpApi next = nextServer();
    try {
      assertThat(page.locator(".sentence")).containsText("Baking at 1 %");
      assertThat(page.locator("#stalled")).isHidden();
      server.scenes.tell("checkout-1", new Command.Pause(Scenes.ANNA, "lunch"));
      assertThat(page.locator(".sentence")).containsText("Paused by anna");
    } finally {
      Scenes.await(next.stop());
    }
    page.context().close();
  }

  /** Another server with the same store, at the same address. */
  private HttpApi nextServer() {
    HttpApi next =
        new HttpApi(
            server.vertx,
            new ServerConfig.Http("127.0.0.1", server.port, Optional.empty(), List.of()),
            new HttpApi.Parts(
                server.store,
                server.rollouts,
                Set.of("prod"),
                text -> new PlanReading.Broken(List.of()),
                server.decider,
                server.telemetry,
                server.probes,
                server.clock,
                "1.2.4"),
            TestServer.generous());
    Scenes.await(next.start());
    return next;
  }

  @Test
  void aReloadShowsTheSamePage() {
    server.scenes.baking("checkout-1", PLAN);
    Page page = visit(ROLLOUT);
    assertThat(page.locator("#course-p99 canvas")).isVisible();

    page.reload();

    assertThat(page.locator("#course-p99 canvas")).isVisible();
    assertThat(page.locator(".sentence")).hasText("Baking at 10 %. p99 latency is unclear.");
    page.context().close();
  }

  @Test
  void withoutScriptsThePageReadsTheSame() {
    server.scenes.baking("checkout-1", PLAN);
    Page page = visit(ROLLOUT, chrome.page(ColorScheme.LIGHT, false));

    assertThat(page.locator(".sentence")).hasText("Baking at 10 %. p99 latency is unclear.");
    assertThat(page.locator("#tile-p99 .numbers")).containsText("+4.1 %");
    assertThat(page.locator("#tile-p99 svg")).isVisible();
    page.context().close();
  }

  @Test
  void nobodyIsKeptOut() throws IOException {
    server.scenes.baking("checkout-1", PLAN);
    server.scenes.begun("basket-1", Scenes.plan("basket"));
    for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
      Page page = visit(ROLLOUT, chrome.page(scheme, true));
      assertThat(page.locator("#course-p99 canvas")).isVisible();
      page.locator("#lately-p99 summary").click();
      page.locator(".evidence summary").first().click();
      assertEquals(List.of(), violations(page), scheme.toString());
      page.locator("#do-promote").click();
      assertEquals(List.of(), violations(page), scheme + " dialog");
      page.keyboard().press("Escape");
      visit("/", page);
      assertEquals(List.of(), violations(page), scheme + " fleet");
      page.context().close();
    }
  }

  private static List<?> violations(Page page) throws IOException {
    try (InputStream axe = PageInBrowserTest.class.getResourceAsStream("/axe.min.js")) {
      page.evaluate(new String(Objects.requireNonNull(axe).readAllBytes(), StandardCharsets.UTF_8));
    }
    return (List<?>)
        page.evaluate(
            "async () => (await axe.run()).violations.map(v => v.id + ': ' +"
                + " v.nodes.map(n => n.html.slice(0, 160)).join(' | '))");
  }

  @Test
  void theWholePageIsSmall() {
    server.scenes.baking("checkout-1", PLAN);
    List<Response> answers = new ArrayList<>();
    Page page = chrome.page();
    page.onResponse(answers::add);
    visit(ROLLOUT, page);
    assertThat(page.locator("#course-p99 canvas")).isVisible();

    int bytes = 0;
    for (Response answer : answers) {
      if (answer.url().contains("/assets/")) {
        bytes += Integer.parseInt(answer.headers().get("content-length"));
        assertEquals("gzip", answer.headers().get("content-encoding"), answer.url());
      }
    }
    assertTrue(bytes > 20_000 && bytes < BUDGET, "bytes: " + bytes);
    page.context().close();
  }

  @Test
  void aNarrowScreenShowsEverythingWithoutScrollingSideways() {
    server.scenes.baking("checkout-1", PLAN);
    Page page = chrome.page();
    page.setViewportSize(360, 740);
    visit(ROLLOUT, page);
    assertThat(page.locator("#course-p99 canvas")).isVisible();

    assertEquals(true, page.evaluate("document.documentElement.scrollWidth <= 360"));
    page.context().close();
  }

  @Test
  void theFleetFollowsByItself() {
    server.scenes.begun("checkout-1", PLAN);
    Page page = visit("/");
    assertThat(page.locator("h1")).hasText("One rollout is running");

    server.scenes.begun("basket-1", Scenes.plan("basket"));

    assertThat(page.locator("h1")).hasText("2 rollouts are running");
    page.context().close();
  }
}
