package dev.sluice.service.metrics.prometheus;

import dev.sluice.service.config.ServerConfig;
import dev.sluice.service.config.ServerConfig.Credentials;
import dev.sluice.service.metrics.prometheus.Attempt.Result;
import dev.sluice.service.telemetry.Telemetry;
import dev.sluice.service.web.Caller;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.ext.web.client.WebClientOptions;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;

/**
 * The query API of one metrics system.
 *
 * <p>Queries go out as forms: they may be long, and a form does not end up in the access logs
 * between here and there.
 *
 * <p>Not thread-safe: all of it runs on one event loop.
 */
final class PrometheusApi {
  private final String source;
  private final Voice voice;
  private final ServerConfig.Prometheus config;
  private final Telemetry telemetry;
  private final Caller caller;
  private final RequestOptions options;
  private final Slots slots;

  PrometheusApi(Vertx vertx, String source, ServerConfig.Prometheus config, Telemetry telemetry) {
    this.source = source;
    this.voice = new Voice(source, config);
    this.config = config;
    this.telemetry = telemetry;
    this.caller =
        new Caller(
            vertx, clientOptions(config), new PoolOptions().setHttp1MaxSize(config.concurrency()));
    this.options = requestOptions(config);
    this.slots = new Slots(config.concurrency());
  }

  private static WebClientOptions clientOptions(ServerConfig.Prometheus config) {
    WebClientOptions options =
        new WebClientOptions()
            .setTrustAll(config.tls().insecure())
            .setVerifyHost(!config.tls().insecure());
    config
        .tls()
        .caFile()
        .ifPresent(
            file -> options.setTrustOptions(new PemTrustOptions().addCertPath(file.toString())));
    return options;
  }

  private static RequestOptions requestOptions(ServerConfig.Prometheus config) {
    URI url = config.url();
    boolean tls = "https".equalsIgnoreCase(url.getScheme());
    RequestOptions options =
        new RequestOptions()
            .setMethod(HttpMethod.POST)
            .setHost(url.getHost())
            .setPort(url.getPort() > 0 ? url.getPort() : tls ? 443 : 80)
            .setSsl(tls)
            .setURI(url.getRawPath().replaceAll("/+$", "") + "/api/v1/query")
            .setConnectTimeout(config.deadline().toMillis())
            .putHeader("Content-Type", "application/x-www-form-urlencoded")
            .putHeader("Accept", "application/json");
    switch (config.credentials()) {
      case Credentials.None c -> {}
      case Credentials.Bearer c ->
          options.putHeader("Authorization", "Bearer " + c.token().value());
      case Credentials.Basic c -> options.putHeader("Authorization", "Basic " + Voice.basic(c));
    }
    config.headers().forEach((header, value) -> options.putHeader(header, value.value()));
    return options;
  }

  Voice voice() {
    return voice;
  }

  /** Never fails: what goes wrong in the world is a reply too. */
  Future<Reply> query(Query query, Deadline deadline) {
    return slots
        .take(deadline)
        .transform(
            turn -> {
              if (turn.failed()) {
                return none(deadline);
              }
              return (deadline.over() ? none(deadline) : sent(query, deadline))
                  .onComplete(done -> slots.release());
            });
  }

  private Future<Reply> none(Deadline deadline) {
    return Future.succeededFuture(new Reply.Failed(voice.noSlot(deadline.length())));
  }

  private Future<Reply> sent(Query query, Deadline deadline) {
    long began = System.nanoTime();
    return attempt(query, deadline)
        .compose(
            first ->
                first instanceof Result.Cut
                    ? attempt(query, deadline)
                    : Future.succeededFuture(first))
        .map(this::reply)
        .onSuccess(
            reply ->
                telemetry.query(
                    source,
                    reply.outcome().toLowerCase(Locale.ROOT),
                    Duration.ofNanos(System.nanoTime() - began)));
  }

  private Reply reply(Result result) {
    return switch (result) {
      case Result.Replied r -> r.reply();
      case Result.Cut c -> new Reply.Failed(voice.cut());
    };
  }

  private Future<Result> attempt(Query query, Deadline deadline) {
    if (deadline.over()) {
      return Future.succeededFuture(
          new Result.Replied(new Reply.Failed(voice.late(deadline.length()))));
    }
    return new Attempt(query, voice, config.maxBytes(), config.maxSeries())
        .send(caller, options, form(query, deadline), deadline);
  }

  private static Buffer form(Query query, Deadline deadline) {
    return Buffer.buffer(
        "query="
            + encoded(query.promql())
            + "&time="
            + encoded(query.time().toString())
            + "&timeout="
            + Math.max(1, deadline.length().toMillis())
            + "ms");
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  void close() {
    caller.close();
  }
}
