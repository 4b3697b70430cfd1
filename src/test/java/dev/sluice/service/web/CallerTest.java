package dev.sluice.service.web;

import static dev.sluice.service.store.Await.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.http.StreamResetException;
import io.vertx.ext.web.client.WebClientOptions;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CallerTest {
  private static final Buffer MEGABYTE = Buffer.buffer("x".repeat(1_000_000));

  private final Vertx vertx = Vertx.vertx();
  private final Caller caller =
      new Caller(vertx, new WebClientOptions(), new PoolOptions().setHttp1MaxSize(1));

  @AfterEach
  void end() {
    await(vertx.close());
  }

  private RequestOptions server(Handler<HttpServerRequest> handler) {
    int port =
        await(vertx.createHttpServer().requestHandler(handler).listen(0, "127.0.0.1")).actualPort();
    return new RequestOptions()
        .setMethod(HttpMethod.POST)
        .setHost("127.0.0.1")
        .setPort(port)
        .setURI("/");
  }

  /** Hears everything and keeps the status. */
  private static class Listener implements Answering {
    private final Promise<Integer> status = Promise.promise();
    private final AtomicLong bytes = new AtomicLong();
    private final Promise<Void> much = Promise.promise();

    @Override
    public void begins(HttpClientResponse head) {
      status.tryComplete(head.statusCode());
    }

    @Override
    public void goesOn(Buffer piece) {
      if (bytes.addAndGet(piece.length()) > 2_000_000) {
        much.tryComplete();
      }
    }
  }

  private Call call(RequestOptions options, Listener listener) {
    return caller.send(options, Buffer.buffer("hello"), listener);
  }

  @Test
  void anAnswerThatIsCutIsNoLongerSent() {
    Promise<Void> closed = Promise.promise();
    AtomicInteger poured = new AtomicInteger();
    Listener listener = new Listener();
    RequestOptions options =
        server(
            request -> {
              request.response().setChunked(true).closeHandler(v -> closed.tryComplete());
              pour(request, poured);
            });

    Call call = call(options, listener);
    listener.much.future().onSuccess(v -> call.cut());

    assertThrows(StreamResetException.class, () -> await(call.ended()));
    await(closed.future());
    assertTrue(poured.get() < 1000, "it poured " + poured.get() + " MB");
  }

  private static void pour(HttpServerRequest request, AtomicInteger poured) {
    if (!request.response().closed() && poured.incrementAndGet() < 1000) {
      request.response().write(MEGABYTE).onSuccess(v -> pour(request, poured));
    }
  }

  @Test
  void whoIsCutWhileWaitingForAConnectionStandsInNobodysWay() {
    Promise<HttpServerRequest> first = Promise.promise();
    AtomicInteger requests = new AtomicInteger();
    RequestOptions options =
        server(
            request -> {
              requests.incrementAndGet();
              if (!first.tryComplete(request)) {
                request.response().end();
              }
            });
    Call busy = call(options, new Listener());
    HttpServerRequest held = await(first.future());
    Call waiting = call(options, new Listener());

    waiting.cut();

    assertThrows(StreamResetException.class, () -> await(waiting.ended()));
    vertx.runOnContext(go -> held.response().end());
    await(busy.ended());
    Listener third = new Listener();
    await(call(options, third).ended());
    assertEquals(200, await(third.status.future()));
    assertEquals(2, requests.get(), "the one that was cut was never sent");
  }

  @Test
  void answersOverAKeptConnectionAreHeardWhateverThreadAsks() {
    RequestOptions options = server(request -> request.response().end("ok"));
    for (int i = 0; i < 300; i++) {
      Listener listener = new Listener();
      await(call(options, listener).ended());
      assertEquals(2, listener.bytes.get());
    }
  }

  @Test
  void aRedirectIsAnAnswerAndNotARoad() {
    AtomicInteger requests = new AtomicInteger();
    RequestOptions options =
        server(
            request -> {
              requests.incrementAndGet();
              request.response().setStatusCode(307).putHeader("Location", "/other").end();
            });
    Listener listener = new Listener();

    await(call(options, listener).ended());

    assertEquals(307, await(listener.status.future()));
    assertEquals(1, requests.get());
  }
}
