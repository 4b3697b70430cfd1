package dev.sluice.service.notify.slack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.FieldNamingPolicy;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.reflect.TypeToken;
import com.slack.api.model.block.ContextBlock;
import com.slack.api.model.block.ContextBlockElement;
import com.slack.api.model.block.HeaderBlock;
import com.slack.api.model.block.LayoutBlock;
import com.slack.api.model.block.SectionBlock;
import com.slack.api.model.block.composition.MarkdownTextObject;
import com.slack.api.model.block.composition.TextObject;
import com.slack.api.model.block.element.BlockElement;
import com.slack.api.util.json.GsonBlockElementFactory;
import com.slack.api.util.json.GsonContextBlockElementFactory;
import com.slack.api.util.json.GsonLayoutBlockFactory;
import com.slack.api.util.json.GsonTextObjectFactory;
import dev.sluice.gates.rollout.Outgoing;
import dev.sluice.service.notify.Golden;
import dev.sluice.service.notify.Scenes;
import dev.sluice.service.notify.Wild;
import dev.sluice.service.notify.text.RolloutPage;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SlackMessagesTest {
  private static final int SEEDS = 400;

  /** About 13,200 by experience of others; more is refused with msg_blocks_too_long. */
  private static final int MOST_CHARACTERS = 12_500;

  /** Slack's own model of its blocks. */
  private static final Gson SLACK =
      new GsonBuilder()
          .setFieldNamingPolicy(FieldNamingPolicy.LOWER_CASE_WITH_UNDERSCORES)
          .registerTypeAdapter(LayoutBlock.class, new GsonLayoutBlockFactory())
          .registerTypeAdapter(TextObject.class, new GsonTextObjectFactory())
          .registerTypeAdapter(ContextBlockElement.class, new GsonContextBlockElementFactory())
          .registerTypeAdapter(BlockElement.class, new GsonBlockElementFactory())
          .create();

  private final SlackMessages messages = new SlackMessages(new RolloutPage(Scenes.PUBLIC));

  static Stream<String> scenes() {
    return Scenes.all().keySet().stream();
  }

  private String message(String scene) {
    return messages.of(Scenes.news(scene, "slack"));
  }

  private static List<LayoutBlock> blocks(JsonObject message) {
    return SLACK.fromJson(message.get("blocks"), new TypeToken<List<LayoutBlock>>() {}.getType());
  }

  @ParameterizedTest
  @MethodSource("scenes")
  void everyMessageIsAsInItsFile(String scene) {
    Golden.assertEqualsFile("slack/" + scene + ".json", Golden.pretty(message(scene)));
    Golden.assertEqualsFile("slack/" + scene + ".txt", Preview.of(message(scene)));
  }

  @ParameterizedTest
  @MethodSource("scenes")
  void slacksOwnModelKnowsEveryFieldOfEveryBlock(String scene) {
    JsonObject message = JsonParser.parseString(message(scene)).getAsJsonObject();
    JsonArray again =
        SLACK
            .toJsonTree(blocks(message), new TypeToken<List<LayoutBlock>>() {}.getType())
            .getAsJsonArray();
    assertEquals(message.get("blocks"), again);
  }

  @Test
  void noMessageIsTooLongOrTooManyWhateverIsInThePlan() {
    for (long seed = 0; seed < SEEDS; seed++) {
      for (Outgoing outgoing : new Wild(seed).outgoing()) {
        if (outgoing instanceof Outgoing.Announce news) {
          check(messages.of(news), seed);
        }
      }
    }
  }

  private static void check(String json, long seed) {
    JsonObject message = JsonParser.parseString(json).getAsJsonObject();
    List<LayoutBlock> blocks = blocks(message);
    String where = "seed " + seed;
    assertTrue(blocks.size() <= 50, where);
    int total = message.get("text").getAsString().length();
    for (LayoutBlock block : blocks) {
      total += length(block, where);
    }
    assertTrue(total <= MOST_CHARACTERS, where + ": " + total + " characters");
    assertFalse(message.get("text").getAsString().isBlank(), where);
  }

  private static int length(LayoutBlock block, String where) {
    return switch (block) {
      case HeaderBlock b -> within(b.getText().getText(), 150, where);
      case ContextBlock b -> {
        assertTrue(b.getElements().size() <= 10, where);
        yield b.getElements().stream()
            .mapToInt(e -> within(((MarkdownTextObject) e).getText(), 3000, where))
            .sum();
      }
      case SectionBlock b -> section(b, where);
      default -> throw new AssertionError(where + ": no rule for " + block.getType());
    };
  }

  private static int section(SectionBlock block, String where) {
    if (block.getFields() == null) {
      return within(block.getText().getText(), 3000, where);
    }
    assertTrue(block.getFields().size() <= 10, where);
    return block.getFields().stream().mapToInt(f -> within(f.getText(), 2000, where)).sum();
  }

  /** Slack refuses what is empty too. */
  private static int within(String text, int most, String where) {
    assertTrue(!text.isBlank() && text.length() <= most, where + ": " + text.length() + " " + text);
    return text.length();
  }

  @Test
  void nothingThatIsWrittenElsewhereCanCallAChannelOrMakeALink() {
    for (long seed = 0; seed < SEEDS; seed++) {
      for (Outgoing outgoing : new Wild(seed).outgoing()) {
        if (outgoing instanceof Outgoing.Announce news) {
          String json = messages.of(news);
          assertFalse(json.contains("<!channel>"), json);
          assertTrue(
              json.replaceAll("<!date\\^[^<>]*>", "")
                  .replaceAll("<https://(sluice|wiki)\\.example[^<>|]*\\|[^<>|]*>", "")
                  .chars()
                  .noneMatch(c -> c == '<' || c == '>'),
              json);
        }
      }
    }
  }

  @Test
  void theFallbackCarriesTheSentence() {
    JsonObject message = JsonParser.parseString(message("paused")).getAsJsonObject();
    assertEquals(
        "checkout-v2 was paused by anna: lunch &amp; release &lt;freeze&gt;",
        message.get("text").getAsString());
  }

  @Test
  void aSinkThatWantsEverythingIsCalledOnlyWhereAPersonIsNeeded() {
    assertTrue(message("rolls-back").contains("<!subteam^S0PAYMENTS> @anna "));
    assertTrue(message("rollback-failed").contains("<!subteam^S0PAYMENTS>"));
    assertFalse(message("promoted").contains("S0PAYMENTS"));
    assertFalse(message("completed").contains("S0PAYMENTS"));
  }

  @Test
  void anEscapeIsNotCutInTwo() {
    assertEquals("a&amp;…", Mrkdwn.fitted("a&&b", 8));
    assertEquals("a…", Mrkdwn.fitted("a&&b", 4));
    assertEquals("a&amp;&amp;b", Mrkdwn.fitted("a&&b", 12));
  }

  @Test
  void slacksIdsRingAndOtherNamesAreOnlyShown() {
    assertEquals("<@U0123ABCD>", Mrkdwn.mention("@U0123ABCD"));
    assertEquals("<!subteam^S0123ABCD>", Mrkdwn.mention("S0123ABCD"));
    assertEquals("<!here>", Mrkdwn.mention("@here"));
    assertEquals("@on &lt;call&gt;", Mrkdwn.mention("on <call>"));
  }

  @Test
  void anAddressThatIsNoWebAddressIsNoLink() {
    assertEquals("runbook: javascript:alert(1)", Mrkdwn.link("runbook", "javascript:alert(1)"));
    assertEquals("<https://x/?a=1&amp;b=%7C|a/b>", Mrkdwn.link("a|b", "https://x/?a=1&b=|"));
  }
}
