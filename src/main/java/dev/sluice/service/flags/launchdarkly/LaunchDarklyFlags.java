package dev.sluice.service.flags.launchdarkly;

import dev.sluice.gates.plan.Exposure;
import dev.sluice.service.config.Granularity;
import dev.sluice.service.config.LaunchDarklyEndpoint;
import dev.sluice.service.flags.Finding;
import dev.sluice.service.flags.Flag;
import dev.sluice.service.flags.FlagSystem;
import dev.sluice.service.flags.Note;
import dev.sluice.service.flags.Reading;
import dev.sluice.service.flags.Trouble;
import dev.sluice.service.flags.Written;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Flags in LaunchDarkly. One rule of a flag is ours, the default rule or the one that the plan
 * names; a write is one semantic patch of its weights.
 *
 * <p>LaunchDarkly takes no version with a patch, so before a write the flag is read and compared
 * with what the write rests on; a change in the moment between is answered with a 409, or found by
 * the reading afterwards.
 */
public final class LaunchDarklyFlags implements FlagSystem {
  private static final Note TRY = new Note("none", "Sluice asks whether it could");

  private final LaunchDarklyEndpoint config;
  private final Api api;
  private final Optional<KillSwitch> killSwitch;

  /**
   * @param name in the server configuration
   * @param version of this service, for the user agent
   */
  public LaunchDarklyFlags(
      Vertx vertx, String name, LaunchDarklyEndpoint config, InstantSource clock, String version) {
    this.config = config;
    this.api = new Api(vertx, name, config, clock, version);
    this.killSwitch = KillSwitch.of(vertx, config, version);
  }

  @Override
  public Granularity granularity() {
    return config.granularity();
  }

  /** A flag with nothing left open, or what is missing. */
  private sealed interface Looked {
    record Seen(View view) implements Looked {}

    record Not(Trouble trouble) implements Looked {}
  }

  private Optional<String> project(Flag flag) {
    return flag.project().or(config::project);
  }

  private Optional<String> environment(Flag flag) {
    return flag.environment().or(config::environment);
  }

  private Trouble nowhere(Flag flag) {
    return Trouble.of(
        Trouble.Kind.UNFIT,
        "In which project and environment of %s is flag %s? Name them in the plan's flag, or in the server configuration."
            .formatted(api.name(), flag.key()));
  }

  private Future<Looked> look(Flag flag) {
    Optional<String> project = project(flag);
    Optional<String> environment = environment(flag);
    if (project.isEmpty() || environment.isEmpty()) {
      return Future.succeededFuture(new Looked.Not(nowhere(flag)));
    }
    return api.get(project.get(), flag.key(), environment.get())
        .map(
            got ->
                switch (got) {
                  case Api.Got.Not not -> new Looked.Not(not.trouble());
                  case Api.Got.Conflict c -> new Looked.Not(unexpected());
                  case Api.Got.Flag found ->
                      looked(flag, new View(found.json(), environment.get(), flag.owned(), config));
                });
  }

  private Trouble unexpected() {
    return Trouble.of(Trouble.Kind.UNAVAILABLE, api.name() + " answered 409 to a question.");
  }

  private Looked looked(Flag flag, View view) {
    if (!view.hasEnvironment()) {
      return missing("Flag %s has no environment '%s'.", flag, view.environment());
    }
    if (!view.hasRule()) {
      return missing("Flag %s has no rule '%s'.", flag, flag.owned().orElse(""));
    }
    if (view.canary() < 0) {
      return missing("Flag %s has no variation '%s' for the canary.", flag, config.canary());
    }
    if (view.baseline() < 0 || view.baseline() == view.canary()) {
      return missing(
          "Flag %s has no other variation '%s' for the baseline.", flag, config.baseline());
    }
    return new Looked.Seen(view);
  }

  private Looked missing(String sentence, Flag flag, String what) {
    return new Looked.Not(
        Trouble.of(
            Trouble.Kind.MISSING,
            api.name()
                + ": "
                + sentence.formatted(flag.key(), what)
                + " Correct the plan or the configuration."));
  }

  @Override
  public Future<Reading> read(Flag flag) {
    return look(flag)
        .map(
            looked ->
                switch (looked) {
                  case Looked.Not not -> new Reading.Unread(not.trouble());
                  case Looked.Seen seen -> reading(seen.view());
                });
  }

  private static Reading.Seen reading(View view) {
    return new Reading.Seen(view.exposure(), view.oddities(), view.shape(), view.version());
  }

  @Override
  public Future<Written> set(Flag flag, Reading.Seen seen, Exposure exposure, Note note) {
    return look(flag)
        .compose(
            looked ->
                switch (looked) {
                  case Looked.Not not ->
                      Future.succeededFuture((Written) new Written.NotDone(not.trouble()));
                  case Looked.Seen now -> set(flag, now.view(), seen, exposure, note);
                });
  }

