package dev.sluice.service.flags.nginx;

import dev.sluice.gates.plan.Exposure;
import dev.sluice.service.config.Granularity;
import dev.sluice.service.config.NginxEndpoint;
import dev.sluice.service.flags.Finding;
import dev.sluice.service.flags.Flag;
import dev.sluice.service.flags.FlagSystem;
import dev.sluice.service.flags.Note;
import dev.sluice.service.flags.Reading;
import dev.sluice.service.flags.Trouble;
import dev.sluice.service.flags.Written;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/**
 * Exposure by nginx: each flag is a variable that holds one word for who is on the canary and
 * another for everybody else, and nginx's own configuration says what follows from it. What a flag
 * stands at is what nginx was last told to load; whether its processes have taken it up is seen by
 * the traffic.
 */
public final class NginxFlags implements FlagSystem {
  private final Vertx vertx;
  private final String name;
  private final NginxEndpoint endpoint;
  private final Include include;

  /**
   * @param name in the server configuration
   */
  public NginxFlags(Vertx vertx, String name, NginxEndpoint endpoint) {
    this.vertx = vertx;
    this.name = name;
    this.endpoint = endpoint;
    this.include = new Include(name, endpoint);
  }

  @Override
  public Granularity granularity() {
    return endpoint.granularity();
  }

  /** Off the event loop: files and programs block. */
  private <T> Future<T> aside(Callable<T> work) {
    return vertx.executeBlocking(work, false);
  }

  private Optional<Trouble> cannotHold(Flag flag) {
    return SplitFile.canHold(flag.key())
        ? Optional.empty()
        : Optional.of(
            Trouble.of(
                Trouble.Kind.MISSING,
                "nginx can have no flag '%s': letters, digits, '.', '_' and '-' only."
                    .formatted(flag.key())));
  }

  @Override
  public Future<Reading> read(Flag flag) {
    return cannotHold(flag)
        .map(trouble -> Future.<Reading>succeededFuture(new Reading.Unread(trouble)))
        .orElseGet(() -> aside(() -> include.read(flag.key())));
  }

  @Override
  public Future<Written> set(Flag flag, Reading.Seen seen, Exposure exposure, Note note) {
    return put(flag, exposure, Optional.of(seen.version()));
  }

  @Override
  public Future<Written> kill(Flag flag, Note note) {
    return put(flag, Exposure.NONE, Optional.empty());
  }

  private Future<Written> put(Flag flag, Exposure exposure, Optional<String> version) {
    return cannotHold(flag)
        .map(trouble -> Future.<Written>succeededFuture(new Written.NotDone(trouble)))
        .orElseGet(() -> aside(() -> include.put(flag.key(), exposure, version)));
  }

  @Override
  public Future<List<Finding>> preflight(Flag flag) {
    return cannotHold(flag)
        .map(
            trouble ->
                Future.succeededFuture(
                    List.of(Finding.problem(trouble.sentence(), "Give the flag another key."))))
        .orElseGet(() -> aside(() -> findings(flag)));
  }

  private List<Finding> findings(Flag flag) {
    List<Finding> findings = new ArrayList<>();
    switch (include.read(flag.key())) {
      case Reading.Unread unread ->
          findings.add(
              Finding.problem(
                  unread.trouble().sentence(), "Create the folder; let this user write to it."));
      case Reading.Seen seen -> {
        seen.oddities()
            .forEach(
                oddity ->
                    findings.add(
                        Finding.problem(oddity, "Delete the file, and roll out from 0 %.")));
        findings.add(
            Finding.good(
                "$%s of %s stands at %s."
                    .formatted(SplitFile.variable(flag.key()), name, seen.exposure())));
      }
    }
    if (include.test() instanceof Commands.Ran.Badly badly) {
      findings.add(
          Finding.problem(badly.sentence(), "Put nginx's configuration right, or 'test'."));
    }
    return List.copyOf(findings);
  }

  @Override
  public Future<Optional<String>> lastChange(Flag flag) {
    return Future.succeededFuture(Optional.empty());
  }
}
