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
 * @param page whether a person's browser asks: then refusals are pages too
 */
record Endpoint(
    HttpMethod method,
    String path,
    Optional<Role> need,
    Body body,
    Set<String> query,
    boolean page,
    Function<Call, Future<Answer>> handler) {
  private static final Pattern PARAMETER = Pattern.compile("\\{([a-z]+)}");
  private static final String ANYTHING = "*";

  /** What may be sent. */
  enum Body {
    NONE(""),
    /** One JSON object, or nothing. */
    JSON("application/json"),
    /** A plan: YAML or JSON. */
    PLAN("application/yaml"),
    /** A form of our own page. */
    FORM("application/x-www-form-urlencoded"),
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

  static Endpoint get(String path, Role need, Function<Call, Future<Answer>> handler) {
    return new Endpoint(
        HttpMethod.GET, path, Optional.of(need), Body.NONE, Set.of(), false, handler);
  }

  static Endpoint post(String path, Role need, Body body, Function<Call, Future<Answer>> handler) {
    return new Endpoint(HttpMethod.POST, path, Optional.of(need), body, Set.of(), false, handler);
  }

  static Endpoint put(String path, Role need, Body body, Function<Call, Future<Answer>> handler) {
    return new Endpoint(HttpMethod.PUT, path, Optional.of(need), body, Set.of(), false, handler);
  }

  Endpoint open() {
    return new Endpoint(method, path, Optional.empty(), body, query, page, handler);
  }

  Endpoint asPage() {
    return new Endpoint(method, path, need, body, Set.of(ANYTHING), true, handler);
  }

  Endpoint knowing(String... parameters) {
    return new Endpoint(method, path, need, body, Set.of(parameters), page, handler);
  }

  Endpoint knowingAnything() {
    return knowing(ANYTHING);
  }

  boolean knows(String parameter) {
    return query.contains(ANYTHING) || query.contains(parameter);
  }

  /** Whether the request changes something. */
  boolean acts() {
    return !method.equals(HttpMethod.GET);
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
