package dev.sluice.service.notify.post;

import dev.sluice.gates.rollout.Durations;
import dev.sluice.service.web.Answering;
import dev.sluice.service.web.Call;
import dev.sluice.service.web.Caller;
import dev.sluice.service.web.RetryAfter;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/**
 * Posts to one address. Redirects are not followed, the whole attempt has one time limit, and of an
 * answer only the first part is read: enough to say what was wrong. Failures are told in sentences
 * without the address and without any secret.
 */
public final class Post {
  private static final int MOST_BYTES = 2048;
  private static final int MOST_SHOWN = 200;
  private static final int SHORTEST_SECRET = 4;

  private final Caller caller;
  private final InstantSource clock;
  private final String name;
  private final URI address;
  private final Duration timeout;
  private final List<String> secrets;

  /**
   * @param name of the target, for sentences
   * @param address absolute, http or https
   * @param timeout of a whole attempt
   * @param secrets what must not be shown, should an answer repeat it
   */
  public Post(
      Caller caller,
      InstantSource clock,
      String name,
      URI address,
      Duration timeout,
      List<String> secrets) {
    this.caller = caller;
    this.clock = clock;
    this.name = name;
    this.address = address;
    this.timeout = timeout;
    this.secrets = secrets.stream().filter(s -> s.length() >= SHORTEST_SECRET).toList();
  }

  /** What came back, or why nothing did. */
  public sealed interface Outcome {

    /**
     * @param after the answer's Retry-After, if it has a readable one
     * @param begin of the body, on one line
     */
    record Answered(int status, Optional<Duration> after, String begin) implements Outcome {
      public boolean success() {
        return status >= 200 && status < 300;
      }
    }

    /**
     * @param sentence what went wrong
     */
    record Failed(String sentence) implements Outcome {}
  }

  /** Never fails. */
  public Future<Outcome> send(Map<String, String> headers, String body) {
    return send(HttpMethod.POST, address, headers, body, List.of());
  }

  /**
   * The same in another way, or to another place of the same host. Never fails.
   *
   * @param more what must not be shown either
   */
  public Future<Outcome> send(
      HttpMethod method, URI to, Map<String, String> headers, String body, List<String> more) {
    Attempt attempt = new Attempt(more);
    Call call;
    try {
      call = caller.send(options(method, to, headers), Buffer.buffer(body), attempt);
    } catch (RuntimeException e) {
      return Future.succeededFuture(new Outcome.Failed(sentence(e)));
    }
    return attempt
        .outcome(call)
        .timeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
        .onFailure(failure -> call.cut())
        .recover(failure -> Future.succeededFuture(new Outcome.Failed(sentence(failure))));
  }

  private RequestOptions options(HttpMethod method, URI to, Map<String, String> headers) {
    RequestOptions options =
        new RequestOptions()
            .setMethod(method)
            .setAbsoluteURI(to.toString())
            .setIdleTimeout(timeout.toMillis());
    headers.forEach(options::putHeader);
    return options;
  }

  /**
   * One attempt. A success is one as soon as its first line is here, and its body is thrown away;
   * of any other answer the begin is read.
   */
  private final class Attempt implements Answering {
    private final Promise<Outcome> outcome = Promise.promise();
    private final Buffer begin = Buffer.buffer();
    private final Promise<Void> enough = Promise.promise();
    private final List<String> more;
    private Outcome.Answered head = new Outcome.Answered(0, Optional.empty(), "");

    Attempt(List<String> more) {
      this.more = more;
    }

    Future<Outcome> outcome(Call call) {
      enough.future().onSuccess(v -> call.cut());
      call.ended()
          .onSuccess(v -> outcome.tryComplete(answered()))
          .onFailure(
              failure -> {
                if (head.status() > 0) {
                  outcome.tryComplete(answered());
                } else {
                  outcome.tryFail(failure);
                }
              });
      return outcome.future();
    }

    private Outcome answered() {
      return new Outcome.Answered(head.status(), head.after(), shown(begin, more));
    }

    @Override
    public void begins(HttpClientResponse response) {
      Optional<Duration> after =
          Optional.ofNullable(response.getHeader("Retry-After"))
              .flatMap(header -> RetryAfter.parse(header, clock.instant()));
      head = new Outcome.Answered(response.statusCode(), after, "");
      if (head.success()) {
        outcome.tryComplete(head);
      }
    }

    @Override
    public void goesOn(Buffer piece) {
      begin.appendBuffer(piece.slice(0, Math.min(piece.length(), MOST_BYTES - begin.length())));
      if (begin.length() >= MOST_BYTES) {
        outcome.tryComplete(answered());
        enough.tryComplete();
      }
    }
  }

  private String shown(Buffer begin, List<String> more) {
    String text =
        begin.toString(StandardCharsets.UTF_8).replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
    for (String secret : secrets) {
      text = text.replace(secret, "(secret)");
    }
    for (String secret : more) {
      text = secret.length() < SHORTEST_SECRET ? text : text.replace(secret, "(secret)");
    }
    return text.length() > MOST_SHOWN ? text.substring(0, MOST_SHOWN) + "…" : text;
  }

  private String sentence(Throwable failure) {
    return switch (failure) {
      case TimeoutException e -> name + " did not answer within " + Durations.words(timeout) + ".";
      case UnknownHostException e -> "The host of " + name + " cannot be found (DNS).";
      case ConnectException e -> name + " cannot be reached: no connection was made.";
      case SSLException e -> "No secure connection to " + name + " could be made (TLS).";
      default ->
          "The connection to " + name + " failed (" + failure.getClass().getSimpleName() + ").";
    };
  }
}
