package dev.sluice.service.metrics.prometheus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.analyzer.Absence;
import dev.sluice.analyzer.Observed;
import dev.sluice.gates.look.Question;
import dev.sluice.service.config.ServerConfig;
import dev.sluice.service.telemetry.Telemetry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PfxOptions;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTest {
  private static final String ANSWER =
      "{\"status\":\"success\",\"data\":{\"resultType\":\"scalar\",\"result\":[1,\"2\"]}}";

  @TempDir private static Path folder;
  private static Vertx vertx;
  private static int port;

  @BeforeAll
  static void start() throws Exception {
    vertx = Vertx.vertx();
    keytool(
        "-genkeypair",
        "-alias",
        "peer",
        "-keyalg",
        "EC",
        "-dname",
        "CN=127.0.0.1",
        "-ext",
        "SAN=ip:127.0.0.1",
        "-validity",
        "30",
        "-storetype",
        "PKCS12",
        "-keystore",
        folder.resolve("peer.p12").toString());
    keytool(
        "-exportcert",
        "-rfc",
        "-alias",
        "peer",
        "-keystore",
        folder.resolve("peer.p12").toString(),
        "-file",
        folder.resolve("ca.pem").toString());
    HttpServerOptions options =
        new HttpServerOptions()
            .setSsl(true)
            .setKeyCertOptions(
                new PfxOptions()
                    .setPath(folder.resolve("peer.p12").toString())
                    .setPassword("changeit"));
    port =
        await(
                vertx
                    .createHttpServer(options)
                    .requestHandler(r -> r.response().end(ANSWER))
                    .listen(0, "127.0.0.1"))
            .actualPort();
  }

  private static void keytool(String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(arguments));
    command.addAll(List.of("-storepass", "changeit"));
    Process tool =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("keytool.log").toFile())
            .start();
    assertTrue(tool.waitFor(60, TimeUnit.SECONDS));
    assertEquals(0, tool.exitValue());
  }

  @AfterAll
  static void stop() throws Exception {
    await(vertx.close());
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  private static Observed ask(String host, Optional<Path> caFile, boolean insecure)
      throws Exception {
    ServerConfig.Prometheus plain = Shop.config(URI.create("https://" + host + ":" + port));
    PrometheusSource source =
        new PrometheusSource(
            vertx,
            "main",
            new ServerConfig.Prometheus(
                plain.url(),
                plain.credentials(),
                plain.headers(),
                new ServerConfig.Tls(caFile, insecure),
                plain.deadline(),
                plain.concurrency(),
                plain.maxBytes(),
                plain.maxSeries(),
                plain.scrapeInterval()),
            new Telemetry(new PrometheusRegistry()));
    Question question =
        new Question(
            "main",
            Shop.window(0, 30),
            List.of(new Question.OfMetric(Shop.value("2"), Shop.CANARY, Optional.empty())),
            Optional.empty());
    return Shop.observed(await(source.ask(question)), "value");
  }

  @Test
  void aCertificateOfANamedAuthorityIsTrusted() throws Exception {
    assertInstanceOf(
        Observed.Seen.class, ask("127.0.0.1", Optional.of(folder.resolve("ca.pem")), false));
  }

  @Test
  void anUnknownAuthorityIsNotTrustedAndTheRemedySaid() throws Exception {
    Observed.Absent absent =
        assertInstanceOf(Observed.Absent.class, ask("127.0.0.1", Optional.empty(), false));

    assertEquals(Absence.UNREACHABLE, absent.why());
    assertTrue(absent.detail().contains("prometheus.main.tls.caFile"), absent.detail());
  }

  @Test
  void aCertificateForAnotherHostIsNotTrusted() throws Exception {
    Observed.Absent absent =
        assertInstanceOf(
            Observed.Absent.class, ask("localhost", Optional.of(folder.resolve("ca.pem")), false));

    assertEquals(Absence.UNREACHABLE, absent.why());
  }

  @Test
  void anybodyIsBelievedWhereTheConfigurationSaysSo() throws Exception {
    assertInstanceOf(Observed.Seen.class, ask("localhost", Optional.empty(), true));
  }

  @Test
  void anAuthorityFileThatIsMissingIsSaid() throws Exception {
    Observed.Absent absent =
        assertInstanceOf(
            Observed.Absent.class,
            ask("127.0.0.1", Optional.of(folder.resolve("none.pem")), false));

    assertEquals(Absence.UNREACHABLE, absent.why());
    assertTrue(absent.detail().contains("none.pem"), absent.detail() + absent.why());
  }
}
