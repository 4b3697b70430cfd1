package dev.sluice.service.http.identity;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.service.json.SluiceJson;
import dev.sluice.service.web.Answering;
import dev.sluice.service.web.Call;
import dev.sluice.service.web.Caller;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.ext.web.client.WebClientOptions;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/** A small JSON document of an issuer: over https, bounded in size and in time. */
final class Fetch {
  private static final Duration DEADLINE = Duration.ofSeconds(5);
  private static final int MOST_BYTES = 256 * 1024;
  private static final Pattern ADDRESS =
      Pattern.compile("https://.+|http://(localhost|127(\\.[0-9]{1,3}){3}|\\[::1])([:/].*)?");

  private final Vertx vertx;
  private final Caller caller;

  /**
   * @param caFile PEM of the authorities to trust; absent: the system's
   */
  Fetch(Vertx vertx, Optional<Path> caFile) {
    this.vertx = vertx;
    WebClientOptions options = new WebClientOptions().setConnectTimeout((int) DEADLINE.toMillis());
    caFile.ifPresent(
        file -> options.setTrustOptions(new PemTrustOptions().addCertPath(file.toString())));
    this.caller = new Caller(vertx, options, new PoolOptions().setHttp1MaxSize(2));
  }

  /** Gathers an answer up to its bound. */
  private static final class Gathering implements Answering {
    private final Buffer body = Buffer.buffer();
    private int status;

    @Override
    public void begins(HttpClientResponse head) {
      status = head.statusCode();
    }

    @Override
    public void goesOn(Buffer piece) {
      if (!tooLarge()) {
        body.appendBuffer(piece);
      }
    }

    boolean tooLarge() {
      return body.length() > MOST_BYTES;
    }
  }

  Future<JsonNode> json(String url) {
    if (!ADDRESS.matcher(url).matches() || !parses(url)) {
      return Future.failedFuture(new IllegalStateException("'" + url + "' is no https address"));
    }
    Gathering gathering = new Gathering();
    RequestOptions options =
        new RequestOptions()
            .setMethod(HttpMethod.GET)
            .setAbsoluteURI(url)
            .setTimeout(DEADLINE.toMillis());
    Call call = caller.send(options, Buffer.buffer(), gathering);
    long deadline = vertx.setTimer(DEADLINE.toMillis(), late -> call.cut());
    return call.ended()
        .onComplete(ended -> vertx.cancelTimer(deadline))
        .map(ended -> read(url, gathering));
  }

  private static boolean parses(String url) {
    return Optional.of(url).map(URI::create).map(URI::getHost).isPresent();
  }

  private static JsonNode read(String url, Gathering answer) {
    if (answer.status != 200 || answer.tooLarge()) {
      throw new IllegalStateException(
          url + (answer.tooLarge() ? " sends too much" : " answers " + answer.status));
    }
    try {
      return SluiceJson.mapper().readTree(answer.body.getBytes());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(url + " sends no JSON", e);
    } catch (IOException e) {
      throw new IllegalStateException("reading from memory cannot fail", e);
    }
  }
}
