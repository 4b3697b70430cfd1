package dev.sluice.service.http;

import dev.sluice.gates.rollout.Rollout;
import dev.sluice.gates.rollout.Stage;
import dev.sluice.service.config.ServerConfig.Role;
import dev.sluice.service.http.view.Words;
import dev.sluice.service.store.RolloutStore;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** "checkout: 10 %, baking" as a small picture. It says with words what its colour says. */
final class BadgeApi {
  private static final String TYPE = "image/svg+xml";
  private static final int CHARACTER = 7;
  private static final int PADDING = 12;

  private final RolloutStore store;

  BadgeApi(RolloutStore store) {
    this.store = store;
  }

  List<Endpoint> endpoints() {
    return List.of(Endpoint.get(PlansApi.PLAN + "/badge.svg", Role.VIEWER, this::badge));
  }

  private Future<Answer> badge(Call call) {
    String plan = call.plan();
    return Future.all(store.latestOf(plan), store.plan(plan))
        .map(
            both -> {
              Optional<Rollout> newest = both.resultAt(0);
              if (newest.isEmpty() && both.<Optional<?>>resultAt(1).isEmpty()) {
                throw Problems.unknownPlan(plan).refusal();
              }
              return answer(call, svg(plan, newest));
            });
  }

  /** Shown for half a minute at most: a badge that says "baking" after a rollback misleads. */
  private static Answer answer(Call call, String svg) {
    String etag = "\"" + HexFormat.of().formatHex(Tokens.sha256(svg), 0, 8) + "\"";
    Answer answer =
        call.has(etag)
            ? Answer.notModified(etag)
            : Answer.of(200, TYPE, Buffer.buffer(svg)).with("ETag", etag);
    return answer.with("Cache-Control", "private, max-age=30");
  }

  private static String svg(String plan, Optional<Rollout> newest) {
    String words = newest.map(BadgeApi::words).orElse("not started");
    String colour = newest.map(BadgeApi::colour).orElse("#5a6270");
    int left = plan.length() * CHARACTER + PADDING;
    int right = words.length() * CHARACTER + PADDING;
    String title = plan + ": " + words;
    return """
        <svg xmlns="http://www.w3.org/2000/svg" width="%d" height="20" role="img" aria-label="%s">
        <title>%s</title>
        <rect width="%d" height="20" rx="3" fill="#2f3540"/>
        <path d="M%d 0h%da3 3 0 0 1 3 3v14a3 3 0 0 1-3 3h-%dz" fill="%s"/>
        <g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">
        <text x="6" y="14">%s</text>
        <text x="%d" y="14">%s</text>
        </g>
        </svg>
        """
        .formatted(
            left + right,
            title,
            title,
            left + right,
            left,
            right - 3,
            right - 3,
            colour,
            plan,
            left + 6,
            words);
  }

  /** Nothing in it needs escaping: plans are named by letters, digits and dashes. */
  private static String words(Rollout rollout) {
    return String.format(Locale.ROOT, "%s, %s", rollout.applied(), state(rollout));
  }

  /** "rolledBack" as people write it. */
  private static String state(Rollout rollout) {
    return Words.state(rollout.stage()).replaceAll("([A-Z])", " $1").toLowerCase(Locale.ROOT);
  }

  private static String colour(Rollout rollout) {
    return switch (rollout.stage()) {
      case Stage.Completed c -> "#1a7f37";
      case Stage.RollingBack r -> "#b3261e";
      case Stage.RolledBack r -> "#b3261e";
      case Stage.Held h -> "#8a5300";
      case Stage.AwaitingApproval a -> "#8a5300";
      case Stage.Paused p -> "#8a5300";
      case Stage.Aborted a -> "#8a5300";
      case Stage.Pending p -> "#1f5fa8";
      case Stage.Applying a -> "#1f5fa8";
      case Stage.Baking b -> "#1f5fa8";
      case Stage.RetireReady r -> "#1f5fa8";
    };
  }
}
