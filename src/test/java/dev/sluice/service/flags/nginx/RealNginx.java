package dev.sluice.service.flags.nginx;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/**
 * The nginx of this machine, in a folder of its own, on a free loopback port. It answers who is on
 * the canary with "on", everybody else with "off".
 */
final class RealNginx implements AutoCloseable {
  private static final int USERS = 2000;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Path folder;
  private final int port;
  private final Process process;

  /**
   * @param include ours, which is there already
   */
  RealNginx(Path folder, Path include) throws IOException {
    this.folder = folder;
    port = freePort();
    Files.writeString(
        folder.resolve("nginx.conf"),
        """
        daemon off;
        pid %1$s/nginx.pid;
        error_log %1$s/error.log notice;
        events { worker_connections 64; }
        http {
          access_log off;
          client_body_temp_path %1$s/body;
          proxy_temp_path %1$s/proxy;
          fastcgi_temp_path %1$s/fastcgi;
          uwsgi_temp_path %1$s/uwsgi;
          scgi_temp_path %1$s/scgi;
          include %2$s;
          include %1$s/more/*.conf;
          server {
            listen 127.0.0.1:%3$d;
            location / { return 200 "$sluice_checkout_v2"; }
          }
        }
        """
            .formatted(folder, include, port));
    Files.createDirectories(folder.resolve("more"));
    process =
        new ProcessBuilder(command())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("out.log").toFile())
            .start();
    waitUntilItAnswers();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private List<String> command(String... more) {
    List<String> words =
        new java.util.ArrayList<>(
            List.of(
                program(),
                "-e",
                folder.resolve("start.log").toString(),
                "-p",
                folder.toString(),
                "-c",
                folder.resolve("nginx.conf").toString()));
    words.addAll(List.of(more));
    return words;
  }

  /** Debian keeps it where only root's path goes. */
  private static String program() {
    return Files.isExecutable(Path.of("/usr/sbin/nginx")) ? "/usr/sbin/nginx" : "nginx";
  }

  List<String> test() {
    return command("-t", "-q");
  }

  List<String> reload() {
    return command("-s", "reload");
  }

  /** From now on it refuses its configuration, because of a file that is none of ours. */
  void breakConfiguration() throws IOException {
    Files.writeString(folder.resolve("more").resolve("broken.conf"), "no such directive;\n");
  }

  void mendConfiguration() throws IOException {
    Files.delete(folder.resolve("more").resolve("broken.conf"));
  }

  Path pidFile() {
    return folder.resolve("nginx.pid");
  }

  private void waitUntilItAnswers() {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < end && process.isAlive()) {
      try {
        answer("somebody");
        return;
      } catch (UncheckedIOException e) {
        if (!(e.getCause() instanceof ConnectException)) {
          throw e;
        }
        Thread.onSpinWait();
      }
    }
    throw new IllegalStateException("nginx does not answer: see " + folder);
  }

  private String answer(String user) {
    try {
      return client
          .send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/?user=" + user))
                  .timeout(PATIENCE)
                  .build(),
              HttpResponse.BodyHandlers.ofString())
          .body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Who of the 2,000 users is on the canary now. */
  private Set<Integer> onTheCanary() {
    Set<Integer> on = new TreeSet<>();
    for (int i = 0; i < USERS; i++) {
      if (answer("user-" + i).equals("on")) {
        on.add(i);
      }
    }
    return on;
  }

  /**
   * The users on the canary, once their share is between these two and stays as it is; a reload
   * takes a moment, in which some are answered by the old processes and some by the new ones.
   */
  Set<Integer> onTheCanary(double leastPercent, double mostPercent) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    Set<Integer> before = onTheCanary();
    Set<Integer> on = onTheCanary();
    while (System.nanoTime() < end
        && !(before.equals(on) && between(on.size(), leastPercent, mostPercent))) {
      before = on;
      on = onTheCanary();
    }
    if (!between(on.size(), leastPercent, mostPercent)) {
      throw new AssertionError(
          "%d of %d users are on the canary, which is not %s to %s %%"
              .formatted(on.size(), USERS, leastPercent, mostPercent));
    }
    return on;
  }

  private static boolean between(int count, double least, double most) {
    double percent = 100.0 * count / USERS;
    return percent >= least && percent <= most;
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
