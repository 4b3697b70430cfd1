package dev.sluice.service.http;

import dev.sluice.gates.rollout.Decider;
import dev.sluice.gates.rollout.RolloutId;
import dev.sluice.service.config.ServerConfig;
import dev.sluice.service.dashboard.Chronicles;
import dev.sluice.service.http.controllers.AdviceApi;
import dev.sluice.service.http.controllers.Desk;
import dev.sluice.service.http.facade.FacadeApi;
import dev.sluice.service.http.flagger.FlaggerApi;
import dev.sluice.service.http.kayenta.JudgeApi;
import dev.sluice.service.http.kayenta.KayentaApi;
import dev.sluice.service.http.spinnaker.SpinnakerApi;
import dev.sluice.service.http.view.RolloutViews;
import dev.sluice.service.loop.Rollouts;
import dev.sluice.service.plan.PlanReading;
import dev.sluice.service.runs.Runs;
import dev.sluice.service.store.RolloutStore;
import dev.sluice.service.telemetry.Telemetry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The HTTP server: API, pages, health, metrics. Put together by hand from its {@link Parts}; {@link
 * #start} binds it, {@link #stop} lets it go without cutting anybody off.
 */
public final class HttpApi {
  private static final Duration LOOK_FOR_NEWS = Duration.ofSeconds(1);
  private static final int LONGEST_LINE = 4096;
  private static final int LONGEST_HEADERS = 8192;

  private final Vertx vertx;
  private final ServerConfig.Http config;
  private final Parts parts;
  private final Limits limits;
  private final Doorkeeper doorkeeper;
  private final Waiters waiters;
  private final Watchers watchers;
  private final HealthApi health;
  private final List<Endpoint> more = new ArrayList<>();
  private Optional<HttpServer> server = Optional.empty();
  private Optional<Switchboard> switchboard = Optional.empty();

  /**
   * What the server stands on.
   *
   * @param sources the metrics systems, by name
   * @param plans reads a plan, or says everything that is wrong with it
   * @param decider asked what would be allowed; carries nothing out
   * @param probes by name, in the order in which readiness shows them: store, each metrics system,
   *     the loop's lag; each fails with a sentence that names place and remedy
   * @param clock the same that the loop uses
   * @param version of this build
   */
  public record Parts(
      RolloutStore store,
      Rollouts rollouts,
      Set<String> sources,
      Function<String, PlanReading> plans,
      Decider decider,
      Telemetry telemetry,
      Map<String, Supplier<Future<Void>>> probes,
      InstantSource clock,
      String version) {
    public Parts {
      sources = Set.copyOf(sources);
    }

    /** Rollouts under the names that controllers have for them. */
    Runs runs() {
      return new Runs(store, rollouts, clock);
    }
  }

  public HttpApi(Vertx vertx, ServerConfig.Http config, Parts parts) {
    this(vertx, config, parts, Limits.defaults());
  }

  public HttpApi(Vertx vertx, ServerConfig.Http config, Parts parts, Limits limits) {
    this.vertx = vertx;
    this.config = config;
    this.parts = parts;
    this.limits = limits;
    this.doorkeeper = new Doorkeeper(vertx, config, parts.clock());
    this.waiters = new Waiters(vertx, parts.store(), LOOK_FOR_NEWS, limits.waiters());
    this.watchers = new Watchers(vertx, parts.store(), waiters, limits);
    this.health = new HealthApi(parts.probes(), parts.clock());
  }

  /** Addresses that only some servers have: before the start. */
  public HttpApi with(List<Endpoint> endpoints) {
    more.addAll(endpoints);
    return this;
  }

  /** Everything this server answers, one entry for each method of each address. */
  List<Endpoint> endpoints() {
    RolloutViews views = new RolloutViews(parts.decider());
    PlansApi plans = new PlansApi(parts.store(), parts.plans(), parts.clock());
    RolloutsApi reading =
        new RolloutsApi(parts.store(), views, waiters, watchers, limits.longestWait());
    List<Endpoint> all = new ArrayList<>();
    all.addAll(plans.endpoints());
    all.addAll(new BadgeApi(parts.store()).endpoints());
    all.addAll(reading.endpoints());
    all.addAll(
        new CommandsApi(parts.rollouts(), parts.store(), reading, plans, waiters, parts.clock())
            .endpoints());
    all.addAll(new AuditApi(parts.store()).endpoints());
    all.addAll(new ReplayApi(parts.store(), parts.rollouts()).endpoints());
    all.addAll(new ReportsApi(parts.rollouts()).endpoints());
    all.addAll(new GatesApi(parts.store(), parts.decider(), parts.clock()).endpoints());
    all.addAll(dialects(plans));
    all.addAll(health.endpoints());
    all.addAll(new MetricsApi(vertx, parts.telemetry().registry()).endpoints());
    all.addAll(new StaticApi().endpoints());
    Chronicles chronicles = new Chronicles(parts.store());
    all.addAll(new CourseApi(reading, chronicles).endpoints());
    all.addAll(
        new RolloutReportApi(parts.store(), reading, views, chronicles, parts.clock()).endpoints());
    all.addAll(
        new PagesApi(
                parts.store(),
                reading,
                views,
                doorkeeper,
                chronicles,
                parts.clock(),
                parts.version())
            .endpoints());
    all.addAll(more);
    return all;
  }

  /** What rollout controllers and scripts speak; each has its own addresses. */
  private List<Endpoint> dialects(PlansApi plans) {
    Runs runs = parts.runs();
    Desk desk = new Desk(parts.store(), runs, plans, parts.decider(), parts.clock());
    List<Endpoint> all = new ArrayList<>();
    all.addAll(new FlaggerApi(runs, plans, parts.decider(), parts.clock()).endpoints());
    all.addAll(new AdviceApi(desk, "argo").endpoints());
    all.addAll(new AdviceApi(desk, "kargo").endpoints());
    all.addAll(new SpinnakerApi(desk, config.publicUrl()).endpoints());
    all.addAll(new KayentaApi(desk, parts.sources()).endpoints());
    all.addAll(new JudgeApi(vertx).endpoints());
    all.addAll(new FacadeApi(desk).endpoints());
    return all;
  }

  /** Binds, and gives the port. Fails where the address may not be bound without tokens. */
  public Future<Integer> start() {
    if (doorkeeper.loopbackOnly() && !Doorkeeper.isLoopback(config.host())) {
      return Future.failedFuture(
          new IllegalStateException(
              "http.host is "
                  + config.host()
                  + " and there are no tokens: everybody in the network could move your users."
                  + " Bind to 127.0.0.1, or configure http.tokens (or http.oidc, or certificates of clients)."));
    }
    Connections connections = new Connections(limits.connections());
    Switchboard board =
        new Switchboard(
            vertx,
            doorkeeper,
            new RateLimits(doorkeeper.loopbackOnly() ? 0 : config.requestsPerSecond()),
            parts.clock(),
            limits,
            parts.telemetry());
    HttpServer created =
        vertx
            .createHttpServer(options())
            .connectionHandler(connections::opened)
            .invalidRequestHandler(board::unreadable)
            .requestHandler(board.router(endpoints()));
    server = Optional.of(created);
    switchboard = Optional.of(board);
    return created.listen(config.port(), config.host()).map(HttpServer::actualPort);
  }

  /** HTTP/1.1 only: no stream multiplexing, so a connection costs one request at a time. */
  private HttpServerOptions options() {
    HttpServerOptions options = new HttpServerOptions();
    config.tls().ifPresent(tls -> encrypted(options, tls));
    return options
        .setHttp2ClearTextEnabled(false)
        .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
        .setIdleTimeout((int) limits.idle().toMillis())
        .setMaxInitialLineLength(LONGEST_LINE)
        .setMaxHeaderSize(LONGEST_HEADERS)
        .setHandle100ContinueAutomatically(true);
  }

  /** Certificates are asked for and not demanded: who has none may have a token. */
  private static void encrypted(HttpServerOptions options, ServerConfig.ServerTls tls) {
    options
        .setSsl(true)
        .setUseAlpn(false)
        .setKeyCertOptions(
            new PemKeyCertOptions()
                .addCertPath(tls.certFile().toString())
                .addKeyPath(tls.keyFile().toString()));
    tls.clientCaFile()
        .ifPresent(
            ca ->
                options
                    .setClientAuth(ClientAuth.REQUEST)
                    .setTrustOptions(new PemTrustOptions().addCertPath(ca.toString())));
  }

  /**
   * A rollout was committed at this version: whoever waits for it is answered now. Called by
   * whoever commits; without the call news takes a second.
   */
  public void changed(RolloutId id, long version) {
    waiters.changed(id, version);
  }

  /**
   * First it says that it is not ready, so that balancers look elsewhere, and closes each
   * connection after its answer, so that those who keep some go elsewhere too; then it takes no
   * more requests and lets those under way end; long polls are answered at once.
   */
  public Future<Void> stop() {
    health.stopping();
    switchboard.ifPresent(Switchboard::leave);
    return pause(limits.drain())
        .compose(
            v -> {
              waiters.close();
              watchers.close();
              return server
                  .map(s -> s.shutdown(limits.lastRequests()))
                  .orElseGet(Future::succeededFuture);
            });
  }

  private Future<Void> pause(Duration duration) {
    if (duration.isZero()) {
      return Future.succeededFuture();
    }
    Promise<Void> promise = Promise.promise();
    vertx.setTimer(duration.toMillis(), t -> promise.complete());
    return promise.future();
  }
}
