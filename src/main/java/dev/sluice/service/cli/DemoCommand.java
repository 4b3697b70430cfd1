package dev.sluice.service.cli;

import dev.sluice.demo.Demo;
import dev.sluice.demo.Trouble;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sluice demo}: two rollouts in front of your eyes. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description = {
      "Plays two rollouts on this machine, with a real Prometheus and a shop with users: a good release goes to everybody,"
          + " a bad one is rolled back. Needs the program prometheus; bin/demo installs it.",
      "Ends with 0 only if that is what happened."
    })
public final class DemoCommand implements Callable<Integer> {
  @Option(names = "--keep", description = "Leave everything running afterwards, until Ctrl-C.")
  private boolean keep;

  @Option(
      names = "--speed",
      defaultValue = "1",
      paramLabel = "N",
      description = "2: steps half as long, twice the traffic. From 0.5 to 3.")
  private double speed;

  @Option(
      names = "--port",
      defaultValue = "0",
      paramLabel = "PORT",
      description = "Where Sluice listens on 127.0.0.1; 0, the default, takes a free one.")
  private int port;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it before it calls
  private CommandSpec spec;

  @Override
  public Integer call() {
    Demo.Options options;
    try {
      options = new Demo.Options(keep, speed, port, Demo.Options.thisProgram(Main.class.getName()));
    } catch (IllegalArgumentException e) {
      throw new CommandLine.ParameterException(spec.commandLine(), e.getMessage());
    }
    try {
      return new Demo(options, System.out).play() ? ExitCode.OPEN : ExitCode.REGRESSION;
    } catch (Trouble e) {
      spec.commandLine().getErr().println(e.getMessage());
      return ExitCode.CANNOT_TELL;
    }
  }
}
