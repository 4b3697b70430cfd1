package dev.sluice.service.config;

import dev.sluice.service.config.ServerConfig.Tls;
import dev.sluice.service.plan.yaml.Field;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Optional;

/** How far certificates are trusted. */
final class Certificates {
  private Certificates() {}

  /** For an address that may turn out not to need it. */
  static Tls tls(Field field, Optional<URI> url, References references) {
    boolean insecure = field.at("insecure").flag().orElse(false);
    Field caFile = field.at("caFile");
    Optional<Path> path = caFile.text().flatMap(references::path);
    path.ifPresent(p -> check(caFile, p));
    if (field.given() && url.filter(u -> "http".equalsIgnoreCase(u.getScheme())).isPresent()) {
      field.problemOfKey("'tls' means nothing for an http address", "write https, or take tls out");
    }
    return new Tls(path, insecure);
  }

  /** A problem where the file cannot be read or holds none. */
  static void check(Field field, Path path) {
    try (InputStream in = Files.newInputStream(path)) {
      byte[] pem = in.readNBytes(TextFile.MOST_BYTES);
      CertificateFactory x509 = CertificateFactory.getInstance("X.509");
      if (x509.generateCertificates(new ByteArrayInputStream(pem)).isEmpty()) {
        throw new CertificateException("none");
      }
    } catch (IOException e) {
      field.problem("the file " + path + " cannot be read", "check its name and its rights");
    } catch (CertificateException e) {
      field.problem(
          "the file " + path + " holds no certificate",
          "it must be PEM: -----BEGIN CERTIFICATE-----");
    }
  }
}
