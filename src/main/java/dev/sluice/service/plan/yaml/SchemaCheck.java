package dev.sluice.service.plan.yaml;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Holds a text against a JSON Schema (draft 2020-12) and says in plain words what does not fit.
 * Compiled once; thread-safe.
 *
 * <p>The schema's own words are used: {@code title} names a thing in messages, {@code examples}
 * become hints. So the schema stays the one place that knows the format, for editors and for us.
 */
public final class SchemaCheck {
  private final Node text;
  private final Schema schema;

  private SchemaCheck(Node text) {
    this.text = text;
    SchemaRegistryConfig config = SchemaRegistryConfig.builder().locale(Locale.ROOT).build();
    schema =
        SchemaRegistry.withDefaultDialect(
                SpecificationVersion.DRAFT_2020_12,
                registry -> registry.schemaRegistryConfig(config))
            .getSchema(JsonTree.of(text));
  }

  /**
   * @param resource "/schema/rollout-plan.schema.json"
   */
  public static SchemaCheck ofResource(String resource) {
    return new SchemaCheck(
        YamlReader.read(content(resource)).root().orElseThrow(() -> missing(resource)));
  }

  private static String content(String resource) {
    try (InputStream in = SchemaCheck.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw missing(resource);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static IllegalStateException missing(String resource) {
    return new IllegalStateException("the schema " + resource + " is missing or broken");
  }

  /** Adds a problem for everything that does not fit; what is known to be wrong is left alone. */
  public void check(Yaml yaml) {
    yaml.root().ifPresent(root -> check(yaml, root));
  }

  private void check(Yaml yaml, Node root) {
    SchemaWords words = new SchemaWords(yaml.text(), root, text);
    for (Error error : schema.validate(JsonTree.of(root))) {
      String pointer = error.getInstanceLocation().toString();
      if (!yaml.problems().knows(pointer) || speaksOfItsFields(error)) {
        yaml.problems().add(words.of(error));
      }
    }
  }

  /** One mapping may lack one field and have another too many. */
  private static boolean speaksOfItsFields(Error error) {
    return switch (error.getKeyword()) {
      case "required", "additionalProperties", "propertyNames" -> true;
      default -> false;
    };
  }
}
