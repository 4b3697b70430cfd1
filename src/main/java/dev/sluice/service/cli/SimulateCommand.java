package dev.sluice.service.cli;

import dev.sluice.analyzer.JudgeSettings;
import dev.sluice.service.scenarios.DecisionLine;
import dev.sluice.service.scenarios.ScenarioJudge;
import dev.sluice.service.scenarios.ScenarioReader;
import dev.sluice.service.scenarios.ScenarioReader.Reading;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sluice simulate}: scenarios with a known truth in, one decision line each out. */
@Command(
    name = "simulate",
    mixinStandardHelpOptions = true,
    description = {
      "Judges simulated rollouts (canary-scenario/1) look by look, each until harm is proven or to its end.",
      "Writes one JSON line a scenario: id, decision, harmInterval, safeInterval, logE, metrics.",
      "A scenario that cannot be read is named on standard error and passed over; then the exit code is 2.",
      "Each line is written as soon as it is known: what was decided before Ctrl-C is whole."
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls
final class SimulateCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      arity = "1..*",
      paramLabel = "SCENARIO",
      description = "Files (.json, .json.gz) or folders of scenarios.")
  private List<Path> paths;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Where the decisions go; standard output if it is not given.")
  private Optional<Path> out;

  @Option(
      names = "--pace",
      paramLabel = "PACE",
      defaultValue = "steady",
      converter = PaceConverter.class,
      description =
          "steady: the reference implementation, look by look; swift: as rollouts are judged"
              + " (${DEFAULT-VALUE}).")
  private JudgeSettings.Pace pace;

  @Override
  public Integer call() {
    List<Path> files;
    try {
      files = InputFiles.of(paths);
    } catch (InputFiles.NotFound e) {
      return refuse(String.valueOf(e.getMessage()));
    }
    if (out.isEmpty()) {
      return simulate(files, spec.commandLine().getOut());
    }
    try (PrintWriter lines =
        new PrintWriter(Files.newBufferedWriter(out.get(), StandardCharsets.UTF_8))) {
      return simulate(files, lines);
    } catch (IOException e) {
      return refuse("cannot write " + out.get() + ": " + e);
    }
  }

  private int refuse(String why) {
    say("sluice simulate: " + why);
    return ExitCode.INVALID;
  }

  private void say(String line) {
    spec.commandLine().getErr().println(line);
    spec.commandLine().getErr().flush();
  }

  private int simulate(List<Path> files, PrintWriter lines) {
    ScenarioJudge judge = new ScenarioJudge(pace);
    Progress progress =
        new Progress(
            spec.commandLine().getErr(),
            CommandLine.Help.Ansi.AUTO.enabled() && out.isPresent(),
            "scenarios");
    int broken = 0;
    for (Path file : files) {
      switch (ScenarioReader.read(file)) {
        case Reading.Ok ok -> lines.println(DecisionLine.of(judge.judge(ok.scenario())));
        case Reading.Broken b -> {
          broken++;
          progress.clear();
          b.problems().forEach(p -> say("sluice simulate: " + file + ": " + Terminal.safe(p)));
        }
      }
      if (lines.checkError()) { // flushes too
        progress.clear();
        return refuse("cannot write any more: is the disk full, or did the reader go away?");
      }
      progress.show(files.size());
    }
    progress.clear();
    int judged = files.size() - broken;
    say(
        judged
            + (judged == 1 ? " scenario judged" : " scenarios judged")
            + (broken > 0 ? ", " + broken + " could not be read." : "."));
    return broken > 0 ? ExitCode.INVALID : ExitCode.OPEN;
  }
}
