package dev.sluice.service.metrics;

import dev.sluice.analyzer.Absence;
import dev.sluice.analyzer.Observed;
import dev.sluice.gates.look.Observations;
import dev.sluice.gates.look.Observations.Traffic;
import dev.sluice.gates.look.Question;
import dev.sluice.gates.look.Window;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/**
 * A metrics system that says what a test tells it to, as a function of the window: like a real one
 * it gives the same answer whenever it is asked.
 *
 * <pre>{@code
 * ScriptedMetricSource metrics = new ScriptedMetricSource()
 *     .metric("error-rate", window -> Observed.Seen.of(new Counts(1, 100), new Counts(9, 900)))
 *     .traffic(window -> new Traffic.Seen(100, 900));
 * metrics.lose("down for repair");   // every look is lost ...
 * metrics.find();                    // ... until now
 * metrics.hold();                    // answers wait ...
 * metrics.letGo();                   // ... until now
 * }</pre>
 *
 * A metric without a script has no series. Thread-safe.
 */
public final class ScriptedMetricSource implements MetricSource {
  private final Map<String, Function<Window, Observed>> metrics = new ConcurrentHashMap<>();
  private final List<Question> asked = new CopyOnWriteArrayList<>();
  private final List<Runnable> held = new ArrayList<>();
  private volatile Function<Window, Traffic> traffic =
      window -> new Traffic.Unknown(Absence.NO_SERIES, "no traffic was scripted");
  private volatile Optional<String> lost = Optional.empty();
  private volatile Optional<RuntimeException> broken = Optional.empty();
  private volatile Optional<InstantSource> clock = Optional.empty();
  private boolean holding;

  /** What is observed of one metric, whatever the cohorts. */
  public ScriptedMetricSource metric(String id, Function<Window, Observed> observed) {
    metrics.put(id, observed);
    return this;
  }

  /** How the traffic is split. */
  public ScriptedMetricSource traffic(Function<Window, Traffic> split) {
    traffic = split;
    return this;
  }

  /** From now on it cannot be reached: every metric is absent, and so is the look. */
  public ScriptedMetricSource lose(String detail) {
    lost = Optional.of(detail);
    return this;
  }

  /** It can be reached again. */
  public ScriptedMetricSource find() {
    lost = Optional.empty();
    return this;
  }

  /** A mistake of ours: futures fail. Absent: no longer. */
  public ScriptedMetricSource fail(Optional<RuntimeException> mistake) {
    broken = mistake;
    return this;
  }

  /** It has a clock, and knows nothing of what has not happened by it. */
  public ScriptedMetricSource clock(InstantSource source) {
    clock = Optional.of(source);
    return this;
  }

  @Override
  public Future<Optional<Instant>> time() {
    return Future.succeededFuture(clock.map(InstantSource::instant));
  }

  private boolean happened(Window window) {
    return clock.filter(c -> c.instant().isBefore(window.to())).isEmpty();
  }

  /** Answers wait until they are let go. */
  public synchronized ScriptedMetricSource hold() {
    holding = true;
    return this;
  }

  /** Gives the answers that wait, on the calling thread, and holds no more. */
  public void letGo() {
    List<Runnable> now;
    synchronized (this) {
      holding = false;
      now = List.copyOf(held);
      held.clear();
    }
    now.forEach(Runnable::run);
  }

  /** Every question so far, in order. */
  public List<Question> asked() {
    return List.copyOf(asked);
  }

  @Override
  public Future<Observations> ask(Question question) {
    asked.add(question);
    Promise<Observations> promise = Promise.promise();
    Runnable give =
        () -> broken.ifPresentOrElse(promise::fail, () -> promise.complete(observations(question)));
    synchronized (this) {
      if (holding) {
        held.add(give);
        return promise.future();
      }
    }
    give.run();
    return promise.future();
  }

  private Observations observations(Question question) {
    Map<String, Observed> observed = new LinkedHashMap<>();
    for (Question.OfMetric of : question.metrics()) {
      String id = of.metric().id();
      observed.put(
          id, lost.map(ScriptedMetricSource::unreachable).orElseGet(() -> one(id, question)));
    }
    return new Observations(question.window(), observed, split(question), List.of());
  }

  private static Observed unreachable(String detail) {
    return new Observed.Absent(Absence.UNREACHABLE, detail);
  }

  private Observed one(String id, Question question) {
    if (!happened(question.window())) {
      return new Observed.Absent(Absence.NO_SERIES, "'" + id + "' has no samples yet.");
    }
    return metrics
        .getOrDefault(
            id, w -> new Observed.Absent(Absence.NO_SERIES, "'" + id + "' was not scripted."))
        .apply(question.window());
  }

  private Traffic split(Question question) {
    if (question.exposure().isEmpty()) {
      return new Traffic.NotAsked();
    }
    return lost.<Traffic>map(detail -> new Traffic.Unknown(Absence.UNREACHABLE, detail))
        .orElseGet(() -> traffic.apply(question.window()));
  }

  @Override
  public Future<Void> probe() {
    return lost.<Future<Void>>map(detail -> Future.failedFuture(new SourceUnusable(detail)))
        .orElseGet(Future::succeededFuture);
  }
}
