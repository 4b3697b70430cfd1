package dev.sluice.service.http;

import dev.sluice.service.config.ServerConfig.Role;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One method of one address, with all that is decided before its handler runs.
 *
 * @param path as in the API's description: "/api/v1/rollouts/{id}:pause"
 * @param need the least role; absent: open to everybody who can reach the server
 * @param body what may be sent
 * @param query the parameters it knows; others are refused, because a misspelt one would silently
 *     do something else ("?dryrun=true")
 * @param voice how refusals are said
 * @param acts whether the request changes something: then pages of other sites are kept out
 */
public record Endpoint(
    HttpMethod method,
    String path,
    Optional<Role> need,
    Body body,
    Set<String> query,
    Voice voice,
    boolean acts,
    Function<Call, Future<Answer>> handler) {
  private static final Pattern PARAMETER = Pattern.compile("\\{([a-z]+)}");
  private static final String ANYTHING = "*";

  /** What may be sent. */
  public enum Body {
    NONE(""),
    /** One JSON object, or nothing. */
    JSON("application/json"),
    /** A plan: YAML or JSON. */
    PLAN("application/yaml"),
    /** A form of our own page. */
    FORM("application/x-www-form-urlencoded"),
    /** JSON that holds samples, and may be larger than what people write. */
    SAMPLES("application/json"),
    /** Whatever it is, it does not stand in the way. */
    ANY("application/json");

    private final String contentType;

    Body(String contentType) {
      this.contentType = contentType;
    }

    String contentType() {
      return contentType;
    }
  }

  /** How a refusal is said, so that the one who asked can hear it. */
  public enum Voice {
    /** As application/problem+json. */
    PROBLEM,
    /** As a page, for a person's browser. */
    PAGE,
    /** As one line of text with a 4xx, for clients that read nothing else. */
    LINE,
    /** As the Prometheus API says it. */
    PROMETHEUS,
    /** As the OpenFeature remote evaluation protocol says it. */
    OPEN_FEATURE
  }

  public static Endpoint get(String path, Role need, Function<Call, Future<Answer>> handler) {
    return of(HttpMethod.GET, path, need, Body.NONE, handler);
  }

  public static Endpoint post(
      String path, Role need, Body body, Function<Call, Future<Answer>> handler) {
    return of(HttpMethod.POST, path, need, body, handler);
  }

  public static Endpoint put(
      String path, Role need, Body body, Function<Call, Future<Answer>> handler) {
    return of(HttpMethod.PUT, path, need, body, handler);
  }

  private static Endpoint of(
      HttpMethod method,
      String path,
      Role need,
      Body body,
      Function<Call, Future<Answer>> handler) {
    return new Endpoint(
        method,
        path,
        Optional.of(need),
        body,
        Set.of(),
        Voice.PROBLEM,
        !method.equals(HttpMethod.GET),
        handler);
  }

  /** For everybody who can reach the server; whoever handles it may still ask who that is. */
  public Endpoint open() {
    return new Endpoint(method, path, Optional.empty(), body, query, voice, acts, handler);
  }

  Endpoint asPage() {
    return knowingAnything().saying(Voice.PAGE);
  }

  public Endpoint saying(Voice other) {
    return new Endpoint(method, path, need, body, query, other, acts, handler);
  }

  public Endpoint knowing(String... parameters) {
    return new Endpoint(method, path, need, body, Set.of(parameters), voice, acts, handler);
  }

  public Endpoint knowingAnything() {
    return knowing(ANYTHING);
  }

  /** A GET that changes something, because its client can send nothing else. */
  public Endpoint acting() {
    return new Endpoint(method, path, need, body, query, voice, true, handler);
  }

  /** A request with a body that only asks. */
  public Endpoint asking() {
    return new Endpoint(method, path, need, body, query, voice, false, handler);
  }

  boolean knows(String parameter) {
    return query.contains(ANYTHING) || query.contains(parameter);
  }

  /**
   * The whole path and nothing but the path. A colon stands before a verb and is no part of a name;
   * it may come percent-encoded, because some clients cannot be kept from it.
   */
  String regex() {
    Matcher parameters = PARAMETER.matcher(path);
    StringBuilder regex = new StringBuilder();
    int from = 0;
    while (parameters.find()) {
      regex.append(literal(path.substring(from, parameters.start())));
      regex.append("(?<").append(parameters.group(1)).append(">(?:(?!%3[Aa])[^/:])+)");
      from = parameters.end();
    }
    return regex.append(literal(path.substring(from))).toString();
  }

  private static String literal(String text) {
    return text.replace(".", "\\.").replace(":", "(?::|%3[Aa])");
  }
}
