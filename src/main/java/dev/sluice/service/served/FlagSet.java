package dev.sluice.service.served;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The flags of one set at one moment, and the document of them that flagd reads.
 *
 * <p>A flag that is closed or open to everybody has no targeting: then whoever asks gets the
 * default variant, also those of whom it is not known who they are. It is never disabled: a
 * disabled flag answers with whatever the caller's code has for a default, and that may be the
 * canary.
 *
 * @param document as JSON
 * @param version changes with every change of a flag, and is the same in every process
 */
public record FlagSet(String name, Map<String, ServedFlag> flags, String document, String version) {
  private static final String SCHEMA = "https://flagd.dev/schema/v0/flags.json";
  private static final int VERSION_DIGITS = 16;
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  public FlagSet {
    flags = Map.copyOf(flags);
  }

  /** The set of these flags, in which each key is there once. */
  public static FlagSet of(String name, Collection<ServedFlag> flags) {
    Map<String, ServedFlag> byKey = new TreeMap<>();
    flags.forEach(flag -> byKey.put(flag.key(), flag));
    ObjectNode all = JsonNodeFactory.instance.objectNode();
    byKey.forEach((key, flag) -> all.set(key, definition(flag)));
    String version = digest(name + "\n" + all).substring(0, VERSION_DIGITS);
    ObjectNode document = JsonNodeFactory.instance.objectNode().put("$schema", SCHEMA);
    document.putObject("metadata").put("flagSetId", name).put("version", version);
    document.set("flags", all);
    return new FlagSet(name, byKey, text(document), version);
  }

  public Optional<ServedFlag> flag(String key) {
    return Optional.ofNullable(flags.get(key));
  }

  private static ObjectNode definition(ServedFlag flag) {
    ObjectNode json = JsonNodeFactory.instance.objectNode().put("state", "ENABLED");
    json.putObject("variants").put("on", true).put("off", false);
    json.put("defaultVariant", flag.open() ? "on" : "off");
    if (!flag.closed() && !flag.open()) {
      int weight = Fraction.weight(flag.exposure());
      json.putObject("targeting")
          .putArray("fractional")
          .add(JsonNodeFactory.instance.arrayNode().add("on").add(weight))
          .add(JsonNodeFactory.instance.arrayNode().add("off").add(Fraction.WHOLE - weight));
    }
    json.putObject("metadata")
        .put("plan", flag.plan())
        .put("step", flag.step())
        .put("rollout", flag.rollout());
    return json;
  }

  private static String text(ObjectNode document) {
    try {
      return JSON.writeValueAsString(document) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree can always be written", e);
    }
  }

  private static String digest(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
