package dev.sluice.service.http;

import dev.sluice.gates.rollout.RolloutId;
import dev.sluice.service.dashboard.Assets;
import dev.sluice.service.dashboard.PlainPages;
import dev.sluice.service.loop.Rollouts;
import dev.sluice.service.store.RolloutStore;
import dev.sluice.service.telemetry.Telemetry;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From a request to its endpoint and back. Every answer and every failure is written here, with the
 * same headers; no failure tells more than its problem says.
 */
final class Switchboard {
  private static final Logger LOG = LoggerFactory.getLogger(Switchboard.class);
  private static final String ENDPOINT = "sluice.endpoint";
  private static final String REQUEST_ID = "sluice.request";
  private static final String DEADLINE = "sluice.deadline";
  private static final String TURN = "sluice.turn";
  static final Map<String, String> ALWAYS =
      Map.of(
          "Content-Security-Policy",
          "default-src 'self'; script-src 'self' "
              + Assets.importMapHash()
              + "; object-src 'none'; base-uri 'none'; form-action 'self';"
              + " frame-ancestors 'none'",
          "X-Content-Type-Options",
          "nosniff",
          "X-Frame-Options",
          "DENY",
          "Referrer-Policy",
          "no-referrer",
          "Cross-Origin-Resource-Policy",
          "same-origin",
          "Cross-Origin-Opener-Policy",
          "same-origin",
          "Cache-Control",
          "no-cache, private");

  private final Vertx vertx;
  private final Doorkeeper doorkeeper;
  private final Limits limits;
  private final Telemetry telemetry;
  private final RateLimits rates;
  private final InstantSource clock;
  private volatile boolean leaving;
  private final AtomicLong requests = new AtomicLong();

  Switchboard(
      Vertx vertx,
      Doorkeeper doorkeeper,
      RateLimits rates,
      InstantSource clock,
      Limits limits,
      Telemetry telemetry) {
    this.rates = rates;
    this.clock = clock;
    this.vertx = vertx;
    this.doorkeeper = doorkeeper;
    this.limits = limits;
    this.telemetry = telemetry;
  }

  Router router(List<Endpoint> endpoints) {
    Router router = Router.router(vertx).errorHandler(400, this::failed);
    router.route().handler(this::begin).failureHandler(this::failed);
    Map<String, Set<HttpMethod>> methods = new LinkedHashMap<>();
    for (Endpoint endpoint : endpoints) {
      add(router, endpoint);
      methods
          .computeIfAbsent(endpoint.regex(), r -> new LinkedHashSet<>())
          .addAll(methods(endpoint));
    }
    methods.forEach(
        (regex, allowed) ->
            router
                .routeWithRegex(regex)
                .handler(context -> refuse(context, Problems.methodNotAllowed(allowed))));
    router
        .route()
        .handler(context -> refuse(context, Problems.noSuchPlace(context.request().path())));
    return router;
  }

  private static Set<HttpMethod> methods(Endpoint endpoint) {
    return endpoint.method().equals(HttpMethod.GET)
        ? Set.of(HttpMethod.GET, HttpMethod.HEAD)
        : Set.of(endpoint.method());
  }

  /** Two routes for one endpoint: nobody's body is read before it is known who they are. */
  private void add(Router router, Endpoint endpoint) {
    route(router, endpoint).handler(context -> admit(context, endpoint));
    Route second = route(router, endpoint);
    if (endpoint.body() != Endpoint.Body.NONE) {
      second.handler(BodyHandler.create(false).setBodyLimit(limit(endpoint)));
    }
    second.handler(context -> answer(context, endpoint));
  }

  /** A day of samples of some dozen metrics is more than anybody writes by hand. */
  private long limit(Endpoint endpoint) {
    return endpoint.body() == Endpoint.Body.SAMPLES ? 8L * limits.bodyBytes() : limits.bodyBytes();
  }

  private static Route route(Router router, Endpoint endpoint) {
    Route route = router.routeWithRegex(endpoint.regex());
    methods(endpoint).forEach(route::method);
    return route;
  }

  /**
   * From now on every answer is the last one on its connection: whoever keeps connections for later
   * opens the next one elsewhere, instead of asking on one that is being closed.
   */
  void leave() {
    leaving = true;
  }

