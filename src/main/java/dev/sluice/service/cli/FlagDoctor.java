package dev.sluice.service.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.service.flags.Finding;
import dev.sluice.service.flags.Flag;
import dev.sluice.service.flags.FlagSystem;
import dev.sluice.service.flags.Reading;
import io.vertx.core.Future;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code sluice flag doctor}: whether a rollout could move a flag, and if not, why. */
@Command(
    name = "doctor",
    description = "Says everything that would keep a rollout from moving a flag. Changes nothing.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:a rollout could move it",
      "2:it could not, as the flag is; or wrong usage, or the configuration is wrong",
      "4:the flag system does not answer, or cannot be read",
      "5:it refuses us"
    })
final class FlagDoctor implements Callable<Integer> {
  @Mixin private FlagOptions options = new FlagOptions();

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    if (spec == null) {
      throw new IllegalStateException("picocli sets the spec before it calls");
    }
    PrintWriter out = spec.commandLine().getOut();
    return options.ask(spec.commandLine().getErr(), (system, flag) -> examine(system, flag, out));
  }

  private Future<Integer> examine(FlagSystem system, Flag flag, PrintWriter out) {
    return system
        .read(flag)
        .compose(
            reading ->
                system
                    .preflight(flag)
                    .map(
                        findings -> {
                          out.println(options.json() ? json(flag, findings) : text(flag, findings));
                          out.flush();
                          return code(reading, findings);
                        }));
  }

  private static int code(Reading reading, List<Finding> findings) {
    return switch (reading) {
      case Reading.Unread unread -> FlagOptions.exitCode(unread.trouble());
      case Reading.Seen seen -> works(findings) ? ExitCode.OPEN : ExitCode.INVALID;
    };
  }

  private static boolean works(List<Finding> findings) {
    return findings.stream().noneMatch(f -> f.level() == Finding.Level.PROBLEM);
  }

  private String text(Flag flag, List<Finding> findings) {
    StringBuilder text = new StringBuilder();
    for (Finding finding : findings) {
      text.append(
          switch (finding.level()) {
            case GOOD -> "ok       ";
            case WARNING -> "warning  ";
            case PROBLEM -> "problem  ";
          });
      text.append(finding.what()).append('\n');
      if (!finding.remedy().isBlank()) {
        text.append("         -> ").append(finding.remedy()).append('\n');
      }
    }
    text.append(
        works(findings)
            ? "A rollout could move %s of %s.".formatted(flag.key(), options.name())
            : "A rollout could not move %s of %s.".formatted(flag.key(), options.name()));
    return text.toString();
  }

  private String json(Flag flag, List<Finding> findings) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("flagSystem", options.name());
    json.put("flag", flag.key());
    json.put("works", works(findings));
    ArrayNode all = json.putArray("findings");
    for (Finding finding : findings) {
      all.addObject()
          .put("level", finding.level().name().toLowerCase(Locale.ROOT))
          .put("what", finding.what())
          .put("remedy", finding.remedy());
    }
    return json.toPrettyString();
  }
}
