package dev.sluice.service.http;

import io.vertx.core.buffer.Buffer;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What is sent back.
 *
 * @param contentType empty: there is no body
 */
record Answer(int status, String contentType, Buffer body, Map<String, String> headers) {
  static final String JSON = "application/json; charset=utf-8";
  static final String TEXT = "text/plain; charset=utf-8";
  static final String HTML = "text/html; charset=utf-8";
  static final String YAML = "application/yaml; charset=utf-8";

  Answer {
    headers = Map.copyOf(headers);
  }

  static Answer of(int status, String contentType, Buffer body) {
    return new Answer(status, contentType, body, Map.of());
  }

  static Answer json(int status, Object value) {
    return of(status, JSON, ApiJson.write(value));
  }

  static Answer text(int status, String text) {
    return of(status, TEXT, Buffer.buffer(text));
  }

  static Answer html(int status, String html) {
    return of(status, HTML, Buffer.buffer(html));
  }

  static Answer empty(int status) {
    return of(status, "", Buffer.buffer());
  }

  static Answer notModified(String etag) {
    return empty(304).with("ETag", etag);
  }

  /** After a form: the browser asks for that page. */
  static Answer seeOther(String path) {
    return empty(303).with("Location", path);
  }

  Answer with(String header, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new Answer(status, contentType, body, more);
  }
}
