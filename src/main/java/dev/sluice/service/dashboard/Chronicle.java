package dev.sluice.service.dashboard;

import dev.sluice.gates.look.Assessment;
import dev.sluice.gates.look.Check;
import dev.sluice.gates.plan.Metric;
import dev.sluice.gates.plan.Plan;
import dev.sluice.gates.rollout.Event;
import dev.sluice.service.dashboard.Timeline.Entry;
import dev.sluice.service.http.view.AnalysisView.PointView;
import dev.sluice.service.http.view.CheckView;
import dev.sluice.service.http.view.CourseView.ExposureAt;
import dev.sluice.service.http.view.Glimpse;
import dev.sluice.service.http.view.Thinned;
import dev.sluice.service.store.RolloutStore.Recorded;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The past of a rollout, as far as a page shows it: what happened, and the course of the looks.
 * Everything in it is bounded, however long the rollout lasts.
 *
 * @param version up to which events are told
 * @param happened the newest events but looks, oldest first
 * @param turns the newest verdicts of guardrails that changed, oldest first
 * @param exposures what the flag system confirmed, oldest first
 * @param latest the latest look
 */
public record Chronicle(
    long version,
    List<Entry> happened,
    List<Entry> turns,
    List<ExposureAt> exposures,
    Thinned looks,
    Optional<Assessment> latest) {
  private static final int ENTRIES = 200;
  private static final int TURNS = 60;
  private static final int EXPOSURES = 100;

  public Chronicle {
    happened = newest(happened, ENTRIES);
    turns = newest(turns, TURNS);
    exposures = newest(exposures, EXPOSURES);
  }

  /** Before anything is read. */
  static Chronicle from(long version) {
    return new Chronicle(
        version, List.of(), List.of(), List.of(), Thinned.NOTHING, Optional.empty());
  }

  private static <T> List<T> newest(List<T> all, int most) {
    return List.copyOf(all.subList(Math.max(0, all.size() - most), all.size()));
  }

  /** What happened and which verdicts changed, newest first. */
  public List<Entry> timeline() {
    return Stream.concat(happened.stream(), turns.stream())
        .sorted(Comparator.comparingLong(Entry::version).reversed())
        .toList();
  }

  /** How each check went, by its id; a look without a comparison is left out. */
  public Map<String, List<PointView>> courses() {
    Map<String, List<PointView>> courses = new LinkedHashMap<>();
    for (Glimpse glimpse : looks.all()) {
      glimpse
          .points()
          .forEach(
              (id, p) -> {
                if (p.estimate().isPresent()) {
                  courses
                      .computeIfAbsent(id, i -> new ArrayList<>())
                      .add(
                          new PointView(
                              glimpse.at(), p.estimate(), p.intervalLow(), p.intervalHigh()));
                }
              });
    }
    return courses;
  }

  Chronicle plus(List<Recorded> events, Plan plan) {
    Writer writer = new Writer(this, plan);
    events.forEach(writer::write);
    return writer.done();
  }

  private static final class Writer {
    private final Plan plan;
    private final List<Entry> happened;
    private final List<Entry> turns;
    private final List<ExposureAt> exposures;
    private Thinned looks;
    private Optional<Assessment> latest;
    private long version;

    Writer(Chronicle before, Plan plan) {
      this.plan = plan;
      this.happened = new ArrayList<>(before.happened);
      this.turns = new ArrayList<>(before.turns);
      this.exposures = new ArrayList<>(before.exposures);
      this.looks = before.looks;
      this.latest = before.latest;
      this.version = before.version;
    }

    void write(Recorded recorded) {
      version = recorded.version();
      Event event = recorded.event();
      if (event instanceof Event.LookTaken look) {
        looked(look);
      } else {
        Timeline.entry(version, event)
            .map(entry -> Timeline.rests(event) ? entry.on(found()) : entry)
            .ifPresent(happened::add);
      }
      if (event instanceof Event.ExposureApplied applied) {
        exposures.add(new ExposureAt(applied.at(), applied.exposure().percent()));
      }
    }

    private List<CheckView> found() {
      return latest.map(look -> CheckView.of(look, plan)).orElse(List.of());
    }

    private void looked(Event.LookTaken look) {
      Map<String, Check> before =
          latest.stream()
              .flatMap(a -> a.checks().stream())
              .collect(Collectors.toMap(Check::id, Function.identity(), (a, b) -> a));
      for (Check now : look.assessment().checks()) {
        Check was = before.get(now.id());
        if (now.role() == Metric.Role.GUARDRAIL && was != null && was.verdict() != now.verdict()) {
          turns.add(Timeline.turned(version, look.at(), was, now));
        }
      }
      looks = looks.plus(Glimpse.of(look.look(), look.assessment()));
      latest = Optional.of(look.assessment());
    }

    Chronicle done() {
      return new Chronicle(version, happened, turns, exposures, looks, latest);
    }
  }
}
