package dev.sluice.service.notify.post;

import static dev.sluice.service.store.Await.await;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A server on a free loopback port that answers as the test says and keeps what came. */
public final class Receiver implements AutoCloseable {
  private final HttpServer server;
  private final List<Received> received = new CopyOnWriteArrayList<>();
  private volatile Handler<HttpServerResponse> answer = response -> response.end("ok");

  /**
   * @param headers names in lower case
   */
  public record Received(String method, String path, Map<String, String> headers, String body) {}

  public Receiver(Vertx vertx) {
    server = await(vertx.createHttpServer().requestHandler(this::receive).listen(0, "127.0.0.1"));
  }

  private void receive(HttpServerRequest request) {
    Map<String, String> headers = new TreeMap<>();
    request
        .headers()
        .forEach((name, value) -> headers.put(name.toLowerCase(java.util.Locale.ROOT), value));
    request
        .body()
        .onSuccess(
            body -> {
              received.add(
                  new Received(request.method().name(), request.path(), headers, body.toString()));
              answer.handle(request.response());
            });
  }

  public Receiver answers(Handler<HttpServerResponse> how) {
    answer = how;
    return this;
  }

  public Receiver answers(int status, String body) {
    return answers(response -> response.setStatusCode(status).end(body));
  }

  public URI url(String path) {
    return URI.create("http://127.0.0.1:" + server.actualPort() + path);
  }

  public List<Received> received() {
    return List.copyOf(received);
  }

  public void forget() {
    received.clear();
  }

  @Override
  public void close() {
    await(server.close());
  }
}
