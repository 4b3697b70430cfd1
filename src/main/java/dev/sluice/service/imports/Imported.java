package dev.sluice.service.imports;

import java.util.List;

/**
 * A plan that was made of another tool's configuration.
 *
 * @param plan YAML; what was lost stands in front of it as comments
 * @param lost what could not be carried over, one sentence each; empty where the plan says all of
 *     it
 */
public record Imported(String plan, List<String> lost) {
  public Imported {
    lost = List.copyOf(lost);
  }
}
