package dev.sluice.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * What the demonstration asks of Sluice, over HTTP as everybody does. Blocks its caller: for the
 * main thread.
 */
final class Api implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 30;

  private final JsonMapper json = JsonMapper.builder().build();
  private final WebClient client;
  private final int port;

  Api(Vertx vertx, int port) {
    client = WebClient.create(vertx);
    this.port = port;
  }

  void putPlan(String name, String yaml) {
    expect(
        client
            .put(port, Loopback.HOST, "/api/v1/plans/" + name)
            .putHeader("Content-Type", "application/yaml")
            .sendBuffer(Buffer.buffer(yaml)),
        "PUT of plan " + name);
  }

  /** Gives the id of the new rollout. */
  String start(String plan) {
    String what = "start of a rollout of " + plan;
    JsonNode answer =
        read(
            expect(
                client
                    .post(port, Loopback.HOST, "/api/v1/plans/" + plan + "/rollouts")
                    .putHeader("Content-Type", "application/json")
                    .sendBuffer(Buffer.buffer("{}")),
                what),
            what);
    return Optional.of(answer.path("id").asText())
        .filter(id -> !id.isEmpty())
        .orElseThrow(() -> new Trouble("Sluice's answer to the " + what + " has no id: " + answer));
  }

  void retire(String id) {
    expect(
        client
            .post(port, Loopback.HOST, "/api/v1/rollouts/" + id + "/retire")
            .putHeader("Content-Type", "application/json")
            .sendBuffer(Buffer.buffer("{}")),
        "retirement of " + id);
  }

  Sight rollout(String id) {
    String what = "GET of rollout " + id;
    return Sight.of(
        read(expect(client.get(port, Loopback.HOST, "/api/v1/rollouts/" + id).send(), what), what));
  }

  private HttpResponse<Buffer> expect(Future<HttpResponse<Buffer>> asked, String what) {
    HttpResponse<Buffer> answer;
    try {
      answer = asked.timeout(PATIENCE_SECONDS, TimeUnit.SECONDS).await();
    } catch (RuntimeException e) {
      throw new Trouble("Sluice does not answer the " + what + ": " + e.getMessage());
    }
    if (answer.statusCode() / 100 != 2) {
      throw new Trouble(
          "Sluice answers the "
              + what
              + " with "
              + answer.statusCode()
              + ": "
              + answer.bodyAsString());
    }
    return answer;
  }

  private JsonNode read(HttpResponse<Buffer> answer, String what) {
    try {
      return json.readTree(answer.bodyAsString());
    } catch (IOException e) {
      throw new Trouble("Sluice's answer to the " + what + " is no JSON: " + answer.bodyAsString());
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
