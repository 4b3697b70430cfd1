package dev.sluice.service.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.gates.rollout.Rollout;
import dev.sluice.gates.rollout.RolloutId;
import dev.sluice.service.config.ServerConfig.Role;
import dev.sluice.service.http.view.RolloutSummary;
import dev.sluice.service.http.view.RolloutViews;
import dev.sluice.service.store.RolloutStore;
import dev.sluice.service.store.RolloutStore.Delivery;
import dev.sluice.service.store.RolloutStore.Recorded;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Rollouts, to read. */
final class RolloutsApi {
  static final String ROLLOUTS = "/api/v1/rollouts";
  static final String ROLLOUT = ROLLOUTS + "/{id}";
  private static final int PAGE = 50;
  private static final int LONGEST_PAGE = 200;

  private final RolloutStore store;
  private final RolloutViews views;
  private final Waiters waiters;
  private final Watchers watchers;
  private final Duration longestWait;

  RolloutsApi(
      RolloutStore store,
      RolloutViews views,
      Waiters waiters,
      Watchers watchers,
      Duration longestWait) {
    this.store = store;
    this.views = views;
    this.waiters = waiters;
    this.watchers = watchers;
    this.longestWait = longestWait;
  }

  private static final Cursor ROLLOUT_CURSOR = new Cursor("rollouts");
  private static final Cursor DELIVERY_CURSOR = new Cursor("deliveries");

  private record Listing(List<RolloutSummary> rollouts, Optional<String> next) {}

  /**
   * @param next what to give as {@code after} for the next page; absent at the end
   */
  private record Events(List<ObjectNode> events, Optional<Long> next) {}

  private record Deliveries(List<Delivery> deliveries, Optional<String> next) {}

