package dev.sluice.demo;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.ext.web.client.WebClient;
import java.io.File;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/**
 * The play: a shop with users, a Prometheus, a flag endpoint and a Sluice, all on loopback and gone
 * at the end; then a good release goes to everybody and a bad one is taken back. Blocks the main
 * thread, which has nothing else to do.
 */
public final class Demo {
  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(500);
  private static final Duration WARM = Duration.ofSeconds(12);
  private static final Duration PAST = Duration.ofSeconds(8);
  private static final Duration GRACE = Duration.ofMillis(300);
  private static final Duration ACT_LIMIT = Duration.ofMinutes(4);
  private static final double REQUESTS_PER_SECOND = 250;
  private static final int USERS = 20_000;

  private final Options options;
  private final PrintStream out;
  private final InstantSource clock = InstantSource.system();
  private final Backstage backstage = new Backstage();
  private final List<Child> children = new ArrayList<>();
  private final AtomicBoolean stopped = new AtomicBoolean();
  private volatile boolean over;
  private Instant curtain = clock.instant();

  /**
   * @param keep leave everything running after the last act, until Ctrl-C
   * @param speed 2 halves the times of all steps and doubles the traffic; 0.5 to 3
   * @param port of Sluice; 0 picks a free one
   * @param sluice the command that serves a configuration, without its last word: the file
   */
  public record Options(boolean keep, double speed, int port, List<String> sluice) {
    public Options {
      sluice = List.copyOf(sluice);
      if (!(speed >= 0.5 && speed <= 3)) {
        throw new IllegalArgumentException("the speed must be 0.5 to 3, was " + speed);
      }
    }

    /** This very program, as {@code serve}. */
    public static List<String> thisProgram(String mainClass) {
      String classPath =
          Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
              .map(entry -> Path.of(entry).toAbsolutePath().toString())
              .reduce((a, b) -> a + File.pathSeparator + b)
              .orElseThrow();
      return List.of(
          Path.of(System.getProperty("java.home"), "bin", "java").toString(),
          "-Xmx256m",
          "-XX:+UseSerialGC",
          "--enable-native-access=ALL-UNNAMED",
          "-cp",
          classPath,
          mainClass,
          "serve",
          "--config");
    }
  }

  public Demo(Options options, PrintStream out) {
    this.options = options;
    this.out = out;
  }

  /** What runs, once it runs. */
  private record Scenery(Shop shop, int shopPort, Flags flags, Crowd crowd, Api api) {}

  /**
   * Plays both acts. Fails with {@link Trouble} when the stage cannot be set.
   *
   * @return whether the good release went to everybody and the bad one was taken back
   */
  public boolean play() {
    Runtime.getRuntime().addShutdownHook(new Thread(this::stop, "demo-cleanup"));
    try (backstage) {
      return bothActs();
    } catch (RuntimeException failure) {
      // Ctrl-C reaches the children too: that they end is no news then.
      if (stopped.get()) {
        return false;
      }
      throw failure;
    } finally {
      over = true;
    }
  }

  private boolean bothActs() {
    try {
      Scenery scenery = setStage();
      boolean good = act(scenery, Release.V2, Release.V1).completed();
      boolean bad = good && act(scenery, Release.V3, Release.V2).rolledBack();
      verdict(good, bad);
      if (options.keep()) {
        stay(scenery);
      }
      return good && bad;
    } catch (RuntimeException failure) {
      pause(GRACE);
      throw failure;
    }
  }

  /** Ctrl-C, or the end of the program. */
  private void stop() {
    if (over) {
      return;
    }
    stopped.set(true);
    backstage.close();
    out.println("\nStopped. Nothing is left running.");
  }

