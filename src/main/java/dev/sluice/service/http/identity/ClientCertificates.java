package dev.sluice.service.http.identity;

import dev.sluice.service.config.ServerConfig.Client;
import io.vertx.core.http.HttpServerRequest;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.security.auth.x500.X500Principal;

/**
 * Whose certificate a connection showed. That it is good (signed by an authority that is believed,
 * not out of date, its key held by the other side) was checked when the connection began; here only
 * its names are looked up. A certificate that nobody is configured for is nobody's.
 */
public final class ClientCertificates {
  /** Mail, host and URI, of the kinds of alternative names that RFC 5280 numbers. */
  private static final Set<Integer> KINDS = Set.of(1, 2, 6);

  private final List<Client> clients;

  public ClientCertificates(List<Client> clients) {
    this.clients = List.copyOf(clients);
  }

  public Optional<Client> client(HttpServerRequest request) {
    SSLSession session = clients.isEmpty() ? null : request.connection().sslSession();
    return session == null ? Optional.empty() : shown(session).flatMap(this::client);
  }

  private static Optional<X509Certificate> shown(SSLSession session) {
    try {
      return session.getPeerCertificates()[0] instanceof X509Certificate leaf
          ? Optional.of(leaf)
          : Optional.empty();
    } catch (SSLPeerUnverifiedException noneShown) {
      return Optional.empty();
    }
  }

  Optional<Client> client(X509Certificate certificate) {
    return clients.stream().filter(c -> names(certificate, c.certificate())).findFirst();
  }

  private static boolean names(X509Certificate certificate, String wanted) {
    return subject(wanted).filter(certificate.getSubjectX500Principal()::equals).isPresent()
        || alternatives(certificate).stream().anyMatch(name -> isName(name, wanted));
  }

  private static Optional<X500Principal> subject(String wanted) {
    try {
      return Optional.of(new X500Principal(wanted));
    } catch (IllegalArgumentException notASubject) {
      return Optional.empty();
    }
  }

  private static Collection<List<?>> alternatives(X509Certificate certificate) {
    try {
      return Optional.ofNullable(certificate.getSubjectAlternativeNames()).orElse(List.of());
    } catch (CertificateParsingException e) {
      return List.of();
    }
  }

  private static boolean isName(List<?> name, String wanted) {
    return name.size() > 1
        && name.get(0) instanceof Integer kind
        && KINDS.contains(kind)
        && name.get(1) instanceof String text
        && (kind == 2
            ? text.toLowerCase(Locale.ROOT).equals(wanted.toLowerCase(Locale.ROOT))
            : text.equals(wanted));
  }
}
