package dev.sluice.service.plan;

import dev.sluice.gates.plan.Plan;
import dev.sluice.service.plan.yaml.Field;
import dev.sluice.service.plan.yaml.Place;
import dev.sluice.service.plan.yaml.Problems;
import dev.sluice.service.plan.yaml.SchemaCheck;
import dev.sluice.service.plan.yaml.Yaml;
import dev.sluice.service.plan.yaml.YamlReader;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/**
 * Reads plans. The same text always gives the same reading; thread-safe.
 *
 * <p>Three questions, asked of every text: is it YAML, does it have the shape of the schema, and
 * does it make sense? The third is asked even where the second failed, so that people see all their
 * mistakes at once.
 */
public final class PlanReader {
  /** The schema as it is served to editors. */
  public static final String SCHEMA = "/schema/rollout-plan.schema.json";

  private static final String BEGINNING = "a plan begins with 'apiVersion: sluice/v1'";

  private final SchemaCheck schema;

  /** Compiles the schema. */
  public PlanReader() {
    schema = SchemaCheck.ofResource(SCHEMA);
  }

  /**
   * The plan in this text, or all its problems with their places.
   *
   * @param text YAML or JSON, at most 256 KiB
   */
  public PlanReading read(String text) {
    Yaml yaml = YamlReader.read(text);
    Problems problems = yaml.problems();
    Optional<Field> root = yaml.field().filter(r -> isPlan(r, problems));
    if (yaml.root().isEmpty() && problems.isEmpty()) {
      problems.add("", Place.START, "there is no plan in this text", BEGINNING);
    }
    if (root.isEmpty()) {
      return new PlanReading.Broken(problems.list());
    }
    schema.check(yaml);
    PlanText plan = new PlanText(root.get());
    return problems.isEmpty()
        ? ok(plan, plan.plan(sha256(text)), root.get())
        : new PlanReading.Broken(problems.list());
  }

  /** Of a text that is something else altogether, a hundred unknown fields would be noise. */
  private static boolean isPlan(Field root, Problems problems) {
    if (!root.isMapping()) {
      problems.add("", root.place(), "this is no plan, but " + root.words(), BEGINNING);
      return false;
    }
    Field version = root.at("apiVersion");
    Field kind = root.at("kind");
    Optional<String> other = version.text().filter(v -> !v.startsWith("sluice/"));
    if (other.isPresent() && kind.text().filter("RolloutPlan"::equals).isEmpty()) {
      version.problem("this is no plan: its apiVersion is '" + other.get() + "'", BEGINNING);
      return false;
    }
    if (!version.given() && !kind.given() && !root.at("spec").given()) {
      problems.add(
          "", root.place(), "this is no plan: it has no apiVersion, kind and spec", BEGINNING);
      return false;
    }
    return true;
  }

  private static PlanReading ok(PlanText text, Plan plan, Field root) {
    Map<String, Place> places = new HashMap<>();
    Field spec = root.at("spec");
    place(spec.at("source").at("prometheus"), places);
    place(spec.at("flag").at("target"), places);
    spec.at("steps").items().forEach(item -> place(item.at("percent"), places));
    place(spec.at("rollback").at("to"), places);
    spec.at("notify").items().forEach(item -> place(item.at("sink"), places));
    return new PlanReading.Ok(plan, Remarks.of(plan, text.steps()), places);
  }

  private static void place(Field field, Map<String, Place> places) {
    if (field.given()) {
      places.put(field.pointer(), field.place());
    }
  }

  private static String sha256(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
