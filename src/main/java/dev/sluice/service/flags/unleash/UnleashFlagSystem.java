package dev.sluice.service.flags.unleash;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gates.plan.Exposure;
import dev.sluice.service.config.FlagEndpoint;
import dev.sluice.service.config.Granularity;
import dev.sluice.service.flags.Finding;
import dev.sluice.service.flags.Flag;
import dev.sluice.service.flags.FlagSystem;
import dev.sluice.service.flags.Note;
import dev.sluice.service.flags.Reading;
import dev.sluice.service.flags.Trouble;
import dev.sluice.service.flags.Written;
import dev.sluice.service.json.SluiceJson;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * Unleash, by its admin API.
 *
 * <p>A plan owns one strategy of the flag, known by its title. Only its percentage is written, and
 * only by a JSON Patch that first tests what was read: Unleash has no other way to compare and set,
 * and answers 500 where a test fails. A PUT would drop what it does not hold, and with it who gets
 * the canary. Percentages are text there and not checked at all, so they are checked here before a
 * write and read back after it.
 *
 * <p>Strategies are OR-ed: where another one is enabled that limits itself to nobody, 1 % would in
 * truth be everybody. Then nothing is raised. Turning the flag off needs to know nothing of all
 * this.
 */
public final class UnleashFlagSystem implements FlagSystem {
  private final FlagEndpoint.Unleash config;
  private final UnleashApi api;

  /**
   * @param name in the server configuration
   */
  public UnleashFlagSystem(
      Vertx vertx, String name, FlagEndpoint.Unleash config, InstantSource clock, String version) {
    this.config = config;
    this.api = new UnleashApi(vertx, name, config, clock, version);
  }

  @Override
  public Granularity granularity() {
    return config.granularity();
  }

  private Optional<Place> place(Flag flag) {
    return flag.environment()
        .or(config::environment)
        .map(
            environment ->
                new Place(flag.project().orElse(config.project()), environment, flag.key()));
  }

  private Trouble nowhere(Flag flag) {
    return Trouble.of(
        Trouble.Kind.UNFIT,
        "It is not said in which environment flag "
            + flag.key()
            + " is meant: say it in flag.environment of the plan, or in "
            + api.setting("environment")
            + ".");
  }

  @Override
  public Future<Reading> read(Flag flag) {
    return view(flag)
        .map(
            asked ->
                switch (asked) {
                  case Asked.Got<View> got -> got.value().reading();
                  case Asked.Not<View> not -> new Reading.Unread(not.trouble());
                });
  }

  private Future<Asked<View>> view(Flag flag) {
    return place(flag)
        .map(place -> environment(place).map(e -> e.map(found -> view(place, found, flag))))
        .orElseGet(() -> Future.succeededFuture(new Asked.Not<>(nowhere(flag))));
  }

  private View view(Place place, Environment environment, Flag flag) {
    return new View(place, environment, flag, config.createStrategy());
  }

  /** An archived flag is not found as such, but its environments still are. */
  private Future<Asked<Environment>> environment(Place place) {
    return api.get(place.feature())
        .compose(
            asked ->
                switch (asked) {
                  case Asked.Got<JsonNode> got ->
                      Future.succeededFuture(
                          found(
                              place,
                              Environment.of(got.value(), place.environment()),
                              got.value()));
                  case Asked.Not<JsonNode> not ->
                      not.trouble().kind() == Trouble.Kind.MISSING
                          ? archived(place)
                          : Future.succeededFuture(new Asked.Not<>(not.trouble()));
                });
  }

  private Asked<Environment> found(
      Place place, Optional<Environment> environment, JsonNode answer) {
    return environment
        .<Asked<Environment>>map(Asked.Got::new)
        .orElseGet(
            () ->
                new Asked.Not<>(
                    answer.path("environments").isArray()
                        ? Trouble.of(
                            Trouble.Kind.MISSING,
                            "Flag %s has no environment '%s' in project %s of %s: enable the environment in the project, or correct flag.environment."
                                .formatted(
                                    place.key(), place.environment(), place.project(), api.name()))
                        : api.nonsense()));
  }

  private Future<Asked<Environment>> archived(Place place) {
    return api.get(place.inEnvironment())
        .map(asked -> asked.flatMap(json -> found(place, Environment.ofArchived(json), json)));
  }

  @Override
  public Future<Written> set(Flag flag, Reading.Seen seen, Exposure exposure, Note note) {
    if (!granularity().carries(exposure)) {
      return notDone(
          Trouble.of(
              Trouble.Kind.UNFIT,
              api.name() + " takes " + granularity().words() + " only, and not " + exposure + "."));
    }
    if (!seen.whole()) {
      return lowered(flag, seen, exposure);
    }
    return written(flag, SluiceJson.read(seen.version(), View.Version.class), exposure);
  }

  /** Beside others that serve, only lowering is of any use. */
  private Future<Written> lowered(Flag flag, Reading.Seen seen, Exposure exposure) {
    View.Version version = SluiceJson.read(seen.version(), View.Version.class);
    boolean helps = exposure.compareTo(seen.exposure()) < 0 && !version.id().isEmpty();
    return helps
        ? written(flag, version, exposure)
        : notDone(Trouble.of(Trouble.Kind.UNFIT, String.join(" ", seen.oddities())));
  }

  private Future<Written> written(Flag flag, View.Version version, Exposure exposure) {
    Optional<Place> place = place(flag);
    if (place.isEmpty()) {
      return notDone(nowhere(flag));
    }
    String percent = Long.toString(Math.round(exposure.percent()));
    Future<Written> write =
        version.id().isEmpty()
            ? api.post(
                place.get().strategies(),
                Patch.newStrategy(
                    flag.owned().orElse(View.DEFAULT_TITLE),
                    flag.key(),
                    config.stickiness(),
                    percent))
            : api.patch(place.get().strategy(version.id()), Patch.rollout(version, percent));
    boolean turnOn = !version.on() && exposure.percent() > 0;
    return write.compose(
        written ->
            written instanceof Written.Done && turnOn
                ? api.post(place.get().on(), "")
                : Future.succeededFuture(written));
  }

  @Override
  public Future<Written> kill(Flag flag, Note note) {
    return place(flag)
        .map(place -> api.post(place.off(), ""))
        .orElseGet(() -> notDone(nowhere(flag)));
  }

  @Override
  public Future<List<Finding>> preflight(Flag flag) {
    Optional<Place> place = place(flag);
    if (place.isEmpty()) {
      return Future.succeededFuture(
          List.of(
              Finding.problem(
                  "No environment is named for flag " + flag.key() + ".",
                  nowhere(flag).sentence())));
    }
    return new Preflight(api, place.get(), granularity()).of(view(flag));
  }

  @Override
  public Future<Optional<String>> lastChange(Flag flag) {
    return place(flag)
        .map(
            place ->
                api.get(place.events(History.EVENTS))
                    .map(
                        asked ->
                            switch (asked) {
                              case Asked.Got<JsonNode> got ->
                                  History.latest(got.value(), place.environment());
                              case Asked.Not<JsonNode> not -> Optional.<String>empty();
                            }))
        .orElseGet(() -> Future.succeededFuture(Optional.empty()));
  }

  private static Future<Written> notDone(Trouble trouble) {
    return Future.succeededFuture(new Written.NotDone(trouble));
  }
}
