package dev.sluice.service.flags.unleash;

import dev.sluice.gates.plan.Exposure;
import dev.sluice.service.flags.Flag;
import dev.sluice.service.flags.Reading;
import dev.sluice.service.json.SluiceJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What an environment means to a plan: which strategy is the plan's own, whom the flag serves in
 * truth, and what stands in the way of moving it.
 */
final class View {
  static final String DEFAULT_TITLE = "sluice";

  private final Place place;
  private final Environment environment;
  private final Optional<String> owned;
  private final boolean mayCreate;
  private final List<Strategy> own;
  private final List<Strategy> others;

  /**
   * What a write has to find unchanged.
   *
   * @param id of the strategy; empty where there is none yet
   */
  record Version(
      String id,
      Optional<String> rollout,
      Optional<String> groupId,
      Optional<String> stickiness,
      boolean disabled,
      boolean on) {}

  View(Place place, Environment environment, Flag flag, boolean mayCreate) {
    this.place = place;
    this.environment = environment;
    this.owned = flag.owned();
    this.mayCreate = mayCreate;
    this.own = environment.strategies().stream().filter(this::isOwn).toList();
    this.others = environment.strategies().stream().filter(s -> !own.contains(s)).toList();
  }

  /** By its title; a plan that names none means the only gradual one. */
  private boolean isOwn(Strategy strategy) {
    return owned.map(title -> strategy.title().equals(title)).orElseGet(strategy::gradual);
  }

  String title() {
    return owned.orElse(DEFAULT_TITLE);
  }

  Reading.Seen reading() {
    return new Reading.Seen(
        exposure(), oddities(), own.isEmpty() ? "" : shape(own.getFirst()), version());
  }

  private Exposure exposure() {
    if (!environment.on() || environment.archived()) {
      return Exposure.NONE;
    }
    return environment.strategies().stream()
        .filter(s -> own.contains(s) || !s.limited())
        .map(Strategy::exposure)
        .max(Exposure::compareTo)
        .orElse(Exposure.NONE);
  }

  private List<String> oddities() {
    List<String> oddities = new ArrayList<>();
    if (environment.archived()) {
      oddities.add("Flag " + place.key() + " is archived: revive it in Unleash.");
    }
    ownOddity().ifPresent(oddities::add);
    if (environment.on() || own.size() <= 1) {
      serving().forEach(s -> oddities.add(alsoServes(s)));
    }
    return oddities;
  }

  private Optional<String> ownOddity() {
    if (own.size() > 1) {
      return Optional.of(
          owned.isPresent()
              ? "Flag %s has %d strategies with the title '%s': take all but one away."
                  .formatted(place.shown(), own.size(), title())
              : "Flag %s has %d gradual strategies: say in flag.owned of the plan, by its title, which of them is the plan's."
                  .formatted(place.shown(), own.size()));
    }
    if (own.isEmpty()) {
      return mayCreate
          ? Optional.empty()
          : Optional.of(
              "Flag %s has no strategy '%s': make one of kind flexibleRollout with this title at 0 %%, or set createStrategy: true in the server configuration."
                  .formatted(place.shown(), title()));
    }
    return oddity(own.getFirst());
  }

  private Optional<String> oddity(Strategy strategy) {
    if (!strategy.gradual()) {
      return Optional.of(
          "Strategy %s of flag %s cannot serve a percentage: it must be of kind flexibleRollout."
              .formatted(strategy.shown(), place.shown()));
    }
    if (!strategy.sound()) {
      return Optional.of(
          "Strategy %s of flag %s is set to '%s', which is no whole percent: set it to 0."
              .formatted(strategy.shown(), place.shown(), cut(strategy.rollout().orElse(""))));
    }
    return strategy.groupId().filter(g -> !g.isBlank()).isEmpty()
        ? Optional.of(
            "Strategy %s of flag %s has lost its groupId: set it to what it was, or other users get the canary."
                .formatted(strategy.shown(), place.shown()))
        : Optional.empty();
  }

  private static String cut(String text) {
    return text.length() > 40 ? text.substring(0, 40) + "…" : text;
  }

  /** What the plan does not own and would put users on the canary with no say of the plan's. */
  private List<Strategy> serving() {
    return others.stream().filter(s -> !s.disabled() && !s.limited()).toList();
  }

  private String alsoServes(Strategy strategy) {
    return "Strategy %s of flag %s is enabled and would put %s of the users on the canary beside the plan: disable it, or take it away."
        .formatted(strategy.shown(), place.shown(), strategy.exposure());
  }

  /** Enabled, and for some users only: they are on the canary from the start. */
  List<Strategy> forSome() {
    return others.stream().filter(s -> !s.disabled() && s.limited()).toList();
  }

  Optional<Strategy> own() {
    return own.stream().findFirst();
  }

  /** Two readings that differ in this may mean other users, though as many. */
  private static String shape(Strategy s) {
    return "group '%s', stickiness '%s', %s"
        .formatted(
            s.groupId().orElse(""),
            s.stickiness().orElse(""),
            s.whom().equals("[] []") || s.whom().equals("[] ")
                ? "for everybody"
                : "limited to " + s.whom());
  }

  private String version() {
    boolean on = environment.on();
    return SluiceJson.write(
        own()
            .map(
                s ->
                    new Version(s.id(), s.rollout(), s.groupId(), s.stickiness(), s.disabled(), on))
            .orElseGet(
                () ->
                    new Version(
                        "", Optional.empty(), Optional.empty(), Optional.empty(), false, on)));
  }
}
