package dev.sluice.service.http.kayenta;

import dev.sluice.service.config.ServerConfig.Role;
import dev.sluice.service.http.Answer;
import dev.sluice.service.http.Call;
import dev.sluice.service.http.Endpoint;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The remote judge: samples in, a judgement out, nothing kept. It computes on a thread of its own,
 * one request after the other, so that no number of them takes the time of looks.
 */
public final class JudgeApi {
  private final WorkerExecutor worker;

  public JudgeApi(Vertx vertx) {
    worker = vertx.createSharedWorkerExecutor("sluice-judge", 1, 2, TimeUnit.MINUTES);
  }

  public List<Endpoint> endpoints() {
    return List.of(judge("/judge"), judge("/kayenta/judge"));
  }

  private Endpoint judge(String path) {
    return Endpoint.post(path, Role.VIEWER, Endpoint.Body.SAMPLES, this::judge).knowing("mode");
  }

  private Future<Answer> judge(Call call) {
    return worker.executeBlocking(
        () ->
            Answer.json(
                200, RemoteJudge.judge(JudgeRequest.read(call.body(), call.query("mode")))));
  }
}
