package dev.sluice.service.metrics.prometheus;

import dev.sluice.analyzer.Observed;
import dev.sluice.analyzer.Sample;
import dev.sluice.gates.look.ByPod;
import dev.sluice.gates.look.Observations;
import dev.sluice.gates.look.Observations.Asked;
import dev.sluice.gates.look.Observations.Traffic;
import dev.sluice.gates.look.Question;
import dev.sluice.gates.look.Remark;
import dev.sluice.gates.look.Window;
import dev.sluice.gates.plan.Cohort;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * One look, from question to observations.
 *
 * <p>All queries go out at once. Only what their answers leave open takes further rounds: native
 * histograms where there are no classic ones; samples further back for series that begin within the
 * window; the targets' own word on whether they are new. A query that is needed twice is sent once.
 */
final class Survey {
  private final Question question;
  private final Reach reach;
  private final Asker asker;
  private final Parts parts;
  private final Map<Query, Future<Reply>> asked = new HashMap<>();
  private final List<CounterReading> natively = new ArrayList<>();
  private final Map<ScopeKey, BirthScope> scopes = new LinkedHashMap<>();

  private record ScopeKey(Cohort cohort, Window window) {}

  Survey(Question question, Asker asker, Reach reach, Voice voice) {
    this.question = question;
    this.reach = reach;
    this.asker = query -> asked.computeIfAbsent(query, asker::ask);
    this.parts = Parts.of(question, reach, voice);
  }

  Future<Observations> observe() {
    return fetchAll()
        .compose(v -> fetchNatively())
        .compose(v -> fetchEarlier())
        .compose(v -> fetchSignsOfLife())
        .compose(v -> askTargets())
        .map(v -> observations());
  }

  private Stream<CounterReading> counters() {
    return Stream.concat(
        parts.all().flatMap(p -> p.wanted().counters().stream()).distinct(), natively.stream());
  }

  private Future<?> fetchAll() {
    List<Future<?>> all = new ArrayList<>();
    counters().forEach(c -> all.add(c.fetch(asker)));
    parts
        .all()
        .flatMap(p -> p.wanted().scalar().stream())
        .forEach(scalar -> all.add(scalar.fetch(asker)));
    return Future.all(all);
  }

  private Future<?> fetchNatively() {
    parts.all().forEach(p -> natively.addAll(p.wanted().further()));
    return Future.all(natively.stream().map(n -> n.fetch(asker)).toList());
  }

  private Future<?> fetchEarlier() {
    counters().forEach(c -> c.slices().forEach(s -> scope(c.cohort(), s).add(s)));
    List<Future<?>> all = new ArrayList<>();
    slices().filter(CounterSlice::hasNewcomers).forEach(s -> all.add(s.fetchEarlier(asker)));
    parts
        .all()
        .flatMap(p -> p.wanted().required().stream())
        .distinct()
        .filter(CounterReading::nothing)
        .forEach(c -> all.add(c.diagnose(asker)));
    return Future.all(all);
  }

  private BirthScope scope(Cohort cohort, CounterSlice slice) {
    return scopes.computeIfAbsent(
        new ScopeKey(cohort, slice.window()), k -> new BirthScope(slice.window(), reach));
  }

  private Stream<CounterSlice> slices() {
    return scopes.values().stream().flatMap(s -> s.slices().stream());
  }

  /**
   * Right after an outage or a start of the metrics system, everything it knows of before counts.
   */
  private Future<?> fetchSignsOfLife() {
    Set<Window> unsure = new HashSet<>();
    scopes.forEach(
        (key, scope) -> {
          if (scope.unsure(watch(key.window()))) {
            unsure.add(key.window());
          }
        });
    return Future.all(
        slices()
            .filter(s -> unsure.contains(s.window()) && !s.hasNewcomers())
            .map(s -> s.fetchEarlier(asker))
            .toList());
  }

  private Stream<CounterSlice> slicesOf(Window window) {
    return slices().filter(s -> s.window().equals(window));
  }

  private Watch watch(Window window) {
    return Watch.of(slicesOf(window).toList());
  }

  private Future<?> askTargets() {
    return Future.all(scopes.values().stream().map(s -> s.askTargets(asker)).toList());
  }

  private Observations observations() {
    scopes.forEach((key, scope) -> scope.begin(watch(key.window())));
    Map<String, Observed> metrics = new LinkedHashMap<>();
    for (Question.OfMetric of : question.metrics()) {
      Got<? extends Sample> canary = parts.metric(of.metric().id(), of.canary()).sample();
      Optional<Got<? extends Sample>> baseline =
          of.baseline().map(b -> parts.metric(of.metric().id(), b).sample());
      metrics.put(of.metric().id(), Sides.observed(of.metric(), canary, baseline));
    }
    return new Observations(question.window(), metrics, traffic(), evidence(), pods(), remarks());
  }

  private List<Remark> remarks() {
    return parts
        .all()
        .map(Parts.Part::cohort)
        .distinct()
        .flatMap(cohort -> oddities(cohort).remarks().stream())
        .toList();
  }

  private Oddities oddities(Cohort cohort) {
    return new Oddities(
        cohort.name(),
        parts
            .all()
            .filter(p -> p.cohort().equals(cohort))
            .flatMap(p -> p.wanted().rising().stream())
            .distinct(),
        reach);
  }

  private Map<String, List<ByPod>> pods() {
    Map<String, List<ByPod>> pods = new LinkedHashMap<>();
    for (Question.OfMetric of : question.metrics()) {
      of.baseline()
          .flatMap(
              b ->
                  PodSplit.of(
                      parts.metric(of.metric().id(), b),
                      parts.metric(of.metric().id(), of.canary()),
                      question))
          .ifPresent(split -> pods.put(of.metric().id(), split));
    }
    return pods;
  }

  private Traffic traffic() {
    if (question.exposure().isEmpty()) {
      return new Traffic.NotAsked();
    }
    Question.OfExposure exposure = question.exposure().get();
    return Sides.traffic(parts.exposure(exposure.canary()), exposure.rest().map(parts::exposure));
  }

  private List<Asked> evidence() {
    return parts
        .all()
        .flatMap(
            p ->
                p.wanted().exchanges().stream()
                    .map(
                        e ->
                            new Asked(
                                p.metricId(),
                                p.cohort().name(),
                                e.query().promql(),
                                e.query().time().toString(),
                                e.reply().outcome())))
        .toList();
  }
}
