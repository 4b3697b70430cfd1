package dev.sluice.service.http;

import dev.sluice.gates.rollout.RolloutId;
import dev.sluice.service.runs.Runs;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One request, after the doorkeeper let it in and its body has arrived. */
public final class Call {
  private static final Pattern WAIT = Pattern.compile("([0-9]{1,6})(ms|s|m)");
  private static final Pattern LEASE = Pattern.compile("([0-9]{1,6})(s|m|h|d)");
  private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");

  private final RoutingContext context;
  private final Caller caller;

  Call(RoutingContext context, Caller caller) {
    this.context = context;
    this.caller = caller;
  }

  public Caller caller() {
    return caller;
  }

  public RoutingContext context() {
    return context;
  }

  public String path(String name) {
    return Optional.ofNullable(context.pathParam(name)).orElse("");
  }

  /** A rollout's id from the path; what cannot be one is not found. */
  public RolloutId rollout() {
    return rolloutId(path("id"));
  }

  public static RolloutId rolloutId(String text) {
    try {
      return new RolloutId(text);
    } catch (IllegalArgumentException e) {
      throw Problems.unknownRollout(text).refusal();
    }
  }

  /** A plan's name from the path; what cannot be one is not found. */
  public String plan() {
    String name = path("name");
    if (!NAME.matcher(name).matches()) {
      throw Problems.unknownPlan(name).refusal();
    }
    return name;
  }

  public Optional<String> query(String name) {
    List<String> values = context.queryParam(name);
    if (values.size() > 1) {
      throw bad("'" + name + "' is there " + values.size() + " times; give it once.");
    }
    return values.stream().findFirst();
  }

  /** A whole number in the query. */
  public long number(String name, long absent, long least, long most) {
    Optional<String> text = query(name);
    if (text.isEmpty()) {
      return absent;
    }
    long value = text.get().matches("[0-9]{1,18}") ? Long.parseLong(text.get()) : -1;
    if (value < least || value > most) {
      throw bad("'" + name + "' must be a whole number from " + least + " to " + most + ".");
    }
    return value;
  }

  public boolean flag(String name) {
    return switch (query(name).orElse("false")) {
      case "true", "" -> true;
      case "false" -> false;
      default -> throw bad("'" + name + "' must be true or false.");
    };
  }

  public Optional<Instant> instant(String name) {
    try {
      return query(name).map(Instant::parse);
    } catch (DateTimeParseException e) {
      throw bad("'" + name + "' must be an instant like 2026-03-02T10:00:00Z.");
    }
  }

  /** For how long a controller may be silent. */
  public Optional<Duration> lease() {
    return query("lease").map(Call::lease);
  }

  private static Duration lease(String text) {
    Matcher parts = LEASE.matcher(text);
    Duration lease = parts.matches() ? Duration.parse(iso(parts)) : Duration.ZERO;
    if (lease.compareTo(Runs.SHORTEST_LEASE) < 0 || lease.compareTo(Runs.LONGEST_LEASE) > 0) {
      throw bad("'lease' must be a duration from 1m to 7d, like 90m.");
    }
    return lease;
  }

  private static String iso(Matcher parts) {
    return parts.group(2).equals("d")
        ? "P" + parts.group(1) + "D"
        : "PT" + parts.group(1) + parts.group(2);
  }

  /** How long to wait for news; zero where nothing is said, and never more than {@code most}. */
  Duration patience(Duration most) {
    Optional<String> text = query("wait");
    if (text.isEmpty()) {
      return Duration.ZERO;
    }
    Matcher parts = WAIT.matcher(text.get());
    if (!parts.matches()) {
      throw bad("'wait' must be a duration like 30s.");
    }
    long amount = Long.parseLong(parts.group(1));
    Duration wanted =
        switch (parts.group(2)) {
          case "ms" -> Duration.ofMillis(amount);
          case "s" -> Duration.ofSeconds(amount);
          default -> Duration.ofMinutes(amount);
        };
    return wanted.compareTo(most) > 0 ? most : wanted;
  }

  public static Refusal bad(String detail) {
    return Problems.badQuery(List.of(HttpProblem.Mistake.at("", detail))).refusal();
  }

  public Optional<String> header(String name) {
    return Optional.ofNullable(context.request().getHeader(name));
  }

  /** Whether the client already has this revision. */
  public boolean has(String etag) {
    return header("If-None-Match").filter(h -> names(h, etag)).isPresent();
  }

  /** Whether one of the entity tags in a header is this one, strong or weak. */
  static boolean names(String header, String etag) {
    return Arrays.stream(header.split(",", -1))
        .map(String::strip)
        .map(tag -> tag.startsWith("W/") ? tag.substring(2) : tag)
        .anyMatch(tag -> tag.equals(etag) || tag.equals("*"));
  }

  public Buffer body() {
    return Optional.ofNullable(context.body().buffer()).orElseGet(Buffer::buffer);
  }

  /** Completes when the client has gone away. */
  Future<Void> gone() {
    Promise<Void> promise = Promise.promise();
    context.addEndHandler(ended -> promise.tryComplete());
    return promise.future();
  }
}
