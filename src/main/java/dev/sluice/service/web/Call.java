package dev.sluice.service.web;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.StreamResetException;
import io.vertx.ext.web.codec.BodyCodec;
import io.vertx.ext.web.codec.spi.BodyStream;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer. The answer is handed on piece by piece and never held, and whoever
 * has heard enough, or waited long enough, ends it: then the connection is closed and nobody goes
 * on sending what nobody reads.
 *
 * <p>Not thread-safe: used on the event loop it was sent from.
 */
public final class Call {
  private static final long CANCEL = 8;

  private final Answering answering;
  private final Promise<Void> ended = Promise.promise();
  private final Body body = new Body();
  private @Nullable HttpClientRequest request;
  private boolean cut;

  Call(Answering answering) {
    this.answering = answering;
  }

  /** Completes when the answer was heard to its end; fails when it was cut, by us or by others. */
  public Future<Void> ended() {
    return ended.future();
  }

  /** Ends the call wherever it is: before it is sent, while it is answered. Harmless afterwards. */
  public void cut() {
    cut = true;
    if (request != null) {
      request.reset(CANCEL);
    }
    ended.tryFail(new StreamResetException(CANCEL));
  }

  /** Where it was cut before it was sent, it is sent and cut at once. */
  void sent(HttpClientRequest sent) {
    request = sent;
    // What fails is told by ended(); without a handler the client would log it as an error too.
    sent.exceptionHandler(failure -> {});
    if (cut) {
      sent.reset(CANCEL);
    }
  }

  void answered(HttpClientResponse head) {
    if (!cut) {
      answering.begins(head);
    }
  }

  void over() {
    ended.tryComplete();
  }

  void failed(Throwable failure) {
    ended.tryFail(failure);
  }

  Body body() {
    return body;
  }

  /** What the web client pours the answer into, and by which it is known again. */
  final class Body implements BodyCodec<Void>, BodyStream<Void> {

    Call call() {
      return Call.this;
    }

    @Override
    public BodyStream<Void> stream() {
      return this;
    }

    @Override
    public Future<Void> write(Buffer piece) {
      if (!cut) {
        answering.goesOn(piece);
      }
      return Future.succeededFuture();
    }

    @Override
    public Future<Void> end() {
      return Future.succeededFuture();
    }

    @Override
    public Future<Void> result() {
      return Future.succeededFuture();
    }

    @Override
    public boolean writeQueueFull() {
      return false;
    }

    @Override
    public Body setWriteQueueMaxSize(int size) {
      return this;
    }

    @Override
    public Body drainHandler(@Nullable Handler<Void> handler) {
      return this;
    }

    @Override
    public Body exceptionHandler(@Nullable Handler<Throwable> handler) {
      return this;
    }

    /** The web client's word that the answer broke off; it fails the call as well. */
    @Override
    public void handle(Throwable failure) {}
  }
}
