package dev.sluice.service.http;

import dev.sluice.service.config.ServerConfig.Role;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Files that never change while the server runs. They are named here and read once, so no path of a
 * request ever reaches a file system.
 */
final class StaticApi {
  private static final Map<String, String> ASSETS =
      Map.of(
          "page.css", "text/css; charset=utf-8",
          "page.js", "text/javascript; charset=utf-8",
          "icon.svg", "image/svg+xml");

  private record File(String contentType, Buffer content, String etag) {}

  List<Endpoint> endpoints() {
    List<Endpoint> all = new ArrayList<>();
    ASSETS.keySet().stream()
        .sorted()
        .forEach(name -> all.add(asset("/assets/" + name, "webroot/" + name)));
    all.add(serving("/openapi.json", file("openapi.json", Answer.JSON)));
    all.add(
        serving(
            "/schema/rollout-plan.json",
            file("schema/rollout-plan.schema.json", "application/schema+json")));
    return all;
  }

  /** What the page looks like is no secret, and the page that asks for a token needs it. */
  private static Endpoint asset(String path, String resource) {
    String name = path.substring(path.lastIndexOf('/') + 1);
    return serving(path, file(resource, ASSETS.getOrDefault(name, ""))).open();
  }

  private static Endpoint serving(String path, Optional<File> file) {
    return Endpoint.get(
            path,
            Role.VIEWER,
            call ->
                Future.succeededFuture(
                    file.map(f -> answer(call, f))
                        .orElseThrow(() -> Problems.noSuchPlace(path).refusal())))
        .knowingAnything();
  }

  private static Answer answer(Call call, File file) {
    return call.has(file.etag())
        ? Answer.notModified(file.etag())
        : Answer.of(200, file.contentType(), file.content()).with("ETag", file.etag());
  }

  private static Optional<File> file(String resource, String contentType) {
    try (InputStream in = StaticApi.class.getClassLoader().getResourceAsStream(resource)) {
      if (in == null) {
        return Optional.empty();
      }
      Buffer content = Buffer.buffer(in.readAllBytes());
      String hash = HexFormat.of().formatHex(Tokens.sha256(content.toString()), 0, 8);
      return Optional.of(new File(contentType, content, "\"" + hash + "\""));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + resource, e);
    }
  }
}
