package dev.sluice.service.http.spinnaker;

import dev.sluice.gates.rollout.Rollout;
import dev.sluice.gates.rollout.Stage;
import dev.sluice.service.config.ServerConfig.Role;
import dev.sluice.service.http.Answer;
import dev.sluice.service.http.Call;
import dev.sluice.service.http.Endpoint;
import dev.sluice.service.http.Fields;
import dev.sluice.service.http.controllers.Advised;
import dev.sluice.service.http.controllers.Desk;
import dev.sluice.service.runs.Runs.Standing;
import dev.sluice.service.store.Run;
import io.vertx.core.Future;
import io.vertx.core.net.HostAndPort;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * The webhook stage: start by POST, status by GET, one best-effort cancel.
 *
 * <p>The status is a word that is in one of the stage's lists only when it is decided; RUNNING is
 * in none, so the stage goes on asking. Spinnaker repeats a start after a 5xx without saying so:
 * the run's name makes it one.
 */
public final class SpinnakerApi {
  private static final String PATH = "/spinnaker/{name}";
  private static final String SPINNAKER = "spinnaker";

  private final Desk desk;
  private final Optional<URI> publicUrl;

  public SpinnakerApi(Desk desk, Optional<URI> publicUrl) {
    this.desk = desk;
    this.publicUrl = publicUrl;
  }

  /**
   * @param status RUNNING, SUCCEEDED, TERMINAL or CANCELED
   * @param progress one sentence, never absent
   * @param statusUrl absolute
   */
  private record Status(
      String status, String progress, String statusUrl, String decision, String rollout) {}

  public List<Endpoint> endpoints() {
    return List.of(
        Endpoint.post(PATH, Role.AUTHOR, Endpoint.Body.JSON, this::start)
            .knowing("run", "step", "lease"),
        Endpoint.get(PATH, Role.VIEWER, this::status).knowing("run", "step", "lease"),
        Endpoint.post(PATH + "/cancel", Role.OPERATOR, Endpoint.Body.ANY, this::cancel)
            .knowing("run"),
        Endpoint.put(PATH + "/cancel", Role.OPERATOR, Endpoint.Body.ANY, this::cancel)
            .knowing("run"));
  }

  private Future<Answer> start(Call call) {
    Fields fields = Fields.of(call.body(), List.of("run", "step"));
    Optional<String> run = call.query("run").or(() -> fields.text("run", Run.Key.LONGEST_NAME));
    Optional<String> step = call.query("step").or(() -> fields.text("step", 100));
    if (run.isEmpty()) {
      fields.mistake("/run", "'run' is missing: give it the id of the pipeline's execution.");
    }
    fields.check();
    Run.Key key = Desk.key(SPINNAKER, call.plan(), run.orElse(""));
    return desk.open(key, call, Optional.empty())
        .map(standing -> answer(call, 201, standing, step));
  }

  private Run.Key key(Call call) {
    return desk.key(call, SPINNAKER)
        .orElseThrow(
            () -> Call.bad("'run' is missing: give it the id of the pipeline's execution."));
  }

  private Future<Standing> known(Call call) {
    Run.Key key = key(call);
    return desk.runs()
        .find(key, call.lease())
        .map(found -> found.orElseThrow(() -> Desk.unknownRun(key.name()).refusal()));
  }

  private Future<Answer> status(Call call) {
    return known(call).map(standing -> answer(call, 200, standing, call.query("step")));
  }

  /** Cancelling what nobody began is no mistake: the stage may have failed before. */
  private Future<Answer> cancel(Call call) {
    Optional<String> inBody = Fields.ofSome(call.body()).text("run", Run.Key.LONGEST_NAME);
    Run.Key key =
        call.query("run").isEmpty() && inBody.isPresent()
            ? Desk.key(SPINNAKER, call.plan(), inBody.get())
            : key(call);
    return desk.runs()
        .find(key, Optional.empty())
        .compose(
            found ->
                found.isEmpty()
                    ? Future.succeededFuture(Answer.empty(204))
                    : desk.runs()
                        .end(found.get(), Desk.actor(key), "The pipeline has cancelled it.")
                        .map(after -> answer(call, 200, after, Optional.empty())));
  }

  private Answer answer(Call call, int code, Standing standing, Optional<String> step) {
    Rollout rollout = standing.rollout();
    Advised advised = desk.advise(rollout, step);
    String url = url(call, standing.run().key(), step);
    return Answer.json(
            code,
            new Status(
                word(rollout, advised.decision()),
                advised.summary(),
                url,
                advised.decision(),
                rollout.id().value()))
        .with("Location", url);
  }

  private static String word(Rollout rollout, String decision) {
    if (rollout.stage() instanceof Stage.Aborted) {
      return "CANCELED";
    }
    return switch (decision) {
      case "promote" -> "SUCCEEDED";
      case "rollback" -> "TERMINAL";
      default -> "RUNNING";
    };
  }

  /** Under the name that the caller knows us by, unless the configuration has another. */
  private String url(Call call, Run.Key key, Optional<String> step) {
    HostAndPort authority = call.context().request().authority();
    String base =
        publicUrl
            .map(u -> u.toString().replaceAll("/+$", ""))
            .orElseGet(() -> "http://" + (authority == null ? "localhost" : authority));
    return base
        + "/spinnaker/"
        + key.plan()
        + "?run="
        + encoded(key.name())
        + step.map(s -> "&step=" + encoded(s)).orElse("");
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
