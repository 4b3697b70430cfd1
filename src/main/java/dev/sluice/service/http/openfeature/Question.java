package dev.sluice.service.http.openfeature;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.Optional;

/** Who asks, as a body says it: {@code {"context":{"targetingKey":"user-1"}}}. */
sealed interface Question {
  /** A context of a user is some lines; more is a mistake. */
  int MOST_BYTES = 64 * 1024;

  int MOST_DEPTH = 50;
  int LONGEST_KEY = 4096;

  JsonMapper JSON =
      JsonMapper.builder(
              com.fasterxml.jackson.core.JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(MOST_DEPTH).build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /**
   * @param user the targeting key; absent: it is not known who asks
   */
  record Asked(Optional<String> user) implements Question {}

  /**
   * @param code in the words of OpenFeature
   */
  record Unclear(int status, String code, String details) implements Question {}

  static Question read(Buffer body) {
    if (body.length() > MOST_BYTES) {
      return new Unclear(
          413, "PARSE_ERROR", "The body is larger than " + MOST_BYTES / 1024 + " KiB.");
    }
    if (body.length() == 0) {
      return new Asked(Optional.empty());
    }
    try {
      return read(JSON.readTree(body.getBytes()));
    } catch (JsonProcessingException e) {
      return new Unclear(400, "PARSE_ERROR", "The body is no JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      return new Unclear(400, "PARSE_ERROR", "The body cannot be read.");
    }
  }

  private static Question read(JsonNode body) {
    if (!body.isObject()) {
      return new Unclear(400, "PARSE_ERROR", "The body must be an object with a 'context'.");
    }
    JsonNode context = body.path("context");
    if (context.isMissingNode() || context.isNull()) {
      return new Asked(Optional.empty());
    }
    if (!context.isObject()) {
      return new Unclear(400, "INVALID_CONTEXT", "'context' must be an object.");
    }
    return user(context.path("targetingKey"));
  }

  private static Question user(JsonNode key) {
    if (key.isMissingNode() || key.isNull()) {
      return new Asked(Optional.empty());
    }
    if (!key.isTextual()) {
      return new Unclear(400, "INVALID_CONTEXT", "'targetingKey' must be a string.");
    }
    return key.textValue().length() > LONGEST_KEY
        ? new Unclear(
            400, "INVALID_CONTEXT", "'targetingKey' is longer than " + LONGEST_KEY + " characters.")
        : new Asked(Optional.of(key.textValue()));
  }
}
