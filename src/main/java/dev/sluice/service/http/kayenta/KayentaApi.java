package dev.sluice.service.http.kayenta;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.gates.rollout.Rollout;
import dev.sluice.service.config.ServerConfig.Role;
import dev.sluice.service.http.Answer;
import dev.sluice.service.http.ApiJson;
import dev.sluice.service.http.Call;
import dev.sluice.service.http.Endpoint;
import dev.sluice.service.http.Fields;
import dev.sluice.service.http.HttpProblem;
import dev.sluice.service.http.Problems;
import dev.sluice.service.http.controllers.Desk;
import dev.sluice.service.http.controllers.Steps;
import dev.sluice.service.runs.Runs;
import dev.sluice.service.runs.Runs.Standing;
import dev.sluice.service.store.RolloutStore.PlanText;
import dev.sluice.service.store.Run;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The calls of Kayenta's API that Argo's provider and Spinnaker's canary stage make. A canary
 * configuration is a plan ("checkout"), or a step of one ("checkout,users-10"); an execution is a
 * rollout.
 *
 * <p>Starting is create-or-get: both clients start again when a poll fails. What names the run is
 * the application and the scopes without their times, which move with every start.
 */
public final class KayentaApi {
  private static final List<String> PREFIXES = List.of("", "/kayenta");
  private static final String KAYENTA = "kayenta";
  private static final int LONGEST = 200;

  private final Desk desk;
  private final Set<String> sources;
  private final Report report;

  /**
   * @param sources the metrics systems by name: what Kayenta calls accounts
   */
  public KayentaApi(Desk desk, Set<String> sources) {
    this.desk = desk;
    this.sources = Set.copyOf(sources);
    this.report = new Report(desk.decider(), desk.clock());
  }

  public List<Endpoint> endpoints() {
    List<Endpoint> all = new ArrayList<>();
    for (String prefix : PREFIXES) {
      all.add(
          Endpoint.get(prefix + "/canaryConfig", Role.VIEWER, this::configs)
              .knowing("application", "configurationAccountName"));
      all.add(
          Endpoint.post(prefix + "/canary/{id}", Role.AUTHOR, Endpoint.Body.JSON, this::start)
              .knowing(
                  "application",
                  "parentPipelineExecutionId",
                  "metricsAccountName",
                  "configurationAccountName",
                  "storageAccountName",
                  "lease"));
      all.add(
          Endpoint.get(prefix + "/canary/{id}", Role.VIEWER, this::result)
              .knowing("storageAccountName"));
      all.add(Endpoint.get(prefix + "/credentials", Role.VIEWER, this::credentials));
      all.add(
          Endpoint.put(
                  prefix + "/pipelines/{id}/cancel", Role.OPERATOR, Endpoint.Body.ANY, this::cancel)
              .knowingAnything());
    }
    return all;
  }

  private Future<Answer> configs(Call call) {
    String application = call.query("application").orElse("sluice");
    return desk.store()
        .plans()
        .map(
            plans -> {
              ArrayNode all = ApiJson.mapper().createArrayNode();
              for (PlanText plan : plans) {
                all.add(config(plan, plan.name(), application));
                steps(plan).forEach(s -> all.add(config(plan, plan.name() + "," + s, application)));
              }
              return Answer.json(200, all);
            });
  }

  /** A stored plan that this server can no longer read has no steps to offer. */
  private List<String> steps(PlanText plan) {
    try {
      return desk.plans().stepsOf(plan);
    } catch (dev.sluice.service.http.Refusal unreadable) {
      return List.of();
    }
  }

  private static ObjectNode config(PlanText plan, String name, String application) {
    ObjectNode config = ApiJson.mapper().createObjectNode();
    config.put("id", name);
    config.put("name", name);
    config.put("updatedTimestamp", plan.storedAt().toEpochMilli());
    config.put("updatedTimestampIso", plan.storedAt().toString());
    config.putArray("applications").add(application);
    return config;
  }

  private Future<Answer> credentials(Call call) {
    ArrayNode all = ApiJson.mapper().createArrayNode();
    for (String source : sources.stream().sorted().toList()) {
      ObjectNode account = all.addObject();
      account.put("name", source);
      account.put("type", "prometheus");
      account.putArray("supportedTypes").add("METRICS_STORE");
    }
    return Future.succeededFuture(Answer.json(200, all));
  }

  private record Config(String plan, Optional<String> step) {}