  private Scenery setStage() {
    Path prometheus = find("prometheus");
    if (options.port() != 0) {
      Loopback.mustBeFree(options.port());
    }
    curtain = clock.instant();
    Workshop workshop = backstage.keep(Workshop.open());
    Vertx vertx =
        Vertx.vertx(
            new VertxOptions()
                .setFileSystemOptions(
                    new FileSystemOptions()
                        .setFileCachingEnabled(false)
                        .setClassPathResolvingEnabled(false)));
    backstage.keep(() -> vertx.close().await(10, TimeUnit.SECONDS));
    String secret = secret();
    Flags flags = new Flags(vertx, new Signature(secret), clock);
    int flagsPort = flags.open().await();
    List<Release> releases = List.of(Release.V1, Release.V2, Release.V3);
    Shop shop =
        new Shop(vertx, releases, user -> versionOf(flags, user), new SplittableRandom(1), clock);
    int shopPort = shop.open().await();
    say("The shop is open: " + Loopback.url(shopPort) + "/checkout, in releases v1, v2 and v3.");
    Crowd crowd = letUsersCome(vertx, shopPort);
    int prometheusPort = startPrometheus(vertx, workshop, prometheus, shopPort, releases);
    int port = startSluice(vertx, workshop, prometheusPort, flagsPort, secret);
    warmUp(shop);
    return new Scenery(shop, shopPort, flags, crowd, backstage.keep(new Api(vertx, port)));
  }

  private Crowd letUsersCome(Vertx vertx, int shopPort) {
    double perSecond = REQUESTS_PER_SECOND * options.speed();
    Crowd crowd =
        backstage.keep(new Crowd(vertx, shopPort, perSecond, USERS, new SplittableRandom(2)));
    crowd.come();
    say(
        String.format(
            Locale.ROOT,
            "Users come, %.0f requests a second; all of them are served by v1.",
            perSecond));
    return crowd;
  }

  /** The comparison needs a past that is worth comparing with. */
  private void warmUp(Shop shop) {
    Duration passed = Duration.between(curtain, clock.instant());
    if (passed.compareTo(WARM) < 0) {
      pause(WARM.minus(passed));
    }
    shop.count();
    say("The shop is warm; from now on its requests are counted. A few seconds of that first.");
    pause(PAST);
    allMustLive();
  }

  private static String versionOf(Flags flags, String user) {
    for (Release release : List.of(Release.V3, Release.V2)) {
      if (flags.on(Scripts.flag(release.version()), user)) {
        return release.version();
      }
    }
    return Release.V1.version();
  }

  private int startPrometheus(
      Vertx vertx, Workshop workshop, Path program, int shopPort, List<Release> releases) {
    int port = Loopback.freePort();
    Path config =
        workshop.write(
            "prometheus.yaml",
            Scripts.prometheus(shopPort, releases.stream().map(Release::version).toList()));
    Child child =
        start(
            "prometheus",
            List.of(
                program.toString(),
                "--config.file=" + config,
                "--storage.tsdb.path=" + workshop.folder().resolve("prometheus"),
                "--web.listen-address=" + Loopback.HOST + ":" + port,
                "--log.level=warn"),
            workshop);
    awaitReady(vertx, child, port, "/-/ready");
    say("Prometheus is up: " + Loopback.url(port) + ", it reads the shop every second.");
    return port;
  }

  private int startSluice(
      Vertx vertx, Workshop workshop, int prometheusPort, int flagsPort, String secret) {
    int port = options.port() == 0 ? Loopback.freePort() : options.port();
    Path config =
        workshop.write(
            "sluice.yaml",
            Scripts.sluice(
                port,
                workshop.folder().resolve("sluice.db"),
                prometheusPort,
                flagsPort,
                workshop.write("webhook-secret", secret)));
    List<String> command = new ArrayList<>(options.sluice());
    // What libraries unpack into the place for temporary files goes with the rest.
    command.add(1, "-Djava.io.tmpdir=" + workshop.folder());
    command.add(config.toString());
    Child child = start("sluice", command, workshop);
    awaitReady(vertx, child, port, "/health/ready");
    say("Sluice is up. Open this page and watch: " + Loopback.url(port) + "/");
    return port;
  }

  private Child start(String name, List<String> command, Workshop workshop) {
    Child child = backstage.keep(Child.start(name, command, workshop.folder()));
    children.add(child);
    return child;
  }

  private void awaitReady(Vertx vertx, Child child, int port, String path) {
    Instant limit = clock.instant().plus(START_LIMIT);
    WebClient client = WebClient.create(vertx);
    while (!answers(client, port, path)) {
      allMustLive();
      if (clock.instant().isAfter(limit)) {
        throw new Trouble(
            Loopback.url(port)
                + path
                + " is not there after "
                + START_LIMIT.toSeconds()
                + " s. The last words of its process:\n"
                + child.lastLines());
      }
      pause(Duration.ofMillis(100));
    }
    client.close();
  }

