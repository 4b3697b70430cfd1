package dev.sluice.service.plan.yaml;

import java.util.Optional;

/**
 * A text that was read as YAML.
 *
 * @param root absent where the text cannot be read at all
 * @param problems what is wrong with it as YAML; the checks that follow add theirs
 */
public record Yaml(String text, Optional<Node> root, Problems problems) {

  /** The place of the key that leads to a value; unknown where there is none. */
  public Place place(String pointer) {
    return root.flatMap(r -> Pointer.key(r, pointer)).orElse(Place.UNKNOWN);
  }

  /** The root as a field. */
  public Optional<Field> field() {
    return root.map(r -> Field.root(r, problems));
  }
}