  private static Config config(Call call) {
    String id = call.path("id").replace("%2C", ",").replace("%2c", ",");
    int comma = id.indexOf(',');
    String plan = comma < 0 ? id : id.substring(0, comma);
    if (!plan.matches("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")) {
      throw Problems.unknownPlan(plan.length() > LONGEST ? "" : plan).refusal();
    }
    return new Config(plan, comma < 0 ? Optional.empty() : Optional.of(id.substring(comma + 1)));
  }

  private Future<Answer> start(Call call) {
    Config config = config(call);
    Fields fields = Fields.ofSome(call.body());
    Thresholds thresholds = Thresholds.read(fields, "thresholds");
    String revision = revision(fields, call);
    fields.check();
    String application = call.query("application").orElse("default");
    Run.Key key = Desk.key(KAYENTA, config.plan(), application);
    return desk.plans()
        .startable(config.plan())
        .compose(plan -> desk.store().run(key))
        .compose(before -> open(call, key, revision, before))
        .map(
            standing -> {
              config.step().ifPresent(step -> Steps.index(standing.rollout(), step));
              Execution execution =
                  new Execution(standing.rollout().id(), config.step(), thresholds);
              return Answer.json(200, Map.of("canaryExecutionId", execution.text()));
            });
  }

  private Future<Standing> open(Call call, Run.Key key, String revision, Optional<Run> before) {
    Instant now = desk.clock().instant();
    Optional<Run> silent = before.filter(run -> run.until().isBefore(now));
    return desk.open(key, call, Optional.of(revision), standing -> isOver(standing, silent))
        .map(
            standing -> {
              if (Desk.superseded(standing.run(), Optional.of(revision))) {
                throw superseded().refusal();
              }
              return standing;
            });
  }

  /**
   * A verdict is given again while its client is about; much later the same words mean a new one.
   */
  private static boolean isOver(Standing standing, Optional<Run> silent) {
    return standing.rollout().ended()
        && silent.filter(run -> run.rollout().equals(standing.run().rollout())).isPresent();
  }

  private static HttpProblem superseded() {
    return HttpProblem.of(
        409,
        "superseded",
        "Another canary of this application has begun since",
        "Cancel that one first to judge these scopes again.");
  }

  /** The scopes without their times, and the pipeline that asks, in one short word. */
  private static String revision(Fields fields, Call call) {
    JsonNode scopes = fields.node().path("scopes");
    if (!scopes.isObject() || scopes.isEmpty()) {
      fields.mistake("/scopes", "'scopes' must be an object with at least one scope.");
    }
    TreeMap<String, String> all = new TreeMap<>();
    for (Map.Entry<String, JsonNode> scope : scopes.properties()) {
      for (String side : List.of("controlScope", "experimentScope")) {
        JsonNode one = scope.getValue().path(side);
        if (!one.isObject() || !one.path("scope").isTextual()) {
          fields.mistake("/scopes", "Scope '" + side + "' must be an object with a text 'scope'.");
        }
        all.put(scope.getKey() + "/" + side, named(one));
      }
    }
    return Runs.digest(all + call.query("parentPipelineExecutionId").orElse(""));
  }

  private static String named(JsonNode scope) {
    TreeMap<String, String> more = new TreeMap<>();
    scope
        .path("extendedScopeParams")
        .properties()
        .forEach(p -> more.put(p.getKey(), p.getValue().toString()));
    return scope.path("scope") + "@" + scope.path("location") + more;
  }

  private Future<Answer> result(Call call) {
    Execution execution = Execution.parse(call.path("id"));
    return rollout(execution)
        .compose(
            rollout ->
                desk.runs()
                    .of(rollout.id())
                    .map(
                        run ->
                            Answer.json(
                                200, report.of(rollout, execution, run.map(Standing::run)))));
  }

  private Future<Rollout> rollout(Execution execution) {
    return desk.store()
        .load(execution.rollout())
        .map(
            found ->
                found.orElseThrow(
                    () -> Problems.unknownRollout(execution.rollout().value()).refusal()))
        .map(stored -> stored.rollout());
  }

  /** Also gives the key back: the same scopes may be judged anew. */
  private Future<Answer> cancel(Call call) {
    Execution execution = Execution.parse(call.path("id"));
    return rollout(execution)
        .compose(rollout -> desk.runs().of(rollout.id()))
        .compose(
            found ->
                found.isEmpty()
                    ? Future.succeededFuture(Answer.empty(200))
                    : desk.runs()
                        .reset(
                            found.get(),
                            Desk.actor(found.get().run().key()),
                            "The client has cancelled it.")
                        .map(s -> Answer.empty(200)));
  }
}
