package dev.sluice.service.http.openfeature;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sluice.service.config.ServerConfig.Role;
import dev.sluice.service.http.Answer;
import dev.sluice.service.http.Call;
import dev.sluice.service.http.Endpoint;
import dev.sluice.service.served.FlagSet;
import dev.sluice.service.served.ServedFlag;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The OpenFeature remote evaluation protocol: what one user gets, of one flag or of all.
 *
 * <p>Every set has a base address of its own, {@code /flagd/v0/SET}; a set that is alone is at the
 * root as well, which is what an SDK expects when it is told no more than the server.
 */
public final class OfrepApi {
  private static final String FLAGS = "/ofrep/v1/evaluate/flags";

  private final List<Served> sets;

  public OfrepApi(List<Served> sets) {
    this.sets = List.copyOf(sets);
  }

  /**
   * @param variant "on" or "off"
   */
  private record Evaluated(
      String key, boolean value, String reason, String variant, Metadata metadata) {
    static Evaluated of(ServedFlag flag, Optional<String> user) {
      ServedFlag.Answer answer = flag.answer(user);
      return new Evaluated(
          flag.key(),
          answer.variant().value(),
          answer.why().name(),
          answer.variant().word(),
          new Metadata(flag.plan(), flag.step(), flag.rollout()));
    }
  }

  private record Metadata(String plan, String step, String rollout) {}

  private record All(List<Evaluated> flags) {}

  @JsonInclude(JsonInclude.Include.NON_ABSENT)
  private record Failed(Optional<String> key, String errorCode, String errorDetails) {}

  public List<Endpoint> endpoints() {
    List<Endpoint> all = new ArrayList<>();
    sets.forEach(served -> all.addAll(at("/flagd/v0/" + served.name(), served)));
    if (sets.size() == 1) {
      all.addAll(at("", sets.getFirst()));
    }
    return all;
  }

  private static List<Endpoint> at(String base, Served served) {
    return List.of(
        endpoint(base + FLAGS, served, call -> all(call, served)),
        endpoint(base + FLAGS + "/{key}", served, call -> one(call, served)));
  }

  private static Endpoint endpoint(
      String path, Served served, java.util.function.Function<Call, Future<Answer>> handler) {
    return served.guarded(
        Endpoint.post(path, Role.VIEWER, Endpoint.Body.JSON, handler)
            .asking()
            .saying(Endpoint.Voice.OPEN_FEATURE));
  }

  private static Future<Answer> one(Call call, Served served) {
    FlagSet set = served.set(call);
    String key = call.path("key");
    return Future.succeededFuture(
        switch (Question.read(call.body())) {
          case Question.Unclear unclear -> failed(unclear, Optional.of(key));
          case Question.Asked asked ->
              set.flag(key)
                  .map(flag -> Answer.json(200, Evaluated.of(flag, asked.user())))
                  .orElseGet(() -> unknown(key, set.name()));
        });
  }

  private static Future<Answer> all(Call call, Served served) {
    FlagSet set = served.set(call);
    return Future.succeededFuture(
        switch (Question.read(call.body())) {
          case Question.Unclear unclear -> failed(unclear, Optional.empty());
          case Question.Asked asked -> all(call, set, asked);
        });
  }

  /** The tag stands for the set and for who asks: another user gets other answers. */
  private static Answer all(Call call, FlagSet set, Question.Asked asked) {
    String etag = "\"" + set.version() + "-" + short8(asked.user().orElse("")) + "\"";
    if (call.has(etag)) {
      return Answer.notModified(etag);
    }
    List<Evaluated> flags =
        new TreeMap<>(set.flags())
            .values().stream().map(flag -> Evaluated.of(flag, asked.user())).toList();
    return Answer.json(200, new All(flags)).with("ETag", etag);
  }

  private static String short8(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static Answer failed(Question.Unclear unclear, Optional<String> key) {
    return Answer.json(unclear.status(), new Failed(key, unclear.code(), unclear.details()));
  }

  private static Answer unknown(String key, String set) {
    return Answer.json(
        404,
        new Failed(
            Optional.of(key),
            "FLAG_NOT_FOUND",
            "No rollout of the flag system '%s' has moved a flag '%s' yet.".formatted(set, key)));
  }
}
