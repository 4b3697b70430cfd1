package dev.sluice.service.cli;

import dev.sluice.service.cli.ServerClient.Reply;
import dev.sluice.service.cli.ServerClient.Unreachable;
import dev.sluice.service.http.view.RolloutView;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sluice report}. */
@Command(
    name = "report",
    description = "All that is known of a rollout, as one file to keep.",
    mixinStandardHelpOptions = true)
final class ReportCommand implements Callable<Integer> {

  /** How it is written. */
  enum Format {
    html,
    json,
    md
  }

  @Parameters(paramLabel = "ROLLOUT", description = "Its id, or the name of its plan.")
  private String name = "";

  @Option(
      names = "--server",
      paramLabel = "URL",
      defaultValue = "${env:SLUICE_SERVER:-http://127.0.0.1:8080}",
      description = "Where the server is. Else SLUICE_SERVER, else http://127.0.0.1:8080.")
  private URI server = URI.create("http://127.0.0.1:8080");

  @Option(
      names = "--token",
      paramLabel = "TOKEN",
      defaultValue = "${env:SLUICE_TOKEN:-}",
      description = "Who you are. Better in SLUICE_TOKEN.")
  private String token = "";

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "md",
      description = "${COMPLETION-CANDIDATES}; md where nothing is said.")
  private Format format = Format.md;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Where to write it; else to standard output.")
  private @Nullable Path out;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    try {
      ServerClient client = new ServerClient(server, token);
      String id = RunTarget.find(client, name).as(RolloutView.class).id();
      Reply report = ServerCommand.checked(client.get(RunTarget.path(id) + "/report?as=" + format));
      write(report.body());
      return ExitCode.OPEN;
    } catch (Unreachable e) {
      return failed(String.valueOf(e.getMessage()), ExitCode.CANNOT_TELL);
    } catch (ServerCommand.Refused e) {
      Reply reply = e.reply();
      String detail = reply.json().path("detail").asText("");
      return failed(
          detail.isEmpty() ? "The server answered " + reply.status() + "." : detail,
          ServerCommand.code(reply.status()));
    } catch (IOException e) {
      return failed("The report cannot be written: " + e, ExitCode.INVALID);
    }
  }

  private void write(String report) throws IOException {
    if (out != null) {
      Files.writeString(out, report);
      return;
    }
    PrintWriter to = spec.commandLine().getOut();
    to.print(report);
    to.flush();
  }

  private int failed(String sentence, int code) {
    PrintWriter err = spec.commandLine().getErr();
    err.println(Terminal.safe(sentence));
    err.flush();
    return code;
  }
}
