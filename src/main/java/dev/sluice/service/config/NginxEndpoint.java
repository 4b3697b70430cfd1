package dev.sluice.service.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * An nginx that splits its clients, by a file of ours that it includes.
 *
 * @param file that is included within {@code http}; nobody else writes it
 * @param splitBy nginx variables that tell one client from another: "$cookie_id"
 * @param canary what the variable holds for who is on the canary
 * @param baseline and for everybody else
 * @param test the command that says whether nginx would take the file
 * @param reload how nginx is told
 * @param timeout of one command
 */
public record NginxEndpoint(
    Path file,
    String splitBy,
    String canary,
    String baseline,
    List<String> test,
    Reload reload,
    Duration timeout)
    implements FlagEndpoint {
  /** nginx counts in hundredths of a percent. */
  static final Granularity GRANULARITY = new Granularity(0.01);

  public NginxEndpoint {
    test = List.copyOf(test);
  }

  /** How nginx is told to read its configuration again. */
  public sealed interface Reload {
    record Command(List<String> words) implements Reload {
      public Command {
        words = List.copyOf(words);
      }
    }

    /**
     * By the signal HUP.
     *
     * @param pidFile in which the number of nginx's main process stands
     */
    record Signal(Path pidFile) implements Reload {}
  }

  @Override
  public Granularity granularity() {
    return GRANULARITY;
  }
}
