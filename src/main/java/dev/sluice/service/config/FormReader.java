package dev.sluice.service.config;

import dev.sluice.service.plan.yaml.Field;
import dev.sluice.service.template.Escaping;
import dev.sluice.service.template.SampleEvents;
import dev.sluice.service.template.Slip;
import dev.sluice.service.template.Template;
import dev.sluice.service.template.Trial;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads the templates of a webhook, and tries them with sample events. */
final class FormReader {
  private static final String JSON = "application/json";
  private static final Pattern GAP = Pattern.compile("\\{\\{[^{}]*}}");
  private static final Pattern BEFORE_THE_PATH = Pattern.compile("https?://[^/{}]+/.*");

  private final References references;

  FormReader(References references) {
    this.references = references;
  }

  /** Absent where a webhook says nothing of it: then it gets the event as it is. */
  Optional<WebhookForm> read(Field field, SampleEvents events) {
    Field body = field.at("body");
    if (body.text().isEmpty()) {
      return Optional.empty();
    }
    String contentType = field.at("contentType").text().orElse(JSON);
    Optional<Template> template =
        template(body, WebhookForm.escaping(contentType), events, WebhookForm.json(contentType));
    Field url = field.at("url");
    Optional<Template> address =
        url.text().filter(u -> u.contains("{{")).isPresent()
            ? template(url, Escaping.URL, events, false)
            : Optional.empty();
    return template.map(
        t ->
            new WebhookForm(
                field
                    .at("method")
                    .text()
                    .map(WebhookForm.Method::valueOf)
                    .orElse(WebhookForm.Method.POST),
                contentType,
                t,
                address,
                references::now));
  }

  /** Where a form fills in the address, what it is without that: only its host is final. */
  Optional<URI> address(Field field, boolean formed) {
    String text = field.text().orElse("");
    if (!text.contains("{{")) {
      Optional<URI> address = Addresses.read(field, references);
      return formed ? address.flatMap(a -> asWritten(field)) : address;
    }
    if (!formed) {
      return Addresses.read(field, references);
    }
    if (!BEFORE_THE_PATH.matcher(text).matches()) {
      field.problem(
          "the scheme or the host of '" + text + "' depends on the message",
          "only the path and the query may: https://host.example/flags/{{flag.key}}");
      return Optional.empty();
    }
    return Addresses.parse(GAP.matcher(text).replaceAll("x").replaceAll("\\$\\{[^}]*}", "x"));
  }

  /** To some receivers an address with a slash at its end is another one than without. */
  private Optional<URI> asWritten(Field field) {
    return references.resolve(field).map(String::strip).flatMap(Addresses::parse);
  }

  private Optional<Template> template(
      Field field, Escaping escaping, SampleEvents events, boolean mustBeJson) {
    return switch (Template.read(field.text().orElse(""), escaping)) {
      case Template.Reading.Broken broken -> {
        report(field, broken.slips());
        yield Optional.empty();
      }
      case Template.Reading.Ok ok -> {
        ok.template().references().forEach(reference -> references.check(field, reference));
        report(field, Trial.of(ok.template(), events, mustBeJson));
        yield Optional.of(ok.template());
      }
    };
  }

  private static void report(Field field, List<Slip> slips) {
    slips.forEach(
        slip ->
            field.problem(
                slip.what() + " (" + slip.spot() + " of '" + field.name() + "')", slip.hint()));
  }
}
