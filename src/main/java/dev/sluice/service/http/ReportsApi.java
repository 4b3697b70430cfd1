package dev.sluice.service.http;

import dev.sluice.gates.look.Observation;
import dev.sluice.gates.rollout.Command;
import dev.sluice.gates.rollout.Rollout;
import dev.sluice.gates.rollout.RolloutId;
import dev.sluice.service.config.ServerConfig.Role;
import dev.sluice.service.loop.Rollouts;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What others tell of the world: whether the old system could take everybody back, and what they
 * have measured themselves. Both may be told again as often as one likes.
 */
final class ReportsApi {
  private static final Duration LONGEST = Duration.ofDays(7);
  private static final Duration VALID_FOR = Duration.ofMinutes(15);
  private static final int LONGEST_REASON = 2000;
  private static final int LONGEST_NAME = 200;
  private static final int MOST_OBSERVATIONS = 100;
  private static final int MOST_VALUES = 50;

  private final Rollouts rollouts;

  ReportsApi(Rollouts rollouts) {
    this.rollouts = rollouts;
  }

  /**
   * @param latest the highest sequence known of each source: what is pushed next has a higher one
   */
  private record Observed(long version, Map<String, Long> latest) {}

  private record Ready(long version, boolean rollbackReady) {}

  List<Endpoint> endpoints() {
    return List.of(
        Endpoint.post(
            RolloutsApi.ROLLOUT + "/readiness", Role.OPERATOR, Endpoint.Body.JSON, this::readiness),
        Endpoint.post(
            RolloutsApi.ROLLOUT + "/observations",
            Role.OPERATOR,
            Endpoint.Body.JSON,
            this::observations));
  }

  private Future<Answer> readiness(Call call) {
    RolloutId id = call.rollout();
    Fields fields = Fields.of(call.body(), List.of("ready", "reason", "validFor"));
    boolean ready = fields.flag("ready");
    String reason = fields.text("reason", LONGEST_REASON).orElse("");
    Optional<Duration> validFor = fields.duration("validFor", LONGEST);
    fields.check();
    return rollouts
        .tell(id, new Command.ReportReadiness(call.caller().actor(), ready, reason, validFor))
        .map(after -> Answer.json(200, new Ready(after.version(), after.backIsReady())));
  }

  private Future<Answer> observations(Call call) {
    RolloutId id = call.rollout();
    Fields fields = Fields.of(call.body(), List.of("observations"));
    List<Observation> observations = new ArrayList<>();
    List<String> known = List.of("source", "sequence", "at", "validFor", "values");
    for (Fields item : fields.each("observations", MOST_OBSERVATIONS, known)) {
      observations.add(observation(item));
    }
    fields.check();
    return rollouts
        .tell(id, new Command.Observe(call.caller().actor(), observations))
        .map(ReportsApi::seen);
  }

  private static Observation observation(Fields item) {
    return new Observation(
        item.needed("source", LONGEST_NAME),
        item.neededCount("sequence"),
        item.instant("at"),
        item.duration("validFor", LONGEST).orElse(VALID_FOR),
        item.numbers("values", MOST_VALUES));
  }

  private static Answer seen(Rollout after) {
    return Answer.json(200, new Observed(after.version(), after.pushed().latest()));
  }
}
