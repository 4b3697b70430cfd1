package dev.sluice.service.cli;

import dev.sluice.service.app.Sluice;
import dev.sluice.service.config.ConfigReader;
import dev.sluice.service.config.ConfigReading;
import dev.sluice.service.config.ServerConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.PrintWriter;
import java.net.BindException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sluice serve}: the service itself, until it is told to end. */
@Command(
    name = "serve",
    mixinStandardHelpOptions = true,
    description = {
      "Runs the service until SIGTERM or Ctrl-C; then it says that it is not ready, lets what is under way end, and stops.",
      "Exit codes: 0 stopped as asked, 2 the configuration is wrong, 4 the store or the address cannot be used."
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls
final class ServeCommand implements Callable<Integer> {
  private static final long STOP_SECONDS = 45;
  private static final long CLOSE_SECONDS = 5;

  /**
   * On a busy machine the first seconds go into loading classes, on the event loop too. That it is
   * slow is said from two seconds on; where it stands, in sixty lines, only when that is no start.
   */
  private static final Duration TRACED_AFTER = Duration.ofSeconds(20);

  @Option(
      names = "--config",
      paramLabel = "FILE",
      defaultValue = "sluice.yaml",
      description = "The server configuration (${DEFAULT-VALUE}).")
  private Path config;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    return switch (ConfigReader.read(config, System.getenv())) {
      case ConfigReading.Broken broken -> {
        broken.problems().forEach(p -> err(p.at(config.toString())));
        yield ExitCode.INVALID;
      }
      case ConfigReading.Ok ok -> serve(ok.config());
    };
  }

  private int serve(ServerConfig server) throws InterruptedException {
    Vertx vertx =
        Vertx.vertx(
            new VertxOptions()
                .setWarningExceptionTime(TRACED_AFTER.toSeconds())
                .setWarningExceptionTimeUnit(TimeUnit.SECONDS));
    Sluice sluice;
    try {
      sluice =
          get(Sluice.start(vertx, server, InstantSource.system(), Version.text()), STOP_SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      err("sluice serve: " + sentence(e, server));
      closeQuietly(vertx);
      return ExitCode.CANNOT_TELL;
    }
    CountDownLatch ended = new CountDownLatch(1);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(sluice, vertx, ended), "stop"));
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        "Sluice %s is ready on http://%s:%d/ (%d rollouts under way)%n",
        Version.text(), server.http().host(), sluice.port(), sluice.watched());
    out.flush();
    ended.await();
    return ExitCode.OPEN;
  }

  /**
   * Runs in the shutdown hook, never on an event loop: there it would wait for itself. The limits
   * are ours, since nothing else would end a process that does not end.
   */
  private static void stop(Sluice sluice, Vertx vertx, CountDownLatch ended) {
    try {
      get(sluice.stop(), STOP_SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      System.err.println("sluice serve: not everything ended in time: " + e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    closeQuietly(vertx);
    ended.countDown();
    // A JVM that a signal ends says 128 + signal, and who supervises it would call that a failure.
    Runtime.getRuntime().halt(ExitCode.OPEN);
  }

  private static void closeQuietly(Vertx vertx) {
    try {
      get(vertx.close(), CLOSE_SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      System.err.println("sluice serve: Vert.x did not close: " + e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static <T> T get(Future<T> future, long seconds)
      throws ExecutionException, InterruptedException, TimeoutException {
    return future.toCompletionStage().toCompletableFuture().get(seconds, TimeUnit.SECONDS);
  }

  private static String sentence(Exception failure, ServerConfig server) {
    Throwable cause = Optional.ofNullable(failure.getCause()).orElse(failure);
    if (cause instanceof BindException) {
      return "cannot listen on %s:%d (%s): another program has the port, or the address is not this machine's. Change http.host or http.port."
          .formatted(server.http().host(), server.http().port(), cause.getMessage());
    }
    if (cause instanceof TimeoutException) {
      return "did not start within " + STOP_SECONDS + " s; the log above says how far it came.";
    }
    return Optional.ofNullable(cause.getMessage()).orElse(cause.toString());
  }

  private void err(String line) {
    spec.commandLine().getErr().println(line);
    spec.commandLine().getErr().flush();
  }
}