  private void begin(RoutingContext context) {
    context.put(REQUEST_ID, "r" + requests.incrementAndGet());
    context.next();
  }

  private void admit(RoutingContext context, Endpoint endpoint) {
    context.put(ENDPOINT, endpoint);
    Future<Caller> admitted = admission(context, endpoint);
    if (admitted.isComplete()) {
      admitted(context, endpoint, admitted);
      return;
    }
    // The body waits in the connection until it is known whose it is.
    context.request().pause();
    admitted.onComplete(
        done -> {
          context.request().resume();
          admitted(context, endpoint, done);
        });
  }

  private Future<Caller> admission(RoutingContext context, Endpoint endpoint) {
    try {
      return doorkeeper.admit(context.request(), endpoint);
    } catch (Refusal refusal) {
      return Future.failedFuture(refusal);
    }
  }

  private void admitted(RoutingContext context, Endpoint endpoint, AsyncResult<Caller> admission) {
    try {
      count(context, endpoint, admission);
      if (admission.failed()) {
        refuse(context, problem(context, admission.cause()));
        return;
      }
      checkQuery(context, endpoint);
      context.put(Caller.class.getName(), admission.result());
    } catch (Refusal refusal) {
      refuse(context, refusal.problem());
      return;
    }
    if (endpoint.body() != Endpoint.Body.NONE) {
      context.put(
          DEADLINE,
          vertx.setTimer(
              limits.bodyDeadline().toMillis(), t -> refuse(context, Problems.tooSlow())));
      context.addEndHandler(v -> arrived(context));
    }
    context.next();
  }

  /** Strangers are counted by where they come from; they never use up what others may. */
  private void count(RoutingContext context, Endpoint endpoint, AsyncResult<Caller> admission) {
    if (!rates.counts(endpoint)) {
      return;
    }
    boolean known = admission.succeeded() && !admission.result().equals(Caller.NOBODY);
    String who =
        known
            ? "caller " + admission.result().name()
            : "address " + context.request().remoteAddress().hostAddress();
    RateLimits.Turn turn = rates.take(who, clock.instant());
    context.put(TURN, turn);
    if (!turn.granted()) {
      throw Problems.tooMany(turn.pause()).refusal();
    }
  }

  private void arrived(RoutingContext context) {
    Long timer = context.remove(DEADLINE);
    if (timer != null) {
      vertx.cancelTimer(timer);
    }
  }

  private static void checkQuery(RoutingContext context, Endpoint endpoint) {
    List<HttpProblem.Mistake> unknown =
        context.queryParams().names().stream()
            .filter(name -> !endpoint.knows(name))
            .map(
                name ->
                    HttpProblem.Mistake.at("", "Unknown parameter '" + name + "'.")
                        .hinted(
                            Nearest.to(name, endpoint.query())
                                .map(near -> "did you mean '" + near + "'?")))
            .toList();
    if (!unknown.isEmpty()) {
      throw Problems.badQuery(unknown).refusal();
    }
  }

  private void answer(RoutingContext context, Endpoint endpoint) {
    arrived(context);
    Caller caller = context.get(Caller.class.getName());
    Context here = vertx.getOrCreateContext();
    asked(new Call(context, caller), endpoint)
        .onComplete(
            done ->
                here.runOnContext(
                    v -> {
                      if (done.succeeded()) {
                        send(context, done.result());
                      } else {
                        refuse(context, problem(context, done.cause()));
                      }
                    }));
  }

  private static Future<Answer> asked(Call call, Endpoint endpoint) {
    try {
      return endpoint.handler().apply(call);
    } catch (RuntimeException e) {
      return Future.failedFuture(e);
    }
  }

  /**
   * What went wrong, as it is said; what is our own mistake goes to the log and not to the client.
   */
  private HttpProblem problem(RoutingContext context, Throwable failure) {
    return switch (failure) {
      case Refusal refusal -> refusal.problem();
      case Rollouts.Refused refused -> Problems.refused(refused.rejection());
      case Rollouts.Unknown unknown -> Problems.unknownRollout(idIn(context));
      case Rollouts.Stale stale -> Problems.stale(stale.seen(), stale.version());
      case RolloutStore.VersionConflict conflict -> Problems.changedMeanwhile();
      default -> {
        LOG.error(
            "Request {} ({} {}) failed",
            context.<String>get(REQUEST_ID),
            context.request().method(),
            context.normalizedPath(),
            failure);
        yield Problems.ours();
      }
    };
  }

