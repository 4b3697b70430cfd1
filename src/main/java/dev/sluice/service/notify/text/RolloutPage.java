package dev.sluice.service.notify.text;

import dev.sluice.gates.rollout.RolloutId;
import java.net.URI;

/**
 * Where people find a rollout.
 *
 * @param publicUrl where people reach this server
 */
public record RolloutPage(URI publicUrl) {

  public String of(RolloutId id) {
    String base = publicUrl.toString();
    return (base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + "/rollouts/" + id;
  }
}
