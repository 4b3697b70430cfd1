package dev.sluice.service.notify.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sluice.gates.rollout.RolloutId;
import dev.sluice.service.config.ConfigReader;
import dev.sluice.service.config.ConfigReading;
import dev.sluice.service.config.FlagEndpoint;
import dev.sluice.service.config.ServerConfig.Endpoint;
import dev.sluice.service.notify.Golden;
import dev.sluice.service.plan.Texts;
import dev.sluice.service.store.RolloutStore.Message;
import dev.sluice.service.template.SampleEvents;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The templates on the how-to pages, filled in as they would be, and held against files. */
class TemplatePagesTest {
  private static final Pattern BLOCK =
      Pattern.compile("<!-- template -->\\n```yaml\\n(.*?)```", Pattern.DOTALL);
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{env:([^}]*)}");

  private static List<String> blocks(String page) {
    List<String> blocks = new ArrayList<>();
    Matcher matcher = BLOCK.matcher(Texts.repository("docs/how-to/" + page));
    while (matcher.find()) {
      blocks.add(matcher.group(1));
    }
    return blocks;
  }

  private static Endpoint.Webhook webhook(String text) {
    Map<String, String> environment = new HashMap<>();
    Matcher variable = VARIABLE.matcher(text);
    while (variable.find()) {
      environment.put(variable.group(1), "value-of-" + variable.group(1));
    }
    ConfigReading reading = ConfigReader.read(text, Path.of("."), environment);
    if (reading instanceof ConfigReading.Broken broken) {
      throw new AssertionError(broken.problems() + "\n" + text);
    }
    FlagEndpoint only = ((ConfigReading.Ok) reading).config().flags().values().iterator().next();
    return assertInstanceOf(Endpoint.Webhook.class, only);
  }

  private static Letter letter(Endpoint.Webhook webhook, JsonNode event) {
    Message message =
        new Message(
            "checkout-1-3",
            new RolloutId("checkout-1"),
            "flags",
            false,
            Message.Kind.FLAG,
            event.toString());
    return assertInstanceOf(
            Envelope.Sealed.Ok.class,
            new Envelope("flags", webhook, "1.2.3").seal(message, Instant.EPOCH))
        .letter();
  }

  private static String shown(Letter letter) {
    return letter.method()
        + " "
        + letter.address()
        + "\ncontent-type: "
        + letter.headers().get("content-type")
        + "\n\n"
        + letter.body()
        + "\n";
  }

  private static void check(String page, int blocks) throws Exception {
    List<String> texts = blocks(page);
    assertEquals(blocks, texts.size(), page);
    StringBuilder all = new StringBuilder();
    for (String text : texts) {
      Endpoint.Webhook webhook = webhook(text);
      List<JsonNode> events = SampleEvents.COMMAND.all();
      for (JsonNode event : events) {
        Letter letter = letter(webhook, event);
        if (String.valueOf(letter.headers().get("content-type")).contains("json")) {
          assertTrue(
              JsonMapper.builder()
                  .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                  .build()
                  .readTree(letter.body())
                  .isContainerNode());
        }
      }
      all.append(shown(letter(webhook, events.get(0))));
      all.append(shown(letter(webhook, events.get(2))));
    }
    Golden.assertEqualsFile("templates/" + page.replace(".md", ".txt"), all.toString());
  }

  @Test
  void flagsmithGrowthBookConfigCatAndFliptAreToldInTheirWords() throws Exception {
    check("other-flag-systems.md", 4);
  }

  @Test
  void envoyAndTheGatewayApiAreToldInTheirWords() throws Exception {
    check("nginx-and-envoy.md", 2);
  }
}
