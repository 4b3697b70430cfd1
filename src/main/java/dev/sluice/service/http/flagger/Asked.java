package dev.sluice.service.http.flagger;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.service.http.Fields;
import dev.sluice.service.store.Run;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What Flagger sends. What it may send besides is not looked at: it belongs to Flagger and grows.
 *
 * @param checksum of the revision; during confirm-rollout still the one before
 * @param weight percent that an event tells of
 */
record Asked(
    String name, String namespace, String phase, String checksum, Optional<String> weight) {
  private static final int LONGEST = 253;
  private static final Pattern KUBERNETES = Pattern.compile("[a-z0-9]([-a-z0-9.]*[a-z0-9])?");
  private static final Pattern CHECKSUM = Pattern.compile("[-A-Za-z0-9._:]*");
  private static final Pattern WEIGHT = Pattern.compile("canary weight ([0-9]{1,3})\\b");

  /** Fails with a refusal that names everything that is wrong. */
  static Asked read(Buffer body) {
    Fields fields = Fields.ofSome(body);
    String name = fields.needed("name", LONGEST);
    String namespace = fields.needed("namespace", LONGEST);
    String phase = fields.text("phase", 64).orElse("");
    String checksum = fields.text("checksum", LONGEST).orElse("");
    named(fields, "name", name);
    named(fields, "namespace", namespace);
    if (!CHECKSUM.matcher(checksum).matches()) {
      fields.mistake("/checksum", "'checksum' must be letters, digits and -._: alone.");
    }
    JsonNode metadata = fields.node().path("metadata");
    if (!metadata.isMissingNode() && !metadata.isNull() && !metadata.isObject()) {
      fields.mistake("/metadata", "'metadata' must be an object.");
    }
    fields.check();
    Matcher weight = WEIGHT.matcher(metadata.path("eventMessage").asText(""));
    return new Asked(
        name,
        namespace,
        phase,
        checksum,
        weight.find() ? Optional.of(weight.group(1)) : Optional.empty());
  }

  private static void named(Fields fields, String field, String value) {
    if (!value.isEmpty() && !KUBERNETES.matcher(value).matches()) {
      fields.mistake("/" + field, "'" + field + "' is not a name of Kubernetes.");
    }
    if (value.isEmpty() && fields.node().path(field).isTextual()) {
      fields.mistake("/" + field, "'" + field + "' is empty.");
    }
  }

  Run.Key key(String plan) {
    return new Run.Key("flagger", plan, namespace + "/" + name);
  }
}
