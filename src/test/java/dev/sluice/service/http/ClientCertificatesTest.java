package dev.sluice.service.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.service.config.ServerConfig;
import dev.sluice.service.config.ServerConfig.Client;
import dev.sluice.service.config.ServerConfig.Role;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Over https a certificate says who somebody is, where it is one that is configured. */
class ClientCertificatesTest {
  private static final char[] PASSWORD = "changeit".toCharArray();

  @TempDir private static Path folder;
  private static TestServer server;

  @BeforeAll
  static void start() throws Exception {
    String ours = certificate("server", "CN=127.0.0.1", "SAN=ip:127.0.0.1");
    String believed =
        certificate("flagger", "CN=flagger, O=Shop", "SAN=uri:spiffe://shop/flagger")
            + certificate("argo", "CN=argo, O=Shop", "SAN=dns:argo.shop.example")
            + certificate("nobody", "CN=nobody, O=Shop", "SAN=dns:nobody.shop.example");
    certificate("stranger", "CN=flagger, O=Shop", "SAN=uri:spiffe://shop/flagger");
    Path cert = Files.writeString(folder.resolve("server.pem"), ours);
    Path key = Files.writeString(folder.resolve("server-key.pem"), key("server"));
    Path ca = Files.writeString(folder.resolve("clients.pem"), believed);
    server =
        new TestServer(
            new ServerConfig.Http(
                "127.0.0.1",
                0,
                Optional.empty(),
                TestServer.aTokenForEachRole(),
                Optional.empty(),
                Optional.of(
                    new ServerConfig.ServerTls(
                        cert,
                        key,
                        Optional.of(ca),
                        List.of(
                            new Client("spiffe://shop/flagger", "flagger", Role.AUTHOR),
                            new Client("CN=argo,O=Shop", "argo", Role.VIEWER)))),
                0));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /** Its PEM; the key stays in a key store of the same name. */
  private static String certificate(String name, String subject, String alternative)
      throws Exception {
    List<String> made =
        List.of(
            "-genkeypair",
            "-alias",
            name,
            "-keyalg",
            "EC",
            "-dname",
            subject,
            "-ext",
            alternative,
            "-validity",
            "30",
            "-storetype",
            "PKCS12",
            "-keystore",
            store(name).toString());
    keytool(made);
    return "-----BEGIN CERTIFICATE-----\n"
        + mime(keyStore(name).getCertificate(name).getEncoded())
        + "\n-----END CERTIFICATE-----\n";
  }

  private static String key(String name) throws Exception {
    return "-----BEGIN PRIVATE KEY-----\n"
        + mime(keyStore(name).getKey(name, PASSWORD).getEncoded())
        + "\n-----END PRIVATE KEY-----\n";
  }

  private static String mime(byte[] bytes) {
    return Base64.getMimeEncoder().encodeToString(bytes);
  }

  private static Path store(String name) {
    return folder.resolve(name + ".p12");
  }

  private static KeyStore keyStore(String name) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store(name))) {
      store.load(in, PASSWORD);
    }
    return store;
  }

  private static void keytool(List<String> arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(arguments);
    command.addAll(List.of("-storepass", new String(PASSWORD)));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said =
        new String(
            process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    assertTrue(process.waitFor(60, TimeUnit.SECONDS));
    assertEquals(0, process.exitValue(), said);
  }

  /** A client that shows this certificate, or none where there is no name. */
  private static HttpClient client(String name) throws Exception {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, PASSWORD);
    trusted.setCertificateEntry("server", keyStore("server").getCertificate("server"));
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(trusted);
    KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(name.isEmpty() ? null : keyStore(name), PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    return HttpClient.newBuilder().sslContext(context).build();
  }

  private static HttpResponse<String> get(String name, String path, String... headers)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + server.port + path));
    return client(name)
        .send(
            (headers.length == 0 ? request : request.headers(headers)).build(),
            HttpResponse.BodyHandlers.ofString());
  }

  private static int asAuthor(String name) throws Exception {
    return get(name, "/argo/unknown").statusCode();
  }

  @Test
  void anAlternativeNameAndAWholeSubjectGiveNameAndRole() throws Exception {
    assertEquals(404, asAuthor("flagger"));
    assertEquals(200, get("argo", "/api/v1/rollouts").statusCode());
    HttpResponse<String> refused = get("argo", "/argo/unknown");
    assertEquals(403, refused.statusCode());
    assertTrue(refused.body().contains("argo has the role viewer"), refused.body());
  }

  @Test
  void aGoodCertificateOfNobodyIsNobodys() throws Exception {
    assertEquals(401, get("nobody", "/api/v1/rollouts").statusCode());
    assertEquals(200, get("nobody", "/health/live").statusCode());
  }

  @Test
  void withoutACertificateATokenIsAskedForAndHealthIsOpen() throws Exception {
    assertEquals(401, get("", "/api/v1/rollouts").statusCode());
    assertEquals(200, get("", "/health/live").statusCode());
    assertEquals(
        200, get("", "/api/v1/rollouts", "Authorization", "Bearer VIEWER-secret").statusCode());
  }

  @Test
  void aTokenGoesBeforeTheCertificate() throws Exception {
    assertEquals(
        401, get("flagger", "/api/v1/rollouts", "Authorization", "Bearer guess").statusCode());
    assertEquals(
        403, get("flagger", "/argo/unknown", "Authorization", "Bearer VIEWER-secret").statusCode());
  }

  /** Its names are those of flagger, and it is signed by nobody who is believed. */
  @Test
  void aCertificateOfAnotherAuthorityEndsTheHandshake() {
    assertThrows(IOException.class, () -> get("stranger", "/api/v1/rollouts"));
  }
}
