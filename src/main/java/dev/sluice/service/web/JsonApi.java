package dev.sluice.service.web;

import dev.sluice.gates.rollout.Durations;
import dev.sluice.service.config.ServerConfig.Tls;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.ext.web.client.WebClientOptions;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/**
 * Requests to one HTTP API whose answers are read whole, up to a bound. Redirects are not followed,
 * and a whole exchange has one time limit. What goes wrong is an answer too; no sentence holds an
 * address or a header.
 */
public final class JsonApi {
  private static final int CONNECTIONS = 8;
  private static final int WAITING = 200;
  private static final int MOST_BYTES = 2 * 1024 * 1024;
  private static final Duration CONNECT = Duration.ofSeconds(5);

  private final Caller caller;
  private final URI base;
  private final Map<String, String> headers;
  private final Duration timeout;

  /**
   * @param base what all paths are below
   * @param headers sent with every request
   * @param timeout of a whole exchange
   */
  public JsonApi(Vertx vertx, URI base, Map<String, String> headers, Tls tls, Duration timeout) {
    this.caller =
        new Caller(
            vertx,
            options(tls),
            new PoolOptions().setHttp1MaxSize(CONNECTIONS).setMaxWaitQueueSize(WAITING));
    this.base = base;
    this.headers = Map.copyOf(headers);
    this.timeout = timeout;
  }

  private static WebClientOptions options(Tls tls) {
    WebClientOptions options =
        new WebClientOptions()
            .setConnectTimeout((int) CONNECT.toMillis())
            .setTrustAll(tls.insecure())
            .setVerifyHost(!tls.insecure());
    tls.caFile()
        .ifPresent(
            file -> options.setTrustOptions(new PemTrustOptions().addCertPath(file.toString())));
    return options;
  }

  /**
   * Never fails.
   *
   * @param path with its query, escaped; begins with a slash
   * @param type of the body; empty: there is none
   */
  public Future<Reply> send(HttpMethod method, String path, Optional<String> type, String body) {
    Whole whole = new Whole();
    Call call;
    try {
      RequestOptions options =
          new RequestOptions()
              .setMethod(method)
              .setAbsoluteURI(base + path)
              .setIdleTimeout(timeout.toMillis())
              .putHeader("Accept", "application/json");
      headers.forEach(options::putHeader);
      type.ifPresent(t -> options.putHeader("Content-Type", t));
      call = caller.send(options, Buffer.buffer(body), whole);
    } catch (RuntimeException e) {
      return Future.succeededFuture(new Reply.None(what(e)));
    }
    return whole
        .reply(call)
        .timeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
        .onFailure(failure -> call.cut())
        .recover(failure -> Future.succeededFuture(new Reply.None(what(failure))));
  }

  public void close() {
    caller.close();
  }

  /** One answer, collected. */
  private static final class Whole implements Answering {
    private final Buffer body = Buffer.buffer();
    private final Promise<Void> tooLong = Promise.promise();
    private Optional<HttpClientResponse> head = Optional.empty();

    Future<Reply> reply(Call call) {
      Promise<Reply> reply = Promise.promise();
      tooLong
          .future()
          .onSuccess(
              v -> {
                reply.tryComplete(new Reply.None("sent more than " + MOST_BYTES + " bytes"));
                call.cut();
              });
      call.ended()
          .onComplete(v -> reply.tryComplete(answered()), failure -> reply.tryFail(failure));
      return reply.future();
    }

    private Reply answered() {
      return head.<Reply>map(
              h ->
                  new Reply.Answered(
                      h.statusCode(), h.headers(), body.toString(StandardCharsets.UTF_8)))
          .orElseGet(() -> new Reply.None("ended the connection without an answer"));
    }

    @Override
    public void begins(HttpClientResponse response) {
      head = Optional.of(response);
    }

    @Override
    public void goesOn(Buffer piece) {
      if (body.length() + piece.length() > MOST_BYTES) {
        tooLong.tryComplete();
      } else {
        body.appendBuffer(piece);
      }
    }
  }

  private String what(Throwable failure) {
    return switch (failure) {
      case TimeoutException e -> "did not answer within " + Durations.words(timeout);
      case UnknownHostException e -> "cannot be found: its host has no address (DNS)";
      case ConnectException e -> "cannot be reached: no connection was made";
      case SSLException e -> "has a certificate that is not trusted, or speaks no TLS";
      default -> "broke the connection off (" + failure.getClass().getSimpleName() + ")";
    };
  }
}
