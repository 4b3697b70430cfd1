package dev.sluice.service.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.sluice.service.cli.ServerClient.Reply;
import dev.sluice.service.plan.PlanReader;
import java.io.InputStream;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sluice plan diff}: what handing in a file would change. */
@Command(
    name = "diff",
    description = "What would change on the server if this plan were handed in.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:nothing would change",
      "2:the plan is invalid",
      "3:it differs, or the server has no such plan",
      "4:no server",
      "5:no right"
    })
final class PlanDiff extends ServerCommand {
  @Parameters(paramLabel = "FILE", description = "The plan; - reads standard input.")
  private String file = "";

  @Option(
      names = {"-u", "--unified"},
      description = "Line by line, as diff -u and git do.")
  private boolean unified;

  private final InputStream in;

  PlanDiff() {
    this(System.in);
  }

  /**
   * @param in what "-" reads
   */
  PlanDiff(InputStream in) {
    this.in = in;
  }

  @Override
  int run(ServerClient client) {
    return switch (PlanFile.read(file, in, new PlanReader())) {
      case PlanFile.Unusable u -> {
        u.sentences().forEach(this::error);
        yield ExitCode.INVALID;
      }
      case PlanFile.Read read -> compare(client, read);
    };
  }

  private int compare(ServerClient client, PlanFile.Read mine) {
    String name = mine.plan().name();
    Reply theirs = client.get(PlanGet.path(name));
    if (theirs.status() == 404) {
      terminal().line("The server has no plan " + name + ": all of it is new.");
      return ExitCode.INCONCLUSIVE;
    }
    String before = checked(theirs).body();
    if (before.equals(mine.text())) {
      return ExitCode.OPEN;
    }
    List<String> lines =
        unified
            ? UnifiedDiff.of(
                name + "@" + PlanGet.shortHash(PlanGet.revision(theirs)),
                before,
                mine.label(),
                mine.text())
            : words(before, mine.text());
    if (lines.isEmpty()) {
      lines = List.of("Only comments and layout differ: the plan says the same.");
    }
    lines.forEach(line -> terminal().raw(safe(line)));
    return ExitCode.INCONCLUSIVE;
  }

  private static List<String> words(String before, String after) {
    try {
      return PlanChanges.between(Yaml.tree(before), Yaml.tree(after));
    } catch (JsonProcessingException e) {
      throw new ServerClient.Unreachable("What the server has is no YAML: try --unified.");
    }
  }

  /** Indentation stays, control characters go. */
  private static String safe(String line) {
    return line.chars()
        .map(c -> Character.isISOControl(c) ? ' ' : c)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
