package dev.sluice.service.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.sluice.service.http.HttpProblem.Mistake;
import dev.sluice.service.json.SluiceJson;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A small JSON body, read strictly: everything that is wrong with it is said at once, and a field
 * nobody knows is a mistake, because it was meant to do something.
 */
public final class Fields {
  private final JsonNode object;
  private final List<Mistake> mistakes = new ArrayList<>();

  private Fields(JsonNode object) {
    this.object = object;
  }

  /** No body at all is an empty object. */
  public static Fields of(Buffer body, List<String> known) {
    JsonNode node = body.length() == 0 ? MissingNode.getInstance() : parse(body);
    Fields fields = new Fields(node);
    if (!node.isObject() && !node.isMissingNode()) {
      fields.mistakes.add(Mistake.at("", "The body must be one JSON object."));
    }
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      if (!known.contains(field.getKey())) {
        fields.mistakes.add(unknown(field.getKey(), known));
      }
    }
    return fields;
  }

  /** For bodies whose sender may send more than we know of: what is not known is not looked at. */
  public static Fields ofSome(Buffer body) {
    JsonNode node = body.length() == 0 ? MissingNode.getInstance() : parse(body);
    Fields fields = new Fields(node);
    if (!node.isObject() && !node.isMissingNode()) {
      fields.mistakes.add(Mistake.at("", "The body must be one JSON object."));
    }
    return fields;
  }

  /** The whole body, to be looked at further. */
  public JsonNode node() {
    return object;
  }

  /** A mistake that the caller found. */
  public void mistake(String pointer, String detail) {
    mistakes.add(Mistake.at(pointer, detail));
  }

  /** Text that has to be there. */
  public String needed(String name, int longest) {
    Optional<String> text = text(name, longest);
    if (text.isEmpty() && object.path(name).isMissingNode()) {
      mistakes.add(Mistake.at(pointer(name), "'" + name + "' is missing."));
    }
    return text.orElse("");
  }

  private static JsonNode parse(Buffer body) {
    try {
      return SluiceJson.mapper().readTree(body.getBytes());
    } catch (JsonProcessingException e) {
      String what = e.getOriginalMessage().lines().findFirst().orElse("it cannot be read");
      Mistake at =
          e.getLocation() == null
              ? Mistake.at("", "Not JSON: " + what + ".")
              : new Mistake(
                  "",
                  Mistake.place(e.getLocation().getLineNr()),
                  Mistake.place(e.getLocation().getColumnNr()),
                  "Not JSON: " + what + ".",
                  Optional.empty());
      throw Problems.badBody(List.of(at)).refusal();
    } catch (IOException e) {
      throw new IllegalStateException("reading from memory cannot fail", e);
    }
  }

  private static Mistake unknown(String name, List<String> known) {
    Optional<String> hint =
        Nearest.to(name, known)
            .map(near -> "did you mean '" + near + "'?")
            .or(() -> Optional.of("known are " + String.join(", ", known)));
    return Mistake.at(pointer(name), "Unknown field '" + name + "'.").hinted(hint);
  }

  private static String pointer(String name) {
    return "/" + name.replace("~", "~0").replace("/", "~1");
  }

  public Optional<String> text(String name, int longest) {
    JsonNode node = object.path(name);
    if (node.isMissingNode()) {
      return Optional.empty();
    }
    if (!node.isTextual()) {
      mistakes.add(Mistake.at(pointer(name), "'" + name + "' must be text."));
      return Optional.empty();
    }
    if (node.textValue().length() > longest) {
      mistakes.add(
          Mistake.at(pointer(name), "'" + name + "' may have " + longest + " characters at most."));
    }
    return Optional.of(node.textValue());
  }

  public OptionalLong count(String name) {
    JsonNode node = object.path(name);
    if (node.isMissingNode()) {
      return OptionalLong.empty();
    }
    if (!node.isIntegralNumber() || !node.canConvertToLong() || node.longValue() < 0) {
      mistakes.add(Mistake.at(pointer(name), "'" + name + "' must be a whole number, at least 0."));
      return OptionalLong.empty();
    }
    return OptionalLong.of(node.longValue());
  }

  /** Fails with everything that was found. */
  public void check() {
    if (!mistakes.isEmpty()) {
      throw Problems.badBody(mistakes).refusal();
    }
  }
}
