package dev.sluice.service.http;

import dev.sluice.service.config.ServerConfig.Role;
import io.prometheus.metrics.exporter.common.PrometheusHttpExchange;
import io.prometheus.metrics.exporter.common.PrometheusHttpRequest;
import io.prometheus.metrics.exporter.common.PrometheusHttpResponse;
import io.prometheus.metrics.exporter.common.PrometheusScrapeHandler;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Collections;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The service's own metrics, in the format the scraper asks for: text, OpenMetrics or protobuf,
 * with gzip. The client library does all of that; here it only learns to speak with Vert.x. Writing
 * a scrape takes milliseconds, so it is done on a worker.
 */
final class MetricsApi {
  private final Vertx vertx;
  private final PrometheusScrapeHandler handler;

  MetricsApi(Vertx vertx, PrometheusRegistry registry) {
    this.vertx = vertx;
    this.handler = new PrometheusScrapeHandler(registry);
  }

  List<Endpoint> endpoints() {
    return List.of(Endpoint.get("/metrics", Role.VIEWER, this::scrape).knowingAnything());
  }

  private Future<Answer> scrape(Call call) {
    Request request = new Request(call.context().request());
    return vertx.executeBlocking(() -> answer(request), false);
  }

  private Answer answer(Request request) throws IOException {
    Exchange exchange = new Exchange(request);
    handler.handleRequest(exchange);
    if (exchange.failure.isPresent()) {
      throw new IllegalStateException("the metrics cannot be written", exchange.failure.get());
    }
    return exchange.answer();
  }

  /** What the scraper asked, copied: the request itself belongs to its event loop. */
  private static final class Request implements PrometheusHttpRequest {
    private final String query;
    private final MultiMap headers;
    private final String method;
    private final String path;

    Request(HttpServerRequest request) {
      query = Optional.ofNullable(request.query()).orElse("");
      headers = MultiMap.caseInsensitiveMultiMap().addAll(request.headers());
      method = request.method().name();
      path = request.path();
    }

    @Override
    public String getQueryString() {
      return query;
    }

    @Override
    public Enumeration<String> getHeaders(String name) {
      return Collections.enumeration(headers.getAll(name));
    }

    @Override
    public String getMethod() {
      return method;
    }

    @Override
    public String getRequestPath() {
      return path;
    }
  }

  private static final class Exchange implements PrometheusHttpExchange, PrometheusHttpResponse {
    private final Request request;
    private final Map<String, String> headers = new LinkedHashMap<>();
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private int status = 500;
    private Optional<Exception> failure = Optional.empty();

    Exchange(Request request) {
      this.request = request;
    }

    Answer answer() {
      Map<String, String> rest = new LinkedHashMap<>(headers);
      String type = Optional.ofNullable(rest.remove("content-type")).orElse(Answer.TEXT);
      rest.remove("content-length");
      Answer answer = Answer.of(status, type, Buffer.buffer(body.toByteArray()));
      for (Map.Entry<String, String> header : rest.entrySet()) {
        answer = answer.with(header.getKey(), header.getValue());
      }
      return answer;
    }

    @Override
    public PrometheusHttpRequest getRequest() {
      return request;
    }

    @Override
    public PrometheusHttpResponse getResponse() {
      return this;
    }

    @Override
    public void setHeader(String name, String value) {
      headers.put(name.toLowerCase(Locale.ROOT), value);
    }

    @Override
    public OutputStream sendHeadersAndGetBody(int statusCode, int contentLength) {
      status = statusCode;
      return body;
    }

    @Override
    public void handleException(IOException e) {
      failure = Optional.of(e);
    }

    @Override
    public void handleException(RuntimeException e) {
      failure = Optional.of(e);
    }

    @Override
    public void close() {}
  }
}
