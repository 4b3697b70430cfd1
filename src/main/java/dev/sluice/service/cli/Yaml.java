package dev.sluice.service.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;

/** The same values, written the other way. */
final class Yaml {
  private static final JsonMapper JSON = new JsonMapper();

  private Yaml() {}

  private static YAMLMapper yaml() {
    return YAMLMapper.builder()
        .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
        .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
        // Without it "0755" and "on" would come back as something else.
        .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
        .enable(YAMLGenerator.Feature.INDENT_ARRAYS_WITH_INDICATOR)
        .build();
  }

  static String ofJson(String json) {
    try {
      return yaml().writeValueAsString(JSON.readTree(json)).stripTrailing();
    } catch (JsonProcessingException e) {
      throw new ServerClient.Unreachable("What answers is no Sluice server: it sent no JSON.");
    }
  }

  static String toJson(String text) {
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(tree(text));
    } catch (JsonProcessingException e) {
      throw new ServerClient.Unreachable("What answers is no Sluice server: it sent no plan.");
    }
  }

  static JsonNode tree(String text) throws JsonProcessingException {
    return yaml().readTree(text);
  }
}
