package dev.sluice.service.http.openfeature;

import dev.sluice.service.config.ServerConfig.Role;
import dev.sluice.service.http.Answer;
import dev.sluice.service.http.Call;
import dev.sluice.service.http.Endpoint;
import dev.sluice.service.served.FlagSet;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.List;

/**
 * Each set as the document that flagd polls. The extension in the address matters to flagd: it says
 * what the document is written in.
 */
public final class FlagdApi {
  private final List<Served> sets;

  public FlagdApi(List<Served> sets) {
    this.sets = List.copyOf(sets);
  }

  public List<Endpoint> endpoints() {
    return sets.stream().map(this::endpoint).toList();
  }

  private Endpoint endpoint(Served served) {
    return served.guarded(
        Endpoint.get(
            "/flagd/v0/" + served.name() + ".json", Role.VIEWER, call -> answer(call, served)));
  }

  private static Future<Answer> answer(Call call, Served served) {
    FlagSet set = served.set(call);
    String etag = "\"" + set.version() + "\"";
    return Future.succeededFuture(
        call.has(etag)
            ? Answer.notModified(etag)
            : Answer.of(200, Answer.JSON, Buffer.buffer(set.document())).with("ETag", etag));
  }
}
