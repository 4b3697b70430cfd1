package dev.sluice.service.json;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** A {@link dev.sluice.gates.rollout.RolloutId} is its text. */
abstract class RolloutIdShape {

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  RolloutIdShape(String value) {}

  @JsonValue
  abstract String value();
}
