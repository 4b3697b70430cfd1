package dev.sluice.service.notify.slack;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A Slack message as somebody would see it, in plain text: for reading, and for the documentation.
 */
public final class Preview {
  private static final Pattern DATE = Pattern.compile("<!date\\^[^|]*\\|([^>]*)>");
  private static final Pattern GROUP = Pattern.compile("<!subteam\\^([^>]*)>");
  private static final Pattern LINK = Pattern.compile("<https?://[^|>]*\\|([^>]*)>");

  private Preview() {}

  public static String of(String json) {
    try {
      List<String> lines = new ArrayList<>();
      for (JsonNode block : new ObjectMapper().readTree(json).get("blocks")) {
        lines.add(block(block));
      }
      return String.join("\n\n", lines) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(json, e);
    }
  }

  private static String block(JsonNode block) {
    return switch (block.get("type").asText()) {
      case "header" -> "# " + block.get("text").get("text").asText();
      case "context" -> "(" + text(block.get("elements").get(0)) + ")";
      default -> block.has("fields") ? fields(block) : text(block.get("text"));
    };
  }

  private static String fields(JsonNode block) {
    List<String> fields = new ArrayList<>();
    block.get("fields").forEach(field -> fields.add(text(field).replace("\n", ": ")));
    return String.join("\n", fields);
  }

  private static String text(JsonNode node) {
    String text = DATE.matcher(node.get("text").asText()).replaceAll("$1");
    text = GROUP.matcher(text).replaceAll("@$1");
    text = LINK.matcher(text).replaceAll("[$1]");
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
  }
}
