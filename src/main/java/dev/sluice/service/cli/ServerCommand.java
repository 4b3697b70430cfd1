package dev.sluice.service.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.service.cli.ServerClient.Reply;
import dev.sluice.service.cli.ServerClient.Unreachable;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * A command that asks a server. Whatever goes wrong ends with a sentence on standard error and one
 * of the stable exit codes, never with a stack trace, and never with the code of a regression.
 */
abstract class ServerCommand implements Callable<Integer> {
  @Mixin private ServerOptions options = new ServerOptions();
  @Spec private CommandSpec spec = CommandSpec.create();

  /** The server said no. */
  static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient Reply reply;

    Refused(Reply reply) {
      super("the server answered " + reply.status());
      this.reply = reply;
    }

    Reply reply() {
      return reply;
    }
  }

  /** What the command does; gives the exit code. */
  abstract int run(ServerClient client);

  @Override
  public Integer call() {
    try {
      return run(options.client());
    } catch (Unreachable e) {
      error(String.valueOf(e.getMessage()));
      return ExitCode.CANNOT_TELL;
    } catch (Refused e) {
      explain(e.reply);
      return code(e.reply.status());
    } catch (RuntimeException e) {
      error("A mistake of this program: " + e);
      return ExitCode.CANNOT_TELL;
    }
  }

  CommandSpec spec() {
    return spec;
  }

  ServerOptions options() {
    return options;
  }

  Terminal terminal() {
    return new Terminal(spec.commandLine().getOut(), options.ascii());
  }

  /**
   * Prints a reply in the form that was asked for, if that is not text.
   *
   * @param names what "-o name" prints, one a line
   */
  boolean printed(Reply reply, List<String> names) {
    switch (options.format()) {
      case text -> {
        return false;
      }
      case json -> terminal().raw(reply.body());
      case yaml -> terminal().raw(Yaml.ofJson(reply.body()));
      case name -> names.forEach(terminal()::line);
    }
    return true;
  }

  /** The reply, if it is a good one. */
  static Reply checked(Reply reply) {
    if (!reply.ok()) {
      throw new Refused(reply);
    }
    return reply;
  }

  /** What the file is called in front of a mistake in the plan; others override it. */
  String source() {
    return "plan";
  }

  private void explain(Reply reply) {
    JsonNode problem = reply.json();
    String detail = problem.path("detail").asText("");
    error(
        detail.isEmpty() ? "The server answered " + reply.status() + " and said nothing." : detail);
    for (JsonNode mistake : problem.path("errors")) {
      if (mistake.has("line") || !mistake.path("detail").asText("").equals(detail)) {
        error("  " + place(mistake) + mistake.path("detail").asText("") + hint(mistake));
      }
    }
  }

  private String place(JsonNode mistake) {
    String pointer = mistake.path("pointer").asText("");
    if (mistake.has("line")) {
      return source() + ":" + mistake.get("line") + ":" + mistake.path("column").asInt(1) + ": ";
    }
    return pointer.isEmpty() ? "" : pointer + ": ";
  }

  private static String hint(JsonNode mistake) {
    String hint = mistake.path("hint").asText("");
    return hint.isEmpty() ? "" : " (" + hint + ")";
  }

  static int code(int status) {
    return switch (status) {
      case 400, 404, 405, 413, 415, 422 -> ExitCode.INVALID;
      case 401, 403, 409, 412 -> ExitCode.REFUSED;
      default -> ExitCode.CANNOT_TELL;
    };
  }

  void error(String sentence) {
    PrintWriter err = spec.commandLine().getErr();
    err.println(indented(sentence));
    err.flush();
  }

  private static String indented(String sentence) {
    String safe = Terminal.safe(sentence);
    return sentence.startsWith("  ") ? "  " + safe : safe;
  }
}
