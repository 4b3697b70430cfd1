package dev.sluice.service.flags.unleash;

import static dev.sluice.service.store.Await.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.sluice.gates.plan.Exposure;
import dev.sluice.service.flags.Flag;
import dev.sluice.service.flags.FlagSystem;
import dev.sluice.service.flags.Note;
import dev.sluice.service.flags.Reading;
import dev.sluice.service.flags.Trouble;
import dev.sluice.service.flags.Written;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PfxOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Answers that a real Unleash does not give at will. */
class UnleashFaultsTest {
  private static final String TOKEN = "*:*.planted-secret-of-the-token";
  private static final Flag FLAG =
      new Flag("checkout", Optional.empty(), Optional.empty(), Optional.of("sluice"));
  private static final Note NOTE = new Note("checkout-1", "because");
  private static final String VERSION =
      "{\"id\":\"1\",\"rollout\":\"0\",\"groupId\":\"g\",\"stickiness\":\"default\","
          + "\"disabled\":false,\"on\":true}";
  private static final Reading.Seen SEEN =
      new Reading.Seen(Exposure.NONE, java.util.List.of(), "", VERSION);

  private final Vertx vertx = Vertx.vertx();
  private final AtomicInteger asked = new AtomicInteger();
  private HttpServer server = none();
  private int status = 200;
  private String body = "";
  private Map<String, String> headers = Map.of();

  private static HttpServer none() {
    try {
      return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @BeforeEach
  void begin() {
    server.createContext(
        "/",
        exchange -> {
          asked.incrementAndGet();
          headers.forEach(exchange.getResponseHeaders()::set);
          byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void end() {
    server.stop(0);
    await(vertx.close());
  }

  private FlagSystem system() {
    URI url = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    return new UnleashFlagSystem(
        vertx, "prod", RealUnleash.endpoint(url, TOKEN), InstantSource.system(), "1");
  }

  private Trouble read() {
    Reading reading = await(system().read(FLAG));
    Trouble trouble = assertInstanceOf(Reading.Unread.class, reading).trouble();
    assertFalse(trouble.sentence().contains("planted-secret"), trouble.sentence());
    return trouble;
  }

  private Trouble set() {
    Written written = await(system().set(FLAG, SEEN, new Exposure(10), NOTE));
    return assertInstanceOf(Written.NotDone.class, written).trouble();
  }

  private void answers(int status, String body) {
    this.status = status;
    this.body = body;
  }

  @Test
  void successWithGarbageIsNoSuccess() {
    for (String garbage :
        new String[] {"", "<html>", "null", "7", "{}", "[]", "{\"environments\":7}"}) {
      answers(200, garbage);
      assertEquals(Trouble.Kind.UNAVAILABLE, read().kind(), garbage);
    }
    assertTrue(read().sentence().contains("not Unleash's. Is flags.prod.url"), read() + "");
  }

  @Test
  void aRedirectIsNotFollowedAndSaysWhatToDo() {
    answers(302, "");
    headers = Map.of("Location", "http://127.0.0.1:" + server.getAddress().getPort() + "/other");

    assertTrue(read().sentence().contains("redirect"), read() + "");
    assertEquals(2, asked.get(), "one request for each reading");
    assertEquals(Trouble.Kind.UNAVAILABLE, set().kind());
  }

  @Test
  void anAddressThatIsGoneIsGone() {
    answers(410, "");
    assertEquals(Trouble.Kind.GONE, read().kind());
    assertEquals(Trouble.Kind.GONE, set().kind());
  }

  @Test
  void tooManyRequestsSayHowLongToWaitAndTheRelayDecidesHowMuchOfItIsReasonable() {
    answers(429, "");
    headers = Map.of("Retry-After", "99999999999");

    assertEquals(Trouble.Kind.BUSY, set().kind());
    assertEquals(Optional.of(Duration.ofDays(365)), set().after());
    headers = Map.of("Retry-After", "soon");
    assertEquals(Optional.empty(), set().after());
  }

  @Test
  void aTokenThatIsRevokedInMidRolloutIsSaidWithWhereANewOneGoes() {
    answers(401, "{\"message\": \"the token *:*.planted-secret-of-the-token is unknown\"}");

    assertEquals(Trouble.Kind.DENIED, set().kind());
    assertTrue(set().sentence().contains("flags.prod.token"), set().sentence());
    assertFalse(set().sentence().contains("planted-secret"), set().sentence());
    assertTrue(read().sentence().contains("(secret)"));
  }

  @Test
  void whereChangesNeedApprovalAPersonIsAsked() {
    answers(
        403,
        "{\"message\": \"To perform this action, you need the \\\"SKIP_CHANGE_REQUEST\\\" permission\"}");

    assertEquals(Trouble.Kind.ASKS, set().kind());
    assertTrue(set().sentence().contains("have it approved"), set().sentence());
  }

  @Test
  void anErrorOfTheServerIsNotTakenForSomebodyElsesChange() {
    answers(500, "{\"message\": \"something else\"}");
    assertEquals(Trouble.Kind.UNAVAILABLE, set().kind());
    answers(500, "{\"message\": \"name: TEST_OPERATION_FAILED\"}");
    assertInstanceOf(
        Written.Overtaken.class, await(system().set(FLAG, SEEN, new Exposure(10), NOTE)));
  }

  @Test
  void whatCannotBeTrustedIsNotSpokenTo(@TempDir Path folder) throws Exception {
    Path store = folder.resolve("stranger.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "stranger",
                "-keyalg",
                "EC",
                "-dname",
                "CN=127.0.0.1",
                "-ext",
                "SAN=ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                "changeit")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("keytool.log").toFile())
            .start();
    assertEquals(0, keytool.waitFor());
    int port =
        await(
                vertx
                    .createHttpServer(
                        new HttpServerOptions()
                            .setSsl(true)
                            .setKeyCertOptions(
                                new PfxOptions().setPath(store.toString()).setPassword("changeit")))
                    .requestHandler(
                        request -> {
                          asked.incrementAndGet();
                          request.response().end("{}");
                        })
                    .listen(0, "127.0.0.1"))
            .actualPort();
    FlagSystem strange =
        new UnleashFlagSystem(
            vertx,
            "prod",
            RealUnleash.endpoint(URI.create("https://127.0.0.1:" + port), TOKEN),
            InstantSource.system(),
            "1");

    Trouble trouble = assertInstanceOf(Reading.Unread.class, await(strange.read(FLAG))).trouble();

    assertEquals(Trouble.Kind.UNAVAILABLE, trouble.kind());
    assertTrue(trouble.sentence().contains("certificate that is not trusted"), trouble + "");
    assertEquals(0, asked.get());
  }

  @Test
  void anAnswerWithoutEndIsCut() {
    answers(200, "x".repeat(3 * 1024 * 1024));
    assertTrue(read().sentence().contains("more than 2097152 bytes"), read().sentence());
  }
}
