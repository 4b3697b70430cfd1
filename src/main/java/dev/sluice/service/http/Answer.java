package dev.sluice.service.http;

import io.vertx.core.buffer.Buffer;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What is sent back.
 *
 * @param contentType empty: there is no body
 */
public record Answer(int status, String contentType, Buffer body, Map<String, String> headers) {
  public static final String JSON = "application/json; charset=utf-8";
  public static final String TEXT = "text/plain; charset=utf-8";
  public static final String NDJSON = "application/x-ndjson; charset=utf-8";
  public static final String HTML = "text/html; charset=utf-8";
  public static final String YAML = "application/yaml; charset=utf-8";

  public Answer {
    headers = Map.copyOf(headers);
  }

  public static Answer of(int status, String contentType, Buffer body) {
    return new Answer(status, contentType, body, Map.of());
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
    return new Answer(status, contentType, body, more);
  }
}