  private Future<Written> set(
      Flag flag, View now, Reading.Seen seen, Exposure exposure, Note note) {
    if (!now.version().equals(seen.version())) {
      return Future.succeededFuture(new Written.Overtaken());
    }
    if (exposure.compareTo(now.exposure()) > 0 && !now.oddities().isEmpty()) {
      return Future.succeededFuture(
          new Written.NotDone(Trouble.of(Trouble.Kind.UNFIT, String.join(" ", now.oddities()))));
    }
    Patch patch = new Patch(now.environment(), note).weights(now, exposure);
    return api.patch(project(flag).orElse(""), flag.key(), now.on() ? patch : patch.on(), false)
        .map(
            got ->
                switch (got) {
                  case Api.Got.Flag f -> new Written.Done();
                  case Api.Got.Conflict c -> new Written.Overtaken();
                  case Api.Got.Not not -> new Written.NotDone(not.trouble());
                });
  }

  /** Off over the API; when that fails, whatever the reason, by the trigger. */
  @Override
  public Future<Written> kill(Flag flag, Note note) {
    Optional<String> project = project(flag);
    Optional<String> environment = environment(flag);
    if (project.isEmpty() || environment.isEmpty()) {
      return second(flag, nowhere(flag));
    }
    return api.patch(project.get(), flag.key(), new Patch(environment.get(), note).off(), false)
        .compose(
            got ->
                switch (got) {
                  case Api.Got.Not not -> second(flag, not.trouble());
                  case Api.Got.Conflict c ->
                      second(
                          flag,
                          Trouble.of(
                              Trouble.Kind.UNAVAILABLE,
                              api.name() + " answered 409: somebody changed the flag."));
                  case Api.Got.Flag f ->
                      Future.succeededFuture(
                          off(new View(f.json(), environment.get(), flag.owned(), config)));
                });
  }

  /** An off variation that is the canary would have made it worse. */
  private static Written off(View view) {
    return view.exposure().percent() == 0
        ? new Written.Done()
        : new Written.NotDone(Trouble.of(Trouble.Kind.UNFIT, String.join(" ", view.oddities())));
  }

  private Future<Written> second(Flag flag, Trouble first) {
    Optional<KillSwitch> fitting = killSwitch.filter(s -> s.fits(flag));
    if (fitting.isEmpty()) {
      return Future.succeededFuture(new Written.NotDone(first));
    }
    return fitting
        .get()
        .pull()
        .map(
            failed ->
                failed
                    .<Written>map(
                        what ->
                            new Written.NotDone(
                                new Trouble(
                                    first.kind(),
                                    first.sentence() + " The trigger " + what + " too.",
                                    first.after())))
                    .orElseGet(Written.Done::new));
  }

  @Override
  public Future<List<Finding>> preflight(Flag flag) {
    return look(flag)
        .compose(
            looked ->
                switch (looked) {
                  case Looked.Not not -> Future.succeededFuture(List.of(problem(not.trouble())));
                  case Looked.Seen seen -> preflight(flag, seen.view());
                });
  }

  private static Finding problem(Trouble trouble) {
    return Finding.problem(trouble.sentence(), "Put it right in LaunchDarkly or in the plan.");
  }

  /** Both ways that a rollout will need are asked for, and neither is done. */
  private Future<List<Finding>> preflight(Flag flag, View view) {
    List<Finding> findings = new ArrayList<>();
    view.oddities()
        .forEach(odd -> findings.add(Finding.problem(odd, "Change it in LaunchDarkly.")));
    if (killSwitch.filter(s -> s.fits(flag)).isEmpty()) {
      findings.add(
          Finding.warning(
              "There is no second way back for flag " + flag.key() + ".",
              "Make a flag trigger that turns it off, and configure killTrigger."));
    }
    Patch patch = new Patch(view.environment(), TRY).weights(view, view.exposure()).off();
    return api.patch(project(flag).orElse(""), flag.key(), patch, true)
        .map(
            got -> {
              switch (got) {
                case Api.Got.Flag f ->
                    findings.add(Finding.good("Flag " + flag.key() + " may be changed."));
                case Api.Got.Conflict c -> findings.add(problem(unexpected()));
                case Api.Got.Not not -> findings.add(problem(not.trouble()));
              }
              return List.copyOf(findings);
            });
  }

  @Override
  public Future<Optional<String>> lastChange(Flag flag) {
    return look(flag)
        .map(
            looked ->
                looked instanceof Looked.Seen seen
                    ? seen.view().lastModified().map(at -> "at " + at)
                    : Optional.empty());
  }
}
