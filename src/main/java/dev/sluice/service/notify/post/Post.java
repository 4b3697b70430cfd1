package dev.sluice.service.notify.post;

import dev.sluice.gates.rollout.Durations;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
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
 *
 * <p>The plain client and not the web client, because that one reads a body to its end, however far
 * off that is.
 */
public final class Post {
  private static final int MOST_BYTES = 2048;
  private static final int MOST_SHOWN = 200;
  private static final int SHORTEST_SECRET = 4;

  private final HttpClient client;
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
      HttpClient client,
      InstantSource clock,
      String name,
      URI address,
      Duration timeout,
      List<String> secrets) {
    this.client = client;
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
    Promise<HttpClientRequest> opened = Promise.promise();
    return Future.succeededFuture(headers)
        .compose(all -> client.request(options(all)))
        .onSuccess(opened::tryComplete)
        .compose(request -> request.send(Buffer.buffer(body)))
        .compose(this::answer)
        .timeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
        .onFailure(failure -> opened.future().onSuccess(HttpClientRequest::reset))
        .recover(failure -> Future.succeededFuture(new Outcome.Failed(sentence(failure))));
  }

  private RequestOptions options(Map<String, String> headers) {
    RequestOptions options =
        new RequestOptions()
            .setMethod(HttpMethod.POST)
            .setAbsoluteURI(address.toString())
            .setFollowRedirects(false)
            .setIdleTimeout(timeout.toMillis());
    headers.forEach(options::putHeader);
    return options;
  }

  /** A success is one as soon as its first line is here; its body is read and thrown away. */
  private Future<Outcome> answer(HttpClientResponse response) {
    Optional<Duration> after =
        Optional.ofNullable(response.getHeader("Retry-After"))
            .flatMap(header -> RetryAfter.parse(header, clock.instant()));
    Future<Buffer> begin = begin(response);
    Outcome.Answered head = new Outcome.Answered(response.statusCode(), after, "");
    return head.success()
        ? Future.succeededFuture(head)
        : begin.map(read -> new Outcome.Answered(response.statusCode(), after, shown(read)));
  }

  /** What was read by the time there is enough, or no more. */
  private static Future<Buffer> begin(HttpClientResponse response) {
    Promise<Buffer> enough = Promise.promise();
    Buffer read = Buffer.buffer();
    response.exceptionHandler(failure -> enough.tryComplete(read));
    response.endHandler(end -> enough.tryComplete(read));
    response.handler(
        chunk -> {
          read.appendBuffer(chunk.slice(0, Math.min(chunk.length(), MOST_BYTES - read.length())));
          if (read.length() >= MOST_BYTES) {
            enough.tryComplete(read);
            response.request().reset();
          }
        });
    return enough.future();
  }

  private String shown(Buffer begin) {
    String text =
        begin.toString(StandardCharsets.UTF_8).replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
    for (String secret : secrets) {
      text = text.replace(secret, "(secret)");
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
