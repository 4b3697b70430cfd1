package dev.sluice.service.metrics.prometheus;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntToDoubleFunction;

/**
 * A real Prometheus with a past of our choosing: series are written at any (virtual) time, loaded
 * as blocks, and can then be queried at any instant, whatever the clock says.
 *
 * <pre>{@code
 * try (RealPrometheus prometheus = RealPrometheus.in(tempDir)) {
 *   prometheus
 *       .series("http_requests_total{job=\"shop\",instance=\"a:1\",cohort=\"canary\",code=\"200\"}")
 *       .every(Duration.ofSeconds(15), start, start.plus(Duration.ofHours(24)))
 *       .counting(20)                         // 20 a second
 *       .series("up{job=\"shop\",instance=\"a:1\",cohort=\"canary\"}")
 *       .every(Duration.ofSeconds(15), start, start.plus(Duration.ofHours(24)))
 *       .constant(1)
 *       .load()
 *       .start();
 *   ... prometheus.url() ...
 *   prometheus.stop();                        // an outage
 *   prometheus.start();                       // same data, same address
 * }
 * }</pre>
 *
 * Needs the programs prometheus and promtool; without them it fails and says how to get them.
 */
public final class RealPrometheus implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int KEPT_LINES = 40;

  private final Path folder;
  private final List<String> extraFlags = new ArrayList<>();
  private final List<String> log = new ArrayList<>();
  private String config = "";
  private Optional<Process> process = Optional.empty();
  private Optional<BufferedWriter> text = Optional.empty();
  private int port;
  private int loads;

  private RealPrometheus(Path folder) {
    this.folder = folder;
  }

  /**
   * @param folder an empty one, for the data
   */
  public static RealPrometheus in(Path folder) {
    requireProgram("prometheus");
    requireProgram("promtool");
    return new RealPrometheus(folder);
  }

  private static void requireProgram(String program) {
    boolean found =
        List.of(System.getenv().getOrDefault("PATH", "").split(":")).stream()
            .anyMatch(dir -> Files.isExecutable(Path.of(dir, program)));
    if (!found) {
      throw new AssertionError(
          "This test needs a real Prometheus, and there is no '"
              + program
              + "' on the PATH. On Debian: apt-get install -y --no-install-recommends prometheus");
    }
  }

  /** More of prometheus.yml, such as scrape_configs. */
  public RealPrometheus config(String yaml) {
    config = yaml;
    return this;
  }

  public RealPrometheus flag(String flag) {
    extraFlags.add(flag);
    return this;
  }

  /**
   * Begins a series.
   *
   * @param series as PromQL writes it: name and labels
   */
  public Series series(String series) {
    return new Series(series);
  }

  /** The samples of one series, in order of time. */
  public final class Series {
    private final String name;
    private Duration step = Duration.ofSeconds(15);
    private Instant from = Instant.EPOCH;
    private Instant until = Instant.EPOCH;

    private Series(String name) {
      this.name = name;
    }

    /** Sets the sample times of what follows: from, from + step, ... up to and including until. */
    public Series every(Duration distance, Instant begin, Instant end) {
      step = distance;
      from = begin;
      until = end;
      return this;
    }

    /** A counter that begins at zero and grows evenly, in whole numbers. */
    public RealPrometheus counting(double perSecond) {
      return ofSeconds(seconds -> Math.floor(perSecond * seconds + 1e-9));
    }

    public RealPrometheus constant(double value) {
      return ofSeconds(seconds -> value);
    }

    /** A value as a function of the seconds since the first sample. */
    public RealPrometheus ofSeconds(DoubleUnaryOperator value) {
      return values(i -> value.applyAsDouble(i * step.toMillis() / 1000.0));
    }

    /** A value as a function of the number of the sample, from 0. */
    public RealPrometheus values(IntToDoubleFunction value) {
      int i = 0;
      for (Instant t = from; !t.isAfter(until); t = t.plus(step)) {
        line(name, value.applyAsDouble(i++), t);
      }
      return RealPrometheus.this;
    }

    /** One more sample. */
    public Series at(Instant time, double value) {
      line(name, value, time);
      return this;
    }

    public RealPrometheus end() {
      return RealPrometheus.this;
    }
  }

  private void line(String series, double value, Instant time) {
    try {
      if (text.isEmpty()) {
        text = Optional.of(Files.newBufferedWriter(openMetrics()));
      }
      text.get().write(series + " " + number(value) + " " + seconds(time) + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String number(double value) {
    if (Double.isNaN(value)) {
      return "NaN";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "+Inf" : "-Inf";
    }
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? String.valueOf((long) value)
        : String.valueOf(value);
  }

  private static String seconds(Instant time) {
    return String.format("%d.%03d", time.getEpochSecond(), time.getNano() / 1_000_000);
  }

  private Path openMetrics() {
    return folder.resolve("series-" + loads + ".om");
  }

  private Path data() {
    return folder.resolve("data");
  }

  /**
   * Makes what was written since the last load part of the data. A running server sees it after its
   * next start.
   */
  public RealPrometheus load() {
    try {
      if (text.isEmpty()) {
        return this;
      }
      text.get().write("# EOF\n");
      text.get().close();
      run(
          "promtool",
          "tsdb",
          "create-blocks-from",
          // The default makes blocks of two hours and reads the whole text once for each.
          "--max-block-duration=24h",
          "--quiet",
          "openmetrics",
          openMetrics().toString(),
          data().toString());
      Files.delete(openMetrics());
      text = Optional.empty();
      loads++;
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void run(String... command) throws IOException {
    Path output = folder.resolve("promtool.log");
    Process tool =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      if (!tool.waitFor(10, TimeUnit.MINUTES) || tool.exitValue() != 0) {
        tool.destroyForcibly();
        throw new AssertionError(
            String.join(" ", command) + " failed:\n" + Files.readString(output));
      }
    } catch (InterruptedException e) {
      throw interrupted(e, tool);
    }
  }

  private static AssertionError interrupted(InterruptedException e, Process process) {
    process.destroyForcibly();
    Thread.currentThread().interrupt();
    return new AssertionError("interrupted", e);
  }

  /** Starts it, on the same port as before if it ran before, and waits until it answers. */
  public RealPrometheus start() {
    try {
      port = port == 0 ? freePort() : port;
      Files.createDirectories(data());
      Path yaml = folder.resolve("prometheus.yml");
      Files.writeString(yaml, config);
      List<String> command = new ArrayList<>();
      command.add("prometheus");
      command.add("--config.file=" + yaml);
      command.add("--storage.tsdb.path=" + data());
      command.add("--storage.tsdb.retention.time=100y");
      command.add("--web.listen-address=127.0.0.1:" + port);
      command.addAll(extraFlags);
      Process started = new ProcessBuilder(command).redirectErrorStream(true).start();
      process = Optional.of(started);
      waitUntilReady(started);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void waitUntilReady(Process started) {
    CompletableFuture<Void> ready = new CompletableFuture<>();
    Thread.ofPlatform().daemon().name("prometheus-log").start(() -> follow(started, ready));
    try {
      ready.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw interrupted(e, started);
    } catch (ExecutionException | TimeoutException e) {
      started.destroyForcibly();
      throw new AssertionError("Prometheus did not start; it said:\n" + log(), e);
    }
  }

  private void follow(Process started, CompletableFuture<Void> ready) {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(started.getInputStream(), StandardCharsets.UTF_8))) {
      String line;
      while ((line = lines.readLine()) != null) {
        keep(line);
        if (line.contains("Server is ready to receive web requests")) {
          ready.complete(null);
        }
      }
      ready.completeExceptionally(new IOException("it ended"));
    } catch (IOException e) {
      ready.completeExceptionally(e);
    }
  }

  private synchronized void keep(String line) {
    log.add(line);
    if (log.size() > KEPT_LINES) {
      log.remove(0);
    }
  }

  /** The last lines it wrote. */
  public synchronized String log() {
    return String.join("\n", log);
  }

  /** An outage: ends it and waits until it is gone. The data stay. */
  public RealPrometheus stop() {
    process.ifPresent(
        p -> {
          p.destroy();
          try {
            if (!p.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
              p.destroyForcibly().waitFor();
            }
          } catch (InterruptedException e) {
            throw interrupted(e, p);
          }
        });
    process = Optional.empty();
    return this;
  }

  /** Where it listens; the same after a stop and a start. */
  public URI url() {
    if (port == 0) {
      throw new IllegalStateException("not started yet");
    }
    return URI.create("http://127.0.0.1:" + port);
  }

  /** Processor time it has used since its last start. */
  public Duration cpu() {
    return process.flatMap(p -> p.info().totalCpuDuration()).orElse(Duration.ZERO);
  }

  @Override
  public void close() {
    stop();
  }
}
