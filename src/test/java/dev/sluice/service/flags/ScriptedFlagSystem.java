package dev.sluice.service.flags;

import dev.sluice.gates.plan.Exposure;
import dev.sluice.service.config.Granularity;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/** A flag system of a test's own, which does what it is asked unless the script says otherwise. */
public final class ScriptedFlagSystem implements FlagSystem {
  private final Granularity granularity;
  private final Map<String, Flagged> flags = new HashMap<>();
  private final Deque<Function<Flag, Optional<Trouble>>> script = new ArrayDeque<>();

  /** What was asked, in order: "read", "set 10 %", "kill". */
  public final List<String> asked = new ArrayList<>();

  private Optional<Trouble> away = Optional.empty();
  private Optional<String> who = Optional.empty();

  /** What decides who gets the canary. */
  public String shape = "by user";

  private record Flagged(Exposure exposure, long version, List<String> oddities) {}

  public ScriptedFlagSystem(Granularity granularity) {
    this.granularity = granularity;
  }

  public ScriptedFlagSystem with(String key, Exposure exposure) {
    long version = flags.containsKey(key) ? flags.get(key).version() + 1 : 1;
    flags.put(key, new Flagged(exposure, version, List.of()));
    return this;
  }

  /** Somebody else changes it, and the system remembers who. */
  public void somebody(String name, String key, Exposure exposure) {
    with(key, exposure);
    who = Optional.of(name);
  }

  public void odd(String key, Exposure exposure, String... oddities) {
    with(key, exposure);
    flags.put(key, new Flagged(exposure, kept(key).version(), List.of(oddities)));
  }

  public void away(Trouble trouble) {
    away = Optional.of(trouble);
  }

  public void back() {
    away = Optional.empty();
  }

  /** What happens just before the next request, and what becomes of it; then of the one after. */
  public ScriptedFlagSystem then(Function<Flag, Optional<Trouble>> step) {
    script.add(step);
    return this;
  }

  public Exposure at(String key) {
    return kept(key).exposure();
  }

  private Flagged kept(String key) {
    return Objects.requireNonNull(flags.get(key), key);
  }

  private Optional<Trouble> trouble(Flag flag) {
    Optional<Trouble> scripted = script.isEmpty() ? Optional.empty() : script.remove().apply(flag);
    if (away.isPresent() || scripted.isPresent()) {
      return away.or(() -> scripted);
    }
    return flags.containsKey(flag.key())
        ? Optional.empty()
        : Optional.of(
            Trouble.of(Trouble.Kind.MISSING, "There is no flag " + flag.key() + ": make it."));
  }

  @Override
  public Granularity granularity() {
    return granularity;
  }

  @Override
  public Future<Reading> read(Flag flag) {
    asked.add("read");
    return Future.succeededFuture(
        trouble(flag).<Reading>map(Reading.Unread::new).orElseGet(() -> reading(flag)));
  }

  private Reading reading(Flag flag) {
    Flagged at = kept(flag.key());
    return new Reading.Seen(at.exposure(), at.oddities(), shape, "" + at.version());
  }

  @Override
  public Future<Written> set(Flag flag, Reading.Seen seen, Exposure exposure, Note note) {
    asked.add("set " + exposure);
    Optional<Trouble> trouble = trouble(flag);
    if (trouble.isPresent()) {
      return Future.succeededFuture(new Written.NotDone(trouble.get()));
    }
    if (!seen.version().equals("" + kept(flag.key()).version())) {
      return Future.succeededFuture(new Written.Overtaken());
    }
    with(flag.key(), exposure);
    return Future.succeededFuture(new Written.Done());
  }

  @Override
  public Future<Written> kill(Flag flag, Note note) {
    asked.add("kill");
    Optional<Trouble> trouble = trouble(flag);
    if (trouble.isEmpty()) {
      with(flag.key(), Exposure.NONE);
    }
    return Future.succeededFuture(
        trouble.<Written>map(Written.NotDone::new).orElseGet(Written.Done::new));
  }

  @Override
  public Future<List<Finding>> preflight(Flag flag) {
    return Future.succeededFuture(
        trouble(flag)
            .map(t -> List.of(Finding.problem(t.sentence(), "See to it.")))
            .orElseGet(() -> List.of(Finding.good("The flag is there."))));
  }

  @Override
  public Future<Optional<String>> lastChange(Flag flag) {
    return Future.succeededFuture(away.isPresent() ? Optional.empty() : who);
  }
}
