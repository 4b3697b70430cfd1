package dev.sluice.service.template;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Tries a template with the sample events before anything depends on it. */
public final class Trial {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();
  private static final String SECRET = "a \"secret\"";

  private Trial() {}

  /**
   * Everything that would go wrong later.
   *
   * @param mustBeJson what comes out has to be one JSON value
   */
  public static List<Slip> of(Template template, SampleEvents events, boolean mustBeJson) {
    JsonNode fullest = EventValues.of(events.fullest());
    List<Slip> known =
        template.unknownSections(fullest).stream().filter(slip -> !link(slip)).toList();
    Set<Slip> slips = new LinkedHashSet<>(known);
    for (JsonNode event : events.all()) {
      slip(template, EventValues.of(event), fullest, mustBeJson).ifPresent(slips::add);
      if (!slips.isEmpty()) {
        return new ArrayList<>(slips);
      }
    }
    return List.of();
  }

  /** Links have the names that plans give them. */
  private static boolean link(Slip slip) {
    return slip.what().contains("'links.");
  }

  private static Optional<Slip> slip(
      Template template, JsonNode values, JsonNode fullest, boolean mustBeJson) {
    return switch (template.fill(values, reference -> Optional.of(SECRET))) {
      case Template.Filled.Failed failed -> Optional.of(hinted(failed.slip(), template, fullest));
      case Template.Filled.Ok ok -> mustBeJson ? notJson(ok.text(), values) : Optional.empty();
    };
  }

  /** Where the fullest event has it, it is not misspelt but not always there. */
  private static Slip hinted(Slip slip, Template template, JsonNode fullest) {
    boolean atTimes =
        template.fill(fullest, reference -> Optional.of(SECRET)) instanceof Template.Filled.Ok;
    return atTimes
        ? new Slip(
            slip.spot(),
            slip.what() + " at times",
            "put it into a section: {{#name}}...{{name}}...{{/name}}")
        : slip;
  }

  private static Optional<Slip> notJson(String text, JsonNode values) {
    try {
      JSON.readTree(text);
      return text.isBlank()
          ? Optional.of(
              new Slip(
                  new Spot(1, 1),
                  "it gives an empty text for " + event(values),
                  "a JSON body holds a value; where none is wanted, name another contentType"))
          : Optional.empty();
    } catch (JsonProcessingException e) {
      return Optional.of(
          new Slip(
              new Spot(
                  Math.max(1, e.getLocation().getLineNr()),
                  Math.max(1, e.getLocation().getColumnNr())),
              "what it gives for " + event(values) + " is no JSON: " + e.getOriginalMessage(),
              "line and column are those of the text that is sent; see it with: sluice webhook preview"));
    }
  }

  private static String event(JsonNode values) {
    String decision = values.path("decision").asText("");
    return decision.isEmpty()
        ? "a piece of news"
        : "a " + decision + (values.path("disable").asBoolean() ? " that disables" : "");
  }
}
