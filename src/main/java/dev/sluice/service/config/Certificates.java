package dev.sluice.service.config;

import dev.sluice.service.plan.yaml.Field;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;

/** Files with the certificates of authorities. */
final class Certificates {
  private Certificates() {}

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
