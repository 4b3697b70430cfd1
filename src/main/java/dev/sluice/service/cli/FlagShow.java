package dev.sluice.service.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.service.flags.Flag;
import dev.sluice.service.flags.FlagSystem;
import dev.sluice.service.flags.Reading;
import io.vertx.core.Future;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code sluice flag show}: where a flag stands in truth. */
@Command(
    name = "show",
    description = "Reads a flag: who is on the canary, and who changed it last.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:it was read",
      "2:wrong usage, the configuration is wrong, or there is no such flag",
      "4:the flag system does not answer, or cannot be read",
      "5:it refuses us"
    })
final class FlagShow implements Callable<Integer> {
  @Mixin private FlagOptions options = new FlagOptions();

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    if (spec == null) {
      throw new IllegalStateException("picocli sets the spec before it calls");
    }
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    return options.ask(err, (system, flag) -> show(system, flag, out, err));
  }

  private Future<Integer> show(FlagSystem system, Flag flag, PrintWriter out, PrintWriter err) {
    return system
        .read(flag)
        .compose(
            reading ->
                switch (reading) {
                  case Reading.Unread unread -> {
                    err.println(unread.trouble().sentence());
                    err.flush();
                    yield Future.succeededFuture(FlagOptions.exitCode(unread.trouble()));
                  }
                  case Reading.Seen seen ->
                      system
                          .lastChange(flag)
                          .map(
                              who -> {
                                out.println(
                                    options.json() ? json(flag, seen, who) : text(flag, seen, who));
                                out.flush();
                                return ExitCode.OPEN;
                              });
                });
  }

  private String text(Flag flag, Reading.Seen seen, Optional<String> who) {
    StringBuilder text = new StringBuilder();
    text.append("%s of %s: %s of the users".formatted(flag.key(), options.name(), seen.exposure()));
    if (!seen.shape().isEmpty()) {
      text.append("\n  ").append(seen.shape());
    }
    seen.oddities().forEach(oddity -> text.append("\n  ! ").append(oddity));
    who.ifPresent(w -> text.append("\n  last change: ").append(w));
    return text.toString();
  }

  private String json(Flag flag, Reading.Seen seen, Optional<String> who) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("flagSystem", options.name());
    json.put("flag", flag.key());
    json.put("percent", seen.exposure().percent());
    json.put("shape", seen.shape());
    seen.oddities().forEach(json.putArray("oddities")::add);
    who.ifPresent(w -> json.put("lastChange", w));
    return json.toPrettyString();
  }
}
