package dev.sluice.service.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.gates.plan.Tolerance;
import dev.sluice.service.cases.CaseJudge;
import dev.sluice.service.cases.CaseReader;
import dev.sluice.service.cases.CaseReading;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sluice judge}: recorded cases in, one line of decisions a case out. */
@Command(
    name = "judge",
    mixinStandardHelpOptions = true,
    description = {
      "Judges recorded cases look by look, as a rollout would be judged.",
      "Writes one JSON line a case: id, decision, alarmAt, decisions.",
      "A case that cannot be read is named on standard error and passed over; then the exit code is 2."
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls
final class JudgeCommand implements Callable<Integer> {
  private static final int PROGRESS_EVERY = 25;

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "1..*",
      paramLabel = "PATH",
      description = "Files (.json, .json.gz) or folders of cases.")
  private List<Path> paths;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Where the decisions go; standard output if it is not given.")
  private Optional<Path> out;

  @Option(
      names = "--false-alarm",
      paramLabel = "SHARE",
      defaultValue = "0.05",
      description =
          "Chance of a wrong rollback of one case, over all its looks (${DEFAULT-VALUE}).")
  private double falseAlarm;

  @Option(
      names = "--false-pass",
      paramLabel = "SHARE",
      defaultValue = "0.05",
      description =
          "Chance of calling a case safe that is worse than its tolerance (${DEFAULT-VALUE}).")
  private double falsePass;

  @Option(
      names = "--tolerance",
      paramLabel = "SHARE",
      description =
          "Worsening accepted, relative: 0.1 is ten percent. Left out: a plan's defaults.")
  private Optional<Double> tolerance;

  private int judged;
  private int broken;

  @Override
  public Integer call() {
    if (!inRange(falseAlarm) || !inRange(falsePass)) {
      return refuse("--false-alarm and --false-pass must lie above 0 and at most at 0.5");
    }
    if (tolerance.filter(t -> !(t >= 0 && t < 1)).isPresent()) {
      return refuse("--tolerance must lie between 0 and 1, was " + tolerance.get());
    }
    List<Path> files;
    try {
      files = InputFiles.of(paths);
    } catch (InputFiles.NotFound e) {
      return refuse(String.valueOf(e.getMessage()));
    }
    CaseJudge judge = new CaseJudge(falseAlarm, falsePass, tolerance.map(Tolerance.Relative::new));
    if (out.isPresent()) {
      try (PrintWriter lines =
          new PrintWriter(Files.newBufferedWriter(out.get(), StandardCharsets.UTF_8))) {
        judgeAll(files, judge, lines);
      } catch (IOException e) {
        return refuse("cannot write " + out.get() + ": " + e.getMessage());
      }
    } else {
      judgeAll(files, judge, spec.commandLine().getOut());
    }
    return broken > 0 ? ExitCode.INVALID : ExitCode.OPEN;
  }

  private static boolean inRange(double share) {
    return share > 0 && share <= 0.5;
  }

  private int refuse(String why) {
    spec.commandLine().getErr().println("sluice judge: " + why);
    spec.commandLine().getErr().flush();
    return ExitCode.INVALID;
  }

  private void judgeAll(List<Path> files, CaseJudge judge, PrintWriter lines) {
    JsonMapper mapper = JsonMapper.builder().build();
    PrintWriter err = spec.commandLine().getErr();
    boolean terminal = CommandLine.Help.Ansi.AUTO.enabled() && out.isPresent();
    CaseReader reader =
        new CaseReader(
            reading -> {
              switch (reading) {
                case CaseReading.Ok ok -> {
                  lines.println(line(mapper, judge.judge(ok.read())));
                  judged++;
                }
                case CaseReading.Broken b -> {
                  err.println("sluice judge: " + b.where() + ": " + b.why());
                  broken++;
                }
              }
              if (terminal && (judged + broken) % PROGRESS_EVERY == 0) {
                err.print("\r" + judged + " cases judged");
                err.flush();
              }
            });
    files.forEach(reader::read);
    lines.flush();
    err.println(
        (terminal ? "\r" : "")
            + judged
            + " cases judged"
            + (broken > 0 ? ", " + broken + " could not be read" : "")
            + ".");
    err.flush();
  }

  private static String line(JsonMapper mapper, CaseJudge.Decided decided) {
    ObjectNode node = mapper.createObjectNode();
    node.put("id", decided.id());
    node.put("decision", word(decided.decision()));
    if (decided.alarmAt().isPresent()) {
      node.put("alarmAt", decided.alarmAt().getAsInt());
    } else {
      node.putNull("alarmAt");
    }
    ArrayNode words = node.putArray("decisions");
    decided.decisions().forEach(w -> words.add(word(w)));
    node.put("why", decided.sentence());
    try {
      return mapper.writeValueAsString(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String word(CaseJudge.Word word) {
    return word.name().toLowerCase(Locale.ROOT);
  }
}
