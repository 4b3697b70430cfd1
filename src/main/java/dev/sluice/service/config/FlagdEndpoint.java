package dev.sluice.service.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * A set of flags that we serve ourselves, to flagd and to OpenFeature SDKs.
 *
 * @param file where the set is written to as well
 * @param token good for reading this set and for nothing else; absent: whoever may read everything
 *     else reads it
 * @param timeout of a write to the file
 */
public record FlagdEndpoint(Optional<Path> file, Optional<Secret> token, Duration timeout)
    implements FlagEndpoint {
  /** Weights are thousandths of a percent. */
  static final Granularity GRANULARITY = new Granularity(0.001);

  @Override
  public Granularity granularity() {
    return GRANULARITY;
  }
}