  private static boolean answers(WebClient client, int port, String path) {
    return client
        .get(port, Loopback.HOST, path)
        .timeout(2000)
        .send()
        .map(response -> response.statusCode() == 200)
        .otherwise(false)
        .await();
  }

  /** One rollout from its first step to its end. */
  private Sight act(Scenery scenery, Release canary, Release baseline) {
    String flag = Scripts.flag(canary.version());
    out.println();
    say(
        String.format(
            Locale.ROOT,
            "--- %s: release %s is deployed beside %s; nobody uses it yet. ---",
            flag,
            canary.version(),
            baseline.version()));
    scenery
        .api()
        .putPlan(flag, Scripts.plan(canary.version(), baseline.version(), options.speed()));
    String id = scenery.api().start(flag);
    Narrator narrator = new Narrator(flag);
    Instant limit = clock.instant().plus(ACT_LIMIT);
    Sight sight = scenery.api().rollout(id);
    while (!sight.ended() && clock.instant().isBefore(limit)) {
      tell(narrator, sight, scenery.flags().percent(flag));
      if (sight.retireReady()) {
        say("The old system may go now, and only a person lets go of it: so we do.");
        scenery.api().retire(id);
      }
      pause(LOOK_AGAIN);
      allMustLive();
      sight = scenery.api().rollout(id);
    }
    tell(narrator, sight, scenery.flags().percent(flag));
    if (!sight.ended()) {
      say(
          "No end after "
              + ACT_LIMIT.toMinutes()
              + " minutes: the rollout is "
              + sight.state()
              + ".");
    }
    harm(scenery, canary, flag);
    return sight;
  }

  private void tell(Narrator narrator, Sight sight, double flagPercent) {
    narrator
        .see(Duration.between(curtain, clock.instant()), sight, flagPercent)
        .forEach(out::println);
  }

  /** How long users were hurt, measured where it hurts: at the shop and at the flag. */
  private void harm(Scenery scenery, Release canary, String flag) {
    Shop.Failures failures = scenery.shop().failures(canary.version());
    if (failures.first().isEmpty() || scenery.flags().takenBack(flag).isEmpty()) {
      return;
    }
    Duration hurt = Duration.between(failures.first().get(), scenery.flags().takenBack(flag).get());
    say(
        String.format(
            Locale.ROOT,
            "From the first failed request of %s to the flag being off: %.1f s and %d failed requests, out of %d answered by the shop so far.",
            canary.version(),
            hurt.toMillis() / 1000.0,
            failures.count(),
            scenery.crowd().answered()));
  }

  private void verdict(boolean good, boolean bad) {
    out.println();
    if (!good) {
      say("WRONG: the good release did not go to everybody. The second act is left out.");
      return;
    }
    say("The good release went to everybody.");
    say(bad ? "The bad release was rolled back." : "WRONG: the bad release was not rolled back.");
  }

  private void stay(Scenery scenery) {
    say("Everything keeps running until Ctrl-C. Be a user yourself, as often as you like:");
    out.println(
        "       curl -X POST -H 'X-User: anna' " + Loopback.url(scenery.shopPort()) + "/checkout");
    while (!stopped.get()) {
      allMustLive();
      pause(Duration.ofSeconds(1));
    }
  }

  private void allMustLive() {
    children.forEach(Child::mustLive);
  }

  private void say(String text) {
    out.println(Narrator.clock(Duration.between(curtain, clock.instant())) + "  " + text);
  }

  private static void pause(Duration time) {
    try {
      TimeUnit.MILLISECONDS.sleep(time.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Trouble("Interrupted.");
    }
  }

  private static String secret() {
    byte[] bytes = new byte[32];
    new SecureRandom().nextBytes(bytes);
    return "whsec_" + Base64.getEncoder().encodeToString(bytes);
  }

  private static Path find(String program) {
    return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
        .map(folder -> Path.of(folder, program))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(
            () ->
                new Trouble(
                    "There is no "
                        + program
                        + " on the PATH. As root: apt-get install "
                        + program
                        + "; or run bin/demo, which does it."));
  }
}
