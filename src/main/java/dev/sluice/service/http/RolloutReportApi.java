package dev.sluice.service.http;

import dev.sluice.gates.rollout.Rollout;
import dev.sluice.service.config.ServerConfig.Role;
import dev.sluice.service.dashboard.Chronicle;
import dev.sluice.service.dashboard.Chronicles;
import dev.sluice.service.dashboard.RolloutReport;
import dev.sluice.service.dashboard.StatusPage;
import dev.sluice.service.http.view.RolloutViews;
import dev.sluice.service.store.RolloutStore;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** A rollout's report: as one file of HTML, as Markdown, or as JSON. */
final class RolloutReportApi {
  private static final String MARKDOWN = "text/markdown; charset=utf-8";
  private static final int DELIVERIES = 200;

  private final RolloutStore store;
  private final RolloutsApi rollouts;
  private final RolloutViews views;
  private final Chronicles chronicles;
  private final InstantSource clock;

  private enum Form {
    HTML,
    MD,
    JSON
  }

  RolloutReportApi(
      RolloutStore store,
      RolloutsApi rollouts,
      RolloutViews views,
      Chronicles chronicles,
      InstantSource clock) {
    this.store = store;
    this.rollouts = rollouts;
    this.views = views;
    this.chronicles = chronicles;
    this.clock = clock;
  }

  List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get(RolloutsApi.ROLLOUT + "/report", Role.VIEWER, this::report).knowing("as"));
  }

  private Future<Answer> report(Call call) {
    Form form = form(call);
    return rollouts
        .load(call.rollout())
        .compose(
            rollout -> chronicles.of(rollout).compose(past -> made(call, form, rollout, past)));
  }

  /** What the address says; else what the client takes; else JSON. */
  private static Form form(Call call) {
    Optional<String> named = call.query("as");
    if (named.isPresent()) {
      return switch (named.get()) {
        case "html" -> Form.HTML;
        case "md" -> Form.MD;
        case "json" -> Form.JSON;
        default -> throw Call.bad("'as' must be html, md or json.");
      };
    }
    String accepted = call.header("Accept").orElse("");
    return accepted.contains("text/html")
        ? Form.HTML
        : accepted.contains("text/markdown") ? Form.MD : Form.JSON;
  }

  private Future<Answer> made(Call call, Form form, Rollout rollout, Chronicle past) {
    Instant now = clock.instant();
    RolloutReport report =
        new RolloutReport(
            now,
            views.view(rollout, call.caller()::denied),
            past.timeline(),
            CourseApi.view(rollout, past));
    return switch (form) {
      case JSON -> Future.succeededFuture(Answer.json(200, report));
      case MD -> Future.succeededFuture(Answer.of(200, MARKDOWN, Buffer.buffer(report.markdown())));
      case HTML ->
          store
              .deliveries(rollout.id(), DELIVERIES)
              .map(
                  sent ->
                      Answer.html(200, new StatusPage(report.rollout(), past, sent, now).report()));
    };
  }
}
