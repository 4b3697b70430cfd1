package dev.sluice.service.config;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * LaunchDarkly, by its REST API.
 *
 * @param url of the API
 * @param project where plans name none
 * @param environment where plans name none
 * @param contextKind what is counted: "user"
 * @param canary name or value of the variation that is the canary
 * @param baseline of the one that everybody else gets
 * @param killTrigger address of a flag trigger that turns the flag off, without any token: the
 *     second way to take everybody back. It belongs to one flag.
 */
public record LaunchDarklyEndpoint(
    URI url,
    Secret token,
    Optional<String> project,
    Optional<String> environment,
    String contextKind,
    String canary,
    String baseline,
    Optional<KillTrigger> killTrigger,
    Duration timeout)
    implements FlagEndpoint {
  /** Weights are thousandths of a percent. */
  static final Granularity GRANULARITY = new Granularity(0.001);

  /**
   * @param flag the one flag that the trigger turns off
   * @param url the address, which is a secret
   */
  public record KillTrigger(String flag, Secret url) {}

  @Override
  public Granularity granularity() {
    return GRANULARITY;
  }
}
