package dev.sluice.service.http;

import dev.sluice.gates.rollout.Rollout;
import dev.sluice.service.config.ServerConfig.Role;
import dev.sluice.service.dashboard.Chronicle;
import dev.sluice.service.dashboard.Chronicles;
import dev.sluice.service.http.view.CourseView;
import io.vertx.core.Future;
import java.util.List;

/** How the checks of a rollout went from look to look. */
final class CourseApi {
  private final RolloutsApi rollouts;
  private final Chronicles chronicles;

  CourseApi(RolloutsApi rollouts, Chronicles chronicles) {
    this.rollouts = rollouts;
    this.chronicles = chronicles;
  }

  List<Endpoint> endpoints() {
    return List.of(Endpoint.get(RolloutsApi.ROLLOUT + "/course", Role.VIEWER, this::course));
  }

  private Future<Answer> course(Call call) {
    return rollouts
        .load(call.rollout())
        .compose(
            rollout -> {
              String etag = "\"course-" + rollout.version() + "\"";
              return call.has(etag)
                  ? Future.succeededFuture(Answer.notModified(etag))
                  : chronicles
                      .of(rollout)
                      .map(c -> Answer.json(200, view(rollout, c)).with("ETag", etag));
            });
  }

  static CourseView view(Rollout rollout, Chronicle chronicle) {
    return CourseView.of(
        rollout.id().value(),
        chronicle.version(),
        rollout.plan().source().every().toMillis() / 1e3,
        chronicle.looks(),
        chronicle.exposures());
  }
}
