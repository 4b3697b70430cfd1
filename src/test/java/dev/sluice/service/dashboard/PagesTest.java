package dev.sluice.service.dashboard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.gates.rollout.Command;
import dev.sluice.gates.rollout.RolloutId;
import dev.sluice.service.http.Scenes;
import dev.sluice.service.http.TestServer;
import dev.sluice.service.store.RolloutStore.Attempt;
import dev.sluice.service.store.RolloutStore.Message;
import dev.sluice.service.store.Samples;
import java.net.http.HttpResponse;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PagesTest {
  private static final Pattern TAG = Pattern.compile("<(/?)([a-zA-Z0-9]+)([^>]*)>");
  private static final Set<String> VOID = Set.of("meta", "link", "input", "br");
  private final TestServer server = new TestServer();

  @AfterEach
  void stop() {
    server.close();
  }

  private String page(String path) {
    HttpResponse<String> answer = server.get(path, "Accept", "text/html");
    assertEquals(200, answer.statusCode());
    assertEquals("text/html; charset=utf-8", answer.headers().firstValue("Content-Type").get());
    return answer.body();
  }

  private static void assertWellFormed(String html) {
    Deque<String> open = new ArrayDeque<>();
    Matcher tags = TAG.matcher(html);
    while (tags.find()) {
      String name = tags.group(2);
      if (!tags.group(1).isEmpty()) {
        assertEquals(open.pop(), name, html.substring(0, tags.end()));
      } else if (!VOID.contains(name)) {
        open.push(name);
      }
    }
    assertTrue(open.isEmpty(), open.toString());
  }

  @Test
  void onePageSaysOneSentenceOneNumberAndOneClock() {
    server.scenes.baking("checkout-1", Scenes.plan("checkout"));

    String html = page("/rollouts/checkout-1");

    assertTrue(
        html.contains(
            "<p class=\"sentence\" role=\"status\">Baking at 10 %. p99 latency is unclear.</p>"),
        html);
    assertTrue(html.contains("<span class=\"big\">10 %</span>"));
    assertTrue(html.contains("in 2 h 48 min"));
    assertTrue(html.contains("16:32 UTC"));
    assertWellFormed(html);
  }

  @Test
  void everythingCanBeReadWithoutScripts() {
    server.scenes.baking("checkout-1", Scenes.plan("checkout"));

    String html = page("/rollouts/checkout-1");

    for (String word :
        List.of(
            "proven safe",
            "unclear",
            "+4.1 %",
            "[-2 % … +10.4 %]",
            "accepted ≤ +10 %",
            "325 ms",
            "312 ms",
            "of 1.2M samples",
            "Observed",
            "Latest looks in numbers",
            "3 h 11 min of 6 h observed",
            "Promoted from 1 % to 10 %",
            "sluice run rollback checkout-1")) {
      assertTrue(html.contains(word), word);
    }
  }

  @Test
  void theMostUrgentMetricComesFirst() {
    server.scenes.baking("checkout-1", Scenes.plan("checkout"));
    server.scenes.look("checkout-1", Scenes.harmful());

    String html = page("/rollouts/checkout-1");

    List<String> verdicts = new ArrayList<>();
    Matcher rows = Pattern.compile("(?s)<article.*?<span class=\"verdict\">([^<]*)").matcher(html);
    while (rows.find()) {
      verdicts.add(rows.group(1));
    }
    assertEquals(
        List.of("worse", "unclear", "within limit", "proven safe", "unclear", "unclear"), verdicts);
  }

  @Test
  void whatCannotBeDoneIsDisabledWithItsReasonAsText() {
    server.scenes.baking("checkout-1", Scenes.plan("checkout"));

    String html = page("/rollouts/checkout-1");

    assertTrue(
        html.contains(
            "aria-describedby=\"why-resume\" disabled>Resume</button>"
                + "<span class=\"why\" id=\"why-resume\">It is not paused.</span>"),
        html);
    assertTrue(html.contains("aria-describedby=\"why-rollback\">Roll back</button>"));
  }

  @Test
  void whatPeopleWriteCannotBecomePartOfThePage() {
    String nasty = "<script>alert(1)</script>\"' onload=x\u0000\u202Eevil";
    server.scenes.baking("checkout-1", Scenes.plan("checkout"));
    server.scenes.tell("checkout-1", new Command.Pause(Scenes.ANNA, nasty));

    for (String path : List.of("/rollouts/checkout-1", "/")) {
      String html = page(path);
      assertFalse(html.contains("<script>"), path);
      assertFalse(html.contains("\u202E"), path);
      assertFalse(html.contains("\u0000"), path);
      assertTrue(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39; onload=x"), path);
      assertWellFormed(html);
    }
  }

  @Test
  void onlyAWebAddressBecomesALink() {
    assertEquals(
        "<span>javascript:alert(1)</span>", StatusPage.link("javascript:alert(1)").toString());
    assertEquals(
        "<a href=\"https://x/?a=&quot;&gt;\" rel=\"noopener noreferrer\">https://x/?a=&quot;&gt;</a>",
        StatusPage.link("https://x/?a=\">").toString());
  }

  @Test
  void everyStateHasAPage() {
    RolloutId id = new RolloutId("r");
    Scenes.await(server.store.commit(Samples.commit(id, 0, 1)));
    for (int version = 1; version < 20; version++) {
      assertWellFormed(page("/rollouts/r"));
      Scenes.await(server.store.commit(Samples.commit(id, version, version + 1)));
    }
    String html = page("/rollouts/r");
    assertTrue(html.contains("Aborted by anna"));
    assertTrue(html.contains("data-live=\"no\""));
    assertFalse(html.contains("data-verb"));
  }

  @Test
  void thePageIsSentAgainOnlyWhenSomethingHasHappened() {
    server.scenes.baking("checkout-1", Scenes.plan("checkout"));
    String etag = server.get("/rollouts/checkout-1").headers().firstValue("ETag").get();

    assertEquals(304, server.get("/rollouts/checkout-1", "If-None-Match", etag).statusCode());
    assertEquals(
        304, server.get("/rollouts/checkout-1?wait=50ms", "If-None-Match", etag).statusCode());
    server.scenes.tell("checkout-1", new Command.Pause(Scenes.ANNA, "lunch"));
    HttpResponse<String> news = server.get("/rollouts/checkout-1?wait=15s", "If-None-Match", etag);
    assertEquals(200, news.statusCode());
    assertTrue(news.body().contains("Paused by anna"));
  }

  @Test
  void messagesThatDidNotArriveAreCounted() {
    RolloutId id = new RolloutId("r");
    Scenes.await(
        server.store.commit(
            Samples.commit(
                id, 0, 3, new Message("r-1", id, "unleash-prod", false, Message.Kind.FLAG, "{}"))));

    assertTrue(page("/rollouts/r").contains("Messages: 1, 1 not delivered"));
  }

  @Test
  void aFlagSystemThatDoesNotObeyIsSaidAloud() {
    RolloutId id = new RolloutId("r");
    Scenes.await(
        server.store.commit(
            Samples.commit(
                id, 0, 3, new Message("r-1", id, "unleash-prod", true, Message.Kind.FLAG, "{}"))));
    Scenes.await(
        server.store.record(
            1, new Attempt.Failed("HTTP 503 <html>", Scenes.START, Scenes.START.plusSeconds(5))));

    assertTrue(
        page("/rollouts/r")
            .contains(
                "<p>unleash-prod has not obeyed after one attempt: HTTP 503 &lt;html&gt;</p>"));
  }

  @Test
  void theFleetShowsWhatRunsFirst() {
    server.scenes.begun("basket-1", Scenes.plan("basket"));
    server.scenes.begun("checkout-1", Scenes.plan("checkout"));
    server.scenes.tell("checkout-1", new Command.Abort(Scenes.ANNA, "enough"));

    String html = page("/");

    assertTrue(html.contains("One rollout is running"));
    assertTrue(html.indexOf("basket") < html.indexOf("Ended"));
    assertTrue(html.indexOf("Ended") < html.indexOf("href=\"/rollouts/checkout-1\""));
    assertWellFormed(html);
  }

  @Test
  void anEmptyFleetSaysHowToBegin() {
    assertTrue(page("/").contains("sluice run start plan.yaml"));
  }

  @Test
  void whatIsNotThereIsAPageToo() {
    HttpResponse<String> missing = server.get("/rollouts/nope");

    assertEquals(404, missing.statusCode());
    assertTrue(missing.body().contains("There is no rollout &#39;nope&#39;."));
    assertWellFormed(missing.body());
  }

  @Test
  void whoIsUnknownIsAskedForTheirToken() {
    try (TestServer guarded =
        new TestServer(TestServer.aTokenForEachRole(), TestServer.generous())) {
      HttpResponse<String> asked = guarded.get("/");

      assertEquals(401, asked.statusCode());
      assertTrue(
          asked.body().contains("<form class=\"sign-in\" method=\"post\" action=\"/session\">"));
      assertWellFormed(asked.body());
    }
  }

  @Test
  void thePageNeedsNothingFromElsewhereAndNoInlineCode() {
    server.scenes.baking("checkout-1", Scenes.plan("checkout"));

    String html = page("/rollouts/checkout-1");

    assertFalse(html.matches("(?s).*\\s(style|on[a-z]+)=.*"), "inline style or handler");
    Matcher sources = Pattern.compile("(?:src|href)=\"([^\"]*)\"").matcher(html);
    while (sources.find()) {
      String target = sources.group(1);
      assertTrue(target.matches("[/#].*") || target.startsWith("https://wiki.example/"), target);
    }
  }
}
