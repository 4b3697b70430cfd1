package dev.sluice.service.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What is sent back.
 *
 * @param contentType empty: there is no body
 * @param flow writes the body bit by bit and ends the response; absent: the body is all there is
 */
public record Answer(
    int status,
    String contentType,
    Buffer body,
    Map<String, String> headers,
    Optional<Consumer<HttpServerResponse>> flow) {
  public static final String JSON = "application/json; charset=utf-8";
  public static final String TEXT = "text/plain; charset=utf-8";
  public static final String NDJSON = "application/x-ndjson; charset=utf-8";
  public static final String HTML = "text/html; charset=utf-8";
  public static final String YAML = "application/yaml; charset=utf-8";

  public Answer {
    headers = Map.copyOf(headers);
  }

  public static Answer of(int status, String contentType, Buffer body) {
    return new Answer(status, contentType, body, Map.of(), Optional.empty());
  }

  public static Answer json(int status, Object value) {
    return of(status, JSON, ApiJson.write(value));
  }

  public static Answer text(int status, String text) {
    return of(status, TEXT, Buffer.buffer(text));
  }

  public static Answer html(int status, String html) {
    return of(status, HTML, Buffer.buffer(html));
  }

  /** The headers go out at once, and what follows as it comes. */
  static Answer flowing(String contentType, Consumer<HttpServerResponse> flow) {
    return new Answer(200, contentType, Buffer.buffer(), Map.of(), Optional.of(flow));
  }

  public static Answer empty(int status) {
    return of(status, "", Buffer.buffer());
  }

  public static Answer notModified(String etag) {
    return empty(304).with("ETag", etag);
  }

  /** After a form: the browser asks for that page. */
  public static Answer seeOther(String path) {
    return empty(303).with("Location", path);
  }

  public Answer with(String header, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new Answer(status, contentType, body, more, flow);
  }
}
