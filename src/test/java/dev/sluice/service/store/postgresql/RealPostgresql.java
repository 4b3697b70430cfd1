package dev.sluice.service.store.postgresql;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A real PostgreSQL server of the tests' own: a cluster in a temporary folder, on a free port of
 * loopback. It refuses to run as root; then it runs as the user that Debian's package makes.
 *
 * <p>Ended by its handle: the postmaster stays in the foreground as our child.
 */
public final class RealPostgresql implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String USER = "sluice";
  private static final String PASSWORD = "a-test's \"password\"";

  private final Path folder;
  private final List<String> options = new ArrayList<>();
  private final int port;
  private Optional<Process> process = Optional.empty();
  private int schemas;

  private RealPostgresql(Path folder, int port) {
    this.folder = folder;
    this.port = port;
  }

  /** Makes a cluster, and starts nothing yet. */
  public static RealPostgresql make() {
    try {
      Path folder = Files.createTempDirectory("sluice-pg-");
      RealPostgresql server = new RealPostgresql(folder, freePort());
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
      server.own(folder);
      Path password = folder.resolve("password");
      Files.writeString(password, PASSWORD + "\n");
      server.own(password);
      server.run(
          "initdb",
          "--pgdata=" + server.data(),
          "--username=" + USER,
          "--pwfile=" + password,
          "--auth=scram-sha-256",
          "--encoding=UTF8",
          "--locale=C.UTF-8",
          "--no-sync");
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One more {@code name=value} of postgresql.conf. */
  public RealPostgresql option(String setting) {
    options.add(setting);
    return this;
  }

  /** Puts a file where the server can read it and nobody else. */
  public Path give(Path file) {
    try {
      Path copy = folder.resolve(file.getFileName());
      Files.copy(file, copy);
      Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rw-------"));
      own(copy);
      return copy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path data() {
    return folder.resolve("data");
  }

  private static boolean root() {
    return System.getProperty("user.name").equals("root");
  }

  private void own(Path path) throws IOException {
    if (root()) {
      try {
        Files.setOwner(
            path,
            path.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("postgres"));
      } catch (java.nio.file.attribute.UserPrincipalNotFoundException e) {
        throw missing();
      }
    }
  }

  private static AssertionError missing() {
    return new AssertionError(
        "This test needs a real PostgreSQL, and there is none. On Debian: apt-get install -y"
            + " --no-install-recommends postgresql");
  }

  /** Debian keeps the programs of each version apart and not on the PATH. */
  private static Path program(String name) {
    List<Path> folders = new ArrayList<>();
    for (String folder : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
      folders.add(Path.of(folder));
    }
    Path debian = Path.of("/usr/lib/postgresql");
    if (Files.isDirectory(debian)) {
      try (Stream<Path> versions = Files.list(debian)) {
        versions.sorted(Comparator.reverseOrder()).forEach(v -> folders.add(v.resolve("bin")));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return folders.stream()
        .map(folder -> folder.resolve(name))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(RealPostgresql::missing);
  }

  private ProcessBuilder command(String program, String... arguments) {
    List<String> command = new ArrayList<>();
    if (root()) {
      // Replaces itself by the program: its process is the server's.
      command.addAll(
          List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "--"));
    }
    command.add(program(program).toString());
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
  }

  private void run(String program, String... arguments) throws IOException {
    Path output = folder.resolve(program + ".log");
    Process tool = command(program, arguments).redirectOutput(output.toFile()).start();
    try {
      if (!tool.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS) || tool.exitValue() != 0) {
        tool.destroyForcibly();
        throw new AssertionError(program + " failed:\n" + Files.readString(output));
      }
    } catch (InterruptedException e) {
      tool.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private Path log() {
    return folder.resolve("postgres.log");
  }

  /** Starts it, on the same port as before if it ran before, and waits until it answers. */
  public RealPostgresql start() {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "-D", data().toString(), "-p", "" + port, "-h", "127.0.0.1", "-k", folder + ""));
    List<String> settings = new ArrayList<>(List.of("fsync=off", "max_connections=200"));
    settings.addAll(options);
    settings.forEach(setting -> arguments.addAll(List.of("-c", setting)));
    try {
      process =
          Optional.of(
              command("postgres", arguments.toArray(String[]::new))
                  .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                  .start());
      waitUntilReady();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void waitUntilReady() throws IOException {
    Process started = process.orElseThrow();
    long until = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < until && started.isAlive()) {
      try {
        connect().close();
        return;
      } catch (SQLException e) {
        waitABit(started);
      }
    }
    close();
    throw new AssertionError("PostgreSQL did not start; it said:\n" + Files.readString(log()));
  }

  private static void waitABit(Process started) {
    try {
      started.waitFor(20, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  /** As a machine that loses its power: every session is cut off. */
  public RealPostgresql stop() {
    process.ifPresent(
        p -> {
          try {
            // SIGQUIT: immediate shutdown. Its children end with it, which they do not on SIGKILL.
            new ProcessBuilder("kill", "-QUIT", Long.toString(p.pid())).start().waitFor();
            if (!p.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
              p.destroyForcibly().waitFor();
            }
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          } catch (InterruptedException e) {
            p.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
          }
        });
    process = Optional.empty();
    return this;
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + port + "/postgres", USER, PASSWORD);
  }

  /** How a store reaches this server; each call gives another schema, with nothing in it. */
  public Server emptySchema() {
    return new Server(
        "127.0.0.1",
        port,
        "postgres",
        USER,
        Optional.of(PASSWORD),
        "sluice_" + ++schemas,
        4,
        new Server.Tls.Off());
  }

  /** Does something to a store behind its back. */
  public void execute(Server store, String sql) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute("SET search_path = " + store.schema());
      statement.execute(sql);
    } catch (SQLException e) {
      throw new AssertionError(sql + " failed", e);
    }
  }

  /** All rows, their columns joined by "|". */
  public List<String> query(Server store, String sql) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute("SET search_path = " + store.schema());
      List<String> found = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery(sql)) {
        while (rows.next()) {
          List<String> row = new ArrayList<>();
          for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
            row.add(rows.getString(i));
          }
          found.add(String.join("|", row));
        }
      }
      return found;
    } catch (SQLException e) {
      throw new AssertionError(sql + " failed", e);
    }
  }

  public int port() {
    return port;
  }

  public String password() {
    return PASSWORD;
  }

  @Override
  public void close() {
    stop();
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
