package dev.sluice.service.http;

import dev.sluice.service.config.ServerConfig.Role;
import dev.sluice.service.dashboard.Assets;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;

/** Files that never change while the server runs: read once, and packed once. */
final class StaticApi {
  private static final String FOR_EVER = "public, max-age=31536000, immutable";

  private final Map<String, File> assets = new HashMap<>();

  private record File(String contentType, Buffer content, Buffer packed, String hash) {}

  StaticApi() {
    Assets.files()
        .forEach(
            (name, asset) ->
                assets.put(name, file(asset.content(), asset.contentType(), asset.hash())));
  }

  List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get("/assets/{file}", Role.VIEWER, this::asset).knowingAnything().open(),
        serving("/openapi.json", resource("openapi.json", Answer.JSON)),
        serving(
            "/schema/rollout-plan.json",
            resource("schema/rollout-plan.schema.json", "application/schema+json")));
  }

  /** What the page looks like is no secret, and the page that asks for a token needs it. */
  private Future<Answer> asset(Call call) {
    File file =
        Optional.ofNullable(assets.get(call.path("file")))
            .orElseThrow(() -> Problems.noSuchPlace("/assets/" + call.path("file")).refusal());
    Answer answer = answer(call, file);
    return Future.succeededFuture(
        call.query("v").filter(file.hash()::equals).isPresent()
            ? answer.with("Cache-Control", FOR_EVER)
            : answer);
  }

  private static Endpoint serving(String path, File file) {
    return Endpoint.get(path, Role.VIEWER, call -> Future.succeededFuture(answer(call, file)))
        .knowingAnything();
  }

  private static Answer answer(Call call, File file) {
    String etag = "\"" + file.hash() + "\"";
    if (call.has(etag)) {
      return Answer.notModified(etag);
    }
    boolean unpacks =
        call.header("Accept-Encoding").filter(accepted -> accepted.contains("gzip")).isPresent();
    Answer answer =
        unpacks
            ? Answer.of(200, file.contentType(), file.packed()).with("Content-Encoding", "gzip")
            : Answer.of(200, file.contentType(), file.content());
    return answer.with("ETag", etag).with("Vary", "Accept-Encoding");
  }

  private static File resource(String resource, String contentType) {
    try (InputStream in = StaticApi.class.getClassLoader().getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("the program is not whole: " + resource + " is missing");
      }
      Buffer content = Buffer.buffer(in.readAllBytes());
      String hash = HexFormat.of().formatHex(Tokens.sha256(content.toString()), 0, 8);
      return file(content, contentType, hash);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + resource, e);
    }
  }

  private static File file(Buffer content, String contentType, String hash) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream to = new GZIPOutputStream(packed)) {
      to.write(content.getBytes());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot pack in memory", e);
    }
    return new File(contentType, content, Buffer.buffer(packed.toByteArray()), hash);
  }
}