  private static String idIn(RoutingContext context) {
    String id = context.pathParam("id");
    return id == null ? "" : new RolloutId(id).value();
  }

  /** What the router and the body's reader refuse by themselves. */
  private void failed(RoutingContext context) {
    if (context.response().ended() || context.failure() instanceof HttpClosedException) {
      return;
    }
    HttpProblem problem =
        switch (context.statusCode()) {
          case 400 -> Problems.badRequest("The request's path, query or body is malformed.");
          case 413 -> {
            Endpoint endpoint = context.get(ENDPOINT);
            yield Problems.tooLarge(endpoint == null ? limits.bodyBytes() : limit(endpoint));
          }
          default ->
              context.failure() == null
                  ? Problems.badRequest("The request cannot be answered.")
                  : problem(context, context.failure());
        };
    refuse(context, problem);
  }

  private void refuse(RoutingContext context, HttpProblem problem) {
    Endpoint endpoint = context.get(ENDPOINT);
    Endpoint.Voice voice = endpoint == null ? Endpoint.Voice.PROBLEM : endpoint.voice();
    send(
        context,
        switch (voice) {
          case PROBLEM -> problem.answer(context.request().path(), context.get(REQUEST_ID));
          case PAGE ->
              Answer.html(
                  problem.status(),
                  problem.status() == 401
                      ? PlainPages.signIn(false)
                      : PlainPages.problem(problem.title(), problem.detail()));
          case LINE -> problem.line();
          case PROMETHEUS -> problem.asPrometheusSaysIt();
          case OPEN_FEATURE ->
              problem.asOpenFeatureSaysIt(Optional.ofNullable(context.pathParam("key")));
        });
  }

  private void send(RoutingContext context, Answer answer) {
    HttpServerResponse response = context.response();
    if (response.ended() || response.closed()) {
      return;
    }
    Endpoint endpoint = context.get(ENDPOINT);
    telemetry.request(endpoint == null ? "none" : endpoint.path(), answer.status());
    if (response.headWritten()) {
      // An answer that was sent line by line: this is its last one.
      response.end(answer.body());
      return;
    }
    write(response, answer);
    RateLimits.Turn turn = context.get(TURN);
    if (turn != null) {
      response
          .putHeader("RateLimit-Limit", turn.limit() + "")
          .putHeader("RateLimit-Remaining", turn.remaining() + "")
          .putHeader("RateLimit-Reset", "1");
    }
    if (leaving) {
      response.putHeader("Connection", "close");
    }
    if (leaving || "close".equals(answer.headers().get("Connection"))) {
      HttpConnection connection = context.request().connection();
      context.addEndHandler(v -> connection.close());
    }
    answer
        .flow()
        .filter(f -> !context.request().method().equals(HttpMethod.HEAD))
        .ifPresentOrElse(
            flow -> flow.accept(response.setChunked(true)), () -> response.end(answer.body()));
  }

  private static void write(HttpServerResponse response, Answer answer) {
    response.setStatusCode(answer.status());
    ALWAYS.forEach(response::putHeader);
    if (!answer.contentType().isEmpty()) {
      response.putHeader("Content-Type", answer.contentType());
    }
    answer.headers().forEach(response::putHeader);
  }

  /** A request that is no HTTP, or larger than its bounds: answered, and the connection closed. */
  void unreadable(HttpServerRequest request) {
    Throwable cause = request.decoderResult().cause();
    HttpProblem problem =
        switch (cause) {
          case TooLongHttpLineException e ->
              HttpProblem.of(414, "too-long", "The address is too long", "Shorten it.");
          case TooLongHttpHeaderException e ->
              HttpProblem.of(431, "headers", "The headers are too large", "Send fewer or shorter.");
          case null, default -> Problems.badRequest("This is not an HTTP request.");
        };
    telemetry.request("none", problem.status());
    Answer answer =
        problem.answer("", "r" + requests.incrementAndGet()).with("Connection", "close");
    write(request.response(), answer);
    HttpConnection connection = request.connection();
    request.response().end(answer.body()).onComplete(v -> connection.close());
  }
}