  List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get(ROLLOUTS, Role.VIEWER, this::list).knowing("after", "limit"),
        Endpoint.get(ROLLOUT, Role.VIEWER, this::get).knowing("wait"),
        Endpoint.get(PlansApi.PLAN + "/rollouts/latest", Role.VIEWER, this::latest),
        Endpoint.get(ROLLOUT + "/events", Role.VIEWER, this::events).knowing("after", "limit"),
        Endpoint.get(ROLLOUT + "/deliveries", Role.VIEWER, this::deliveries)
            .knowing("after", "limit"));
  }

  private Future<Answer> list(Call call) {
    int limit = (int) call.number("limit", PAGE, 1, LONGEST_PAGE);
    return ROLLOUT_CURSOR
        .asked(call)
        .map(after -> store.listBefore(listed(after), limit))
        .orElseGet(() -> store.list(limit))
        .map(
            rollouts -> {
              Optional<String> next =
                  rollouts.size() < limit
                      ? Optional.empty()
                      : Optional.of(ROLLOUT_CURSOR.behind(rollouts.getLast().id().value()));
              return page(
                  call,
                  new Listing(rollouts.stream().map(RolloutSummary::of).toList(), next),
                  next,
                  limit);
            });
  }

  private static RolloutId listed(String id) {
    try {
      return new RolloutId(id);
    } catch (IllegalArgumentException e) {
      throw Call.bad("'after' must be the 'next' of an earlier page of the same list.");
    }
  }

  private static Answer page(Call call, Object page, Optional<String> next, int limit) {
    Answer answer = Answer.json(200, page);
    return next.map(n -> answer.with("Link", Cursor.link(call, n, limit))).orElse(answer);
  }

  private Future<Answer> get(Call call) {
    return current(call, rollout -> call.has(etag(rollout))).map(rollout -> answer(call, rollout));
  }

  private Future<Answer> latest(Call call) {
    String plan = call.plan();
    return store
        .latestOf(plan)
        .map(found -> found.orElseThrow(() -> Problems.unknownPlan(plan).refusal()))
        .map(rollout -> shown(call, 200, rollout));
  }

  private Answer answer(Call call, Rollout rollout) {
    String etag = etag(rollout);
    if (!call.has(etag)) {
      return shown(call, 200, rollout);
    }
    Answer unchanged = Answer.notModified(etag);
    return waiters.full() ? unchanged.with("Retry-After", "5") : unchanged;
  }

  /** The full view, as the one who asks may use it. */
  Answer shown(Call call, int status, Rollout rollout) {
    return Answer.json(status, views.view(rollout, call.caller()::denied))
        .with("ETag", etag(rollout));
  }

  static String etag(Rollout rollout) {
    return "\"" + rollout.version() + "\"";
  }

  /**
   * The rollout of the path. Where the client is up to date and willing to wait, it is answered
   * when there is another version, or when its time is over.
   */
  Future<Rollout> current(Call call, Predicate<Rollout> upToDate) {
    RolloutId id = call.rollout();
    Duration patience = call.patience(longestWait);
    return load(id)
        .compose(
            now ->
                patience.isZero() || now.ended() || !upToDate.test(now)
                    ? Future.succeededFuture(now)
                    : waiters
                        .news(id, now.version(), patience, call.gone())
                        .compose(v -> load(id)));
  }

  /** Fails with a {@link Refusal} when there is none. */
  Future<Rollout> load(RolloutId id) {
    return store
        .load(id)
        .map(
            found ->
                found
                    .map(RolloutStore.Stored::rollout)
                    .orElseThrow(() -> Problems.unknownRollout(id.value()).refusal()));
  }

  private Future<Answer> events(Call call) {
    return call.header("Accept").filter(a -> a.contains(Messages.TYPE)).isPresent()
        ? watched(call)
        : page(call);
  }

  /** From the version the client has seen on; where it names none, what happens from now on. */
  private Future<Answer> watched(Call call) {
    RolloutId id = call.rollout();
    long after = call.number("after", Long.MAX_VALUE, 0, Long.MAX_VALUE);
    long named = call.header("Last-Event-ID").flatMap(RolloutsApi::number).orElse(after);
    return load(id)
        .map(
            now -> {
              long seen = Math.min(named, now.version());
              if (now.ended() && seen == now.version()) {
                // To an event source this says: do not come back.
                return Answer.empty(204);
              }
              if (watchers.full()) {
                throw Problems.tooManyWatchers().refusal();
              }
              return Answer.flowing(
                      Messages.TYPE, response -> watchers.watch(now, seen, response, call.gone()))
                  .with("X-Accel-Buffering", "no");
            });
  }

  private static Optional<Long> number(String text) {
    return text.matches("[0-9]{1,18}") ? Optional.of(Long.parseLong(text)) : Optional.empty();
  }

  private Future<Answer> page(Call call) {
    RolloutId id = call.rollout();
    long after = call.number("after", 0, 0, Long.MAX_VALUE);
    int limit = (int) call.number("limit", PAGE, 1, LONGEST_PAGE);
    return load(id)
        .compose(known -> store.events(id, after, limit))
        .map(
            events -> {
              Optional<Long> next =
                  events.size() < limit
                      ? Optional.empty()
                      : Optional.of(events.getLast().version());
              Answer answer =
                  Answer.json(
                      200, new Events(events.stream().map(RolloutsApi::event).toList(), next));
              return next.map(n -> answer.with("Link", link(id, n, limit))).orElse(answer);
            });
  }

  private static String link(RolloutId id, long after, int limit) {
    return "<"
        + ROLLOUTS
        + "/"
        + id
        + "/events?after="
        + after
        + "&limit="
        + limit
        + ">; rel=\"next\"";
  }

  /** The event's own fields, with its number in the rollout in front. */
  static ObjectNode event(Recorded recorded) {
    ObjectNode node = ApiJson.mapper().createObjectNode().put("version", recorded.version());
    return node.setAll(ApiJson.object(recorded.event()));
  }

  private Future<Answer> deliveries(Call call) {
    RolloutId id = call.rollout();
    int limit = (int) call.number("limit", PAGE, 1, LONGEST_PAGE);
    return load(id)
        .compose(
            known ->
                DELIVERY_CURSOR
                    .asked(call)
                    .map(after -> store.deliveriesBefore(id, after, limit))
                    .orElseGet(() -> store.deliveries(id, limit)))
        .map(
            all -> {
              Optional<String> next =
                  all.size() < limit
                      ? Optional.empty()
                      : Optional.of(DELIVERY_CURSOR.behind(all.getLast().messageId()));
              return page(call, new Deliveries(all, next), next, limit);
            });
  }
}
