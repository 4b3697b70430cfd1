package dev.sluice.service.http;

import dev.sluice.gates.rollout.Rollout;
import dev.sluice.service.config.ServerConfig.Role;
import dev.sluice.service.dashboard.Chronicles;
import dev.sluice.service.dashboard.FleetPage;
import dev.sluice.service.dashboard.PlainPages;
import dev.sluice.service.dashboard.StatusPage;
import dev.sluice.service.http.view.RolloutViews;
import dev.sluice.service.store.RolloutStore;
import dev.sluice.service.store.RolloutStore.Delivery;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** The pages, and how a browser gets a session. */
final class PagesApi {
  private static final int ROLLOUTS = 50;
  private static final int DELIVERIES = 50;

  private final RolloutStore store;
  private final RolloutsApi rollouts;
  private final RolloutViews views;
  private final Doorkeeper doorkeeper;
  private final InstantSource clock;
  private final Chronicles chronicles;
  private final String build;

  /**
   * @param version of this server: a page made by another version is another page
   */
  PagesApi(
      RolloutStore store,
      RolloutsApi rollouts,
      RolloutViews views,
      Doorkeeper doorkeeper,
      Chronicles chronicles,
      InstantSource clock,
      String version) {
    this.store = store;
    this.rollouts = rollouts;
    this.views = views;
    this.doorkeeper = doorkeeper;
    this.clock = clock;
    this.chronicles = chronicles;
    this.build = short8(version);
  }

  List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get("/", Role.VIEWER, this::fleet).asPage(),
        Endpoint.get("/rollouts/{id}", Role.VIEWER, this::rollout).asPage(),
        Endpoint.post("/session", Role.VIEWER, Endpoint.Body.FORM, this::signIn).open().asPage(),
        Endpoint.post("/session/end", Role.VIEWER, Endpoint.Body.FORM, this::signOut)
            .open()
            .asPage());
  }

  private Future<Answer> fleet(Call call) {
    return store
        .list(ROLLOUTS)
        .map(
            all -> {
              String seen = String.join(" ", all.stream().map(PagesApi::version).toList());
              String etag = "\"fleet-" + build + "-" + short8(seen) + "\"";
              return call.has(etag)
                  ? Answer.notModified(etag)
                  : Answer.html(
                          200,
                          FleetPage.html(
                              all.stream().map(FleetPage.Running::of).toList(),
                              clock.instant(),
                              user(call)))
                      .with("ETag", etag);
            });
  }

  private static String version(Rollout rollout) {
    return rollout.id() + "@" + rollout.version();
  }

  private Future<Answer> rollout(Call call) {
    return rollouts
        .current(call, rollout -> seen(call, rollout))
        .compose(
            rollout ->
                store.deliveries(rollout.id(), DELIVERIES).compose(d -> page(call, rollout, d)));
  }

  /** The page's tag begins with the version it shows; the rest is about messages. */
  private boolean seen(Call call, Rollout rollout) {
    return call.header("If-None-Match").filter(h -> h.contains(tag(rollout))).isPresent();
  }

  private String tag(Rollout rollout) {
    return "\"page-" + build + "-" + rollout.version() + "-";
  }

  private Future<Answer> page(Call call, Rollout rollout, List<Delivery> deliveries) {
    String etag = tag(rollout) + short8(deliveries.toString()) + "\"";
    if (call.has(etag)) {
      return Future.succeededFuture(Answer.notModified(etag));
    }
    return chronicles
        .of(rollout)
        .map(
            chronicle ->
                Answer.html(
                        200,
                        new StatusPage(
                                views.view(rollout, call.caller()::denied),
                                chronicle,
                                deliveries,
                                clock.instant())
                            .html(user(call)))
                    .with("ETag", etag));
  }

  private static String short8(String text) {
    return HexFormat.of().formatHex(Tokens.sha256(text), 0, 4);
  }

  private Optional<String> user(Call call) {
    return doorkeeper.loopbackOnly() ? Optional.empty() : Optional.of(call.caller().name());
  }

  /** A wrong token is said to be wrong, and nothing more. */
  private Future<Answer> signIn(Call call) {
    String token = field(call, "token");
    return Future.succeededFuture(
        doorkeeper
            .session(token)
            .map(cookie -> Answer.seeOther("/").with("Set-Cookie", cookie))
            .orElseGet(() -> Answer.html(401, PlainPages.signIn(true))));
  }

  private Future<Answer> signOut(Call call) {
    return Future.succeededFuture(Answer.seeOther("/").with("Set-Cookie", doorkeeper.noSession()));
  }

  private static String field(Call call, String name) {
    QueryStringDecoder form = new QueryStringDecoder(call.body().toString(), false);
    return form.parameters().getOrDefault(name, List.of("")).getFirst().strip();
  }
}
