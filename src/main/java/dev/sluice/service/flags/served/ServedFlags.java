package dev.sluice.service.flags.served;

import dev.sluice.gates.plan.Exposure;
import dev.sluice.service.config.FlagdEndpoint;
import dev.sluice.service.config.Granularity;
import dev.sluice.service.flags.Finding;
import dev.sluice.service.flags.Flag;
import dev.sluice.service.flags.FlagSystem;
import dev.sluice.service.flags.Note;
import dev.sluice.service.flags.Reading;
import dev.sluice.service.flags.Trouble;
import dev.sluice.service.flags.Written;
import dev.sluice.service.served.FlagSet;
import dev.sluice.service.served.Published;
import dev.sluice.service.served.ServedFlag;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The flags that we serve ourselves. Where they stand follows from the rollouts in the store, so a
 * decision is carried out by being committed: here it is only checked that it is served, and that
 * the file has it too. Nobody else can move such a flag, and neither can a call: what would set it
 * to anything but what its rollout says is refused.
 */
public final class ServedFlags implements FlagSystem {
  private final String name;
  private final FlagdEndpoint endpoint;
  private final Published published;

  /**
   * @param name in the server configuration, and of the set
   */
  public ServedFlags(String name, FlagdEndpoint endpoint, Published published) {
    this.name = name;
    this.endpoint = endpoint;
    this.published = published;
  }

  @Override
  public Granularity granularity() {
    return endpoint.granularity();
  }

  @Override
  public Future<Reading> read(Flag flag) {
    return written()
        .map(set -> reading(set, flag))
        .otherwise(failure -> new Reading.Unread(unwritten(failure)));
  }

  private Future<FlagSet> written() {
    return published
        .written(name)
        .timeout(endpoint.timeout().toMillis(), java.util.concurrent.TimeUnit.MILLISECONDS);
  }

  private static Reading reading(FlagSet set, Flag flag) {
    return new Reading.Seen(exposure(set, flag), List.of(), "", set.version());
  }

  /** What no rollout has moved yet is on for nobody: callers get the default in their code. */
  private static Exposure exposure(FlagSet set, Flag flag) {
    return set.flag(flag.key()).map(ServedFlag::exposure).orElse(Exposure.NONE);
  }

  private Trouble unwritten(Throwable failure) {
    return Trouble.of(
        Trouble.Kind.UNAVAILABLE,
        "Flags of %s are served, but not in their file. %s"
            .formatted(
                name, Optional.ofNullable(failure.getMessage()).orElse("It takes too long.")));
  }

  @Override
  public Future<Written> set(Flag flag, Reading.Seen seen, Exposure exposure, Note note) {
    return follows(flag, exposure);
  }

  @Override
  public Future<Written> kill(Flag flag, Note note) {
    return follows(flag, Exposure.NONE);
  }

  private Future<Written> follows(Flag flag, Exposure exposure) {
    return written()
        .map(
            set ->
                granularity().same(exposure(set, flag), exposure)
                    ? (Written) new Written.Done()
                    : new Written.NotDone(elsewhere(set, flag)))
        .otherwise(failure -> new Written.NotDone(unwritten(failure)));
  }

  private Trouble elsewhere(FlagSet set, Flag flag) {
    String speaks =
        set.flag(flag.key())
            .map(f -> "its rollout " + f.rollout() + " has it at " + f.exposure())
            .orElse("no rollout has moved it yet");
    return Trouble.of(
        Trouble.Kind.UNFIT,
        "Flag %s of %s is served as its rollout says, and %s. Move it with the rollout: sluice run rollback, promote."
            .formatted(flag.key(), name, speaks));
  }

  @Override
  public Future<List<Finding>> preflight(Flag flag) {
    List<Finding> findings = new ArrayList<>();
    if (flag.environment().isPresent() || flag.project().isPresent() || flag.owned().isPresent()) {
      findings.add(
          Finding.warning(
              "The set "
                  + name
                  + " has no environments, projects or strategies: they mean nothing here.",
              "Leave them out; for another environment configure another set."));
    }
    return written()
        .map(
            set -> {
              findings.add(
                  Finding.good(
                      "Flag %s is served at %s.".formatted(flag.key(), exposure(set, flag))));
              return List.copyOf(findings);
            })
        .otherwise(
            failure -> {
              findings.add(
                  Finding.problem(
                      unwritten(failure).sentence(), "Let this user write to the folder."));
              return List.copyOf(findings);
            });
  }

  @Override
  public Future<Optional<String>> lastChange(Flag flag) {
    return Future.succeededFuture(
        published
            .set(name)
            .flatMap(set -> set.flag(flag.key()))
            .map(f -> "rollout %s, step %s".formatted(f.rollout(), f.step())));
  }
}
