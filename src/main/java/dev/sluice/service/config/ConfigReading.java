package dev.sluice.service.config;

import dev.sluice.service.plan.Problem;
import java.util.List;

/** What came of reading a server configuration. */
public sealed interface ConfigReading {

  record Ok(ServerConfig config) implements ConfigReading {}

  /**
   * @param problems at least one, in the order of the text
   */
  record Broken(List<Problem> problems) implements ConfigReading {
    public Broken {
      problems = List.copyOf(problems);
    }
  }
}
