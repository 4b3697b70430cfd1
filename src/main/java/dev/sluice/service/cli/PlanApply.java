package dev.sluice.service.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.service.cli.ServerClient.Reply;
import dev.sluice.service.plan.PlanReader;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code sluice plan apply}. Each plan replaces exactly the revision that was there when this
 * command looked, or that its caller names: what somebody else handed in meanwhile is not lost.
 */
@Command(
    name = "apply",
    description =
        "Hands plans in. One that is running goes on with the revision it was started with.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:every plan is as in its file",
      "2:a plan is invalid; then none is handed in",
      "4:no server",
      "5:no right, or somebody else handed in another revision"
    })
final class PlanApply extends ServerCommand {
  @Parameters(arity = "1..*", paramLabel = "FILE", description = "Plans; - reads standard input.")
  private List<String> files = new ArrayList<>();

  @Option(
      names = "--if-revision",
      paramLabel = "HASH",
      description =
          "Only if the server has this revision (plan get -o name); \"none\": only if it has no"
              + " plan of this name. For one file.")
  private Optional<String> expected = Optional.empty();

  @Option(names = "--dry-run", description = "Let the server check, and change nothing.")
  private boolean dryRun;

  private final InputStream in;
  private String source = "plan";

  PlanApply() {
    this(System.in);
  }

  /**
   * @param in what "-" reads
   */
  PlanApply(InputStream in) {
    this.in = in;
  }

  @Override
  int run(ServerClient client) {
    List<PlanFile.Read> plans = new ArrayList<>();
    boolean usable = files.size() == 1 || expected.isEmpty();
    if (!usable) {
      error("--if-revision is the revision of one plan: name one file.");
    }
    PlanReader reader = new PlanReader();
    for (String file : files) {
      switch (PlanFile.read(file, in, reader)) {
        case PlanFile.Read read -> plans.add(read);
        case PlanFile.Unusable u -> {
          u.sentences().forEach(this::error);
          usable = false;
        }
      }
    }
    if (!usable) {
      return ExitCode.INVALID;
    }
    plans.forEach(plan -> apply(client, plan));
    return ExitCode.OPEN;
  }

  private void apply(ServerClient client, PlanFile.Read file) {
    source = file.label();
    String path = PlanGet.path(file.plan().name());
    String before = expected.orElseGet(() -> present(client, path));
    Reply answer =
        checked(client.putPlan(path + (dryRun ? "?dryRun=true" : ""), file.text(), before));
    if (printed(answer, List.of(file.plan().name()))) {
      return;
    }
    JsonNode accepted = answer.json();
    String word = "unchanged";
    if (accepted.path("changed").asBoolean()) {
      boolean created = before.equals(ServerClient.NONE);
      word = dryRun ? (created ? "would be new" : "would change") : created ? "new" : "changed";
    }
    terminal()
        .line(
            Terminal.safe(file.plan().name())
                + "@"
                + PlanGet.shortHash(accepted.path("hash").asText(""))
                + " "
                + word);
  }

  private static String present(ServerClient client, String path) {
    Reply now = client.get(path);
    return now.status() == 404 ? ServerClient.NONE : PlanGet.revision(checked(now));
  }

  @Override
  String source() {
    return source;
  }
}
