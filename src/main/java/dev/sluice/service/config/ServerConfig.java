package dev.sluice.service.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything that is about this server and not about a rollout: addresses, credentials, bounds.
 * Plans name what is configured here.
 *
 * @param zone in which the change windows of plans are meant
 * @param prometheus metric sources by name
 * @param flags flag systems by name
 * @param sinks who can be told, by name
 */
public record ServerConfig(
    Http http,
    Store store,
    ZoneId zone,
    Map<String, Prometheus> prometheus,
    Map<String, FlagEndpoint> flags,
    Map<String, Endpoint> sinks) {

  public ServerConfig {
    prometheus = Map.copyOf(prometheus);
    flags = Map.copyOf(flags);
    sinks = Map.copyOf(sinks);
  }

  /**
   * @param host address to bind; anything but loopback needs at least one token
   * @param port 0 picks a free one
   * @param publicUrl where people reach this server: used in links; derived from host and port
   *     where absent
   * @param tokens who may do what; empty, and nobody known otherwise: everybody on loopback may do
   *     everything
   * @param oidc who else is known: by tokens of an issuer
   * @param tls serve https; absent: http
   * @param requestsPerSecond of one caller; 0 is no limit
   */
  public record Http(
      String host,
      int port,
      Optional<URI> publicUrl,
      List<Token> tokens,
      Optional<Oidc> oidc,
      Optional<ServerTls> tls,
      int requestsPerSecond) {
    /** What is in force where nothing is said. */
    public static final int REQUESTS_PER_SECOND = 100;

    public Http {
      tokens = List.copyOf(tokens);
    }

    /** With nothing but tokens. */
    public Http(String host, int port, Optional<URI> publicUrl, List<Token> tokens) {
      this(host, port, publicUrl, tokens, Optional.empty(), Optional.empty(), REQUESTS_PER_SECOND);
    }

    /** Whether nobody can say who they are: then only this machine may reach the server. */
    public boolean anonymous() {
      return tokens.isEmpty()
          && oidc.isEmpty()
          && tls.filter(t -> !t.clients().isEmpty()).isEmpty();
    }
  }

  /**
   * An OpenID Connect issuer whose tokens are believed.
   *
   * @param issuer as it stands in the tokens
   * @param audience that the tokens must be made for
   * @param nameClaim that says who it is
   * @param roleClaim that is looked up in {@code roles}; dots go inside
   * @param caFile PEM of the authorities to trust; absent: the system's
   */
  public record Oidc(
      URI issuer,
      String audience,
      String nameClaim,
      String roleClaim,
      Map<String, Role> roles,
      Optional<Path> caFile) {
    public Oidc {
      roles = Map.copyOf(roles);
    }
  }

  /**
   * Our side of https.
   *
   * @param certFile PEM, with its chain
   * @param keyFile PEM, PKCS#8
   * @param clientCaFile PEM of the authorities of clients' certificates; absent: none are asked for
   */
  public record ServerTls(
      Path certFile, Path keyFile, Optional<Path> clientCaFile, List<Client> clients) {
    public ServerTls {
      clients = List.copyOf(clients);
    }
  }

  /**
   * Who holds a certificate.
   *
   * @param certificate its subject as RFC 2253 writes it, or one of its alternative names
   */
  public record Client(String certificate, String name, Role role) {}

  /**
   * A bearer token.
   *
   * @param name who that is, in the audit and in messages
   */
  public record Token(String name, Role role, Secret secret) {}

  /** What a token may do; each role may do what the ones before it may. */
  public enum Role {
    /** Reads. */
    VIEWER,
    /** Pauses, resumes, rolls back, aborts. */
    OPERATOR,
    /** Promotes and approves. */
    APPROVER,
    /** Hands in plans and starts rollouts. */
    AUTHOR,
    ADMIN
  }

  /** Where decisions are kept. */
  public sealed interface Store {
    /**
     * One file, for one process.
     *
     * @param file the SQLite file; its folder must exist and be writable
     */
    record Sqlite(Path file) implements Store {}

    /**
     * A database that several replicas share.
     *
     * @param schema where the tables are; made when it does not exist
     * @param connections at most this many at once
     */
    record Postgresql(
        String host,
        int port,
        String database,
        String user,
        Optional<Secret> password,
        String schema,
        int connections,
        Protection protection)
        implements Store {}

    /** How a connection is protected. */
    sealed interface Protection {
      record Off() implements Protection {}

      /** Encrypted, to whomever; for tests only. */
      record Unverified() implements Protection {}

      /**
       * @param caFile PEM of the authorities to trust; absent: the system's
       */
      record Verified(Optional<Path> caFile) implements Protection {}
    }
  }

  /**
   * A metrics system that speaks the Prometheus API.
   *
   * @param url without /api/v1
   * @param headers sent with every query, for tenants and proxies
   * @param deadline for all queries of one look together
   * @param concurrency queries under way at once, over all rollouts
   * @param maxBytes of one answer
   * @param maxSeries in one answer
   * @param scrapeInterval how far apart samples may lie: a window is read with this much in front
   */
  public record Prometheus(
      URI url,
      Credentials credentials,
      Map<String, Secret> headers,
      Tls tls,
      Duration deadline,
      int concurrency,
      long maxBytes,
      int maxSeries,
      Duration scrapeInterval) {
    public Prometheus {
      headers = Map.copyOf(headers);
    }
  }

  /** How to identify ourselves. */
  public sealed interface Credentials {
    record None() implements Credentials {}

    record Bearer(Secret token) implements Credentials {}

    record Basic(String user, Secret password) implements Credentials {}
  }

  /**
   * @param caFile PEM of the authorities to trust; absent: the system's
   * @param insecure believe any certificate; for tests only
   */
  public record Tls(Optional<Path> caFile, boolean insecure) {}

  /** Somebody who can be told. */
  public sealed interface Endpoint {
    /** How long one attempt may take. */
    Duration timeout();

    /**
     * Decisions and news as signed CloudEvents (Standard Webhooks).
     *
     * @param secrets "whsec_" and base64 of 24 to 64 bytes; several while a key is rotated: each
     *     signs
     * @param form for receivers that want to be told in words of their own
     */
    record Webhook(
        URI url,
        List<Secret> secrets,
        Map<String, Secret> headers,
        Duration timeout,
        Optional<WebhookForm> form)
        implements Endpoint, FlagEndpoint {
      public Webhook(URI url, List<Secret> secrets, Map<String, Secret> headers, Duration timeout) {
        this(url, secrets, headers, timeout, Optional.empty());
      }

      public Webhook {
        secrets = List.copyOf(secrets);
        headers = Map.copyOf(headers);
      }

      @Override
      public Granularity granularity() {
        return Granularity.ANY;
      }
    }

    /**
     * A Slack incoming webhook.
     *
     * @param url the secret address
     */
    record Slack(Secret url, Duration timeout) implements Endpoint {}
  }
}
