package dev.sluice.gates.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.fail;

import dev.sluice.gates.look.Assessment;
import dev.sluice.gates.plan.Exposure;
import dev.sluice.gates.plan.Plan;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** A rollout on virtual time: commands go in, events and messages pile up. */
final class Journey {
  /** A Monday, eight in the morning. */
  static final Instant MONDAY = Instant.parse("2026-03-02T08:00:00Z");

  static final Actor ANNA = Actor.person("anna");

  private final Decider decider;
  private final Plan plan;
  private final List<Event> events = new ArrayList<>();
  private final List<Outgoing> outgoing = new ArrayList<>();
  private Rollout rollout;
  private Instant now;
  private boolean obedient = true;

  private Journey(Plan plan, Instant start, ZoneId zone) {
    this.plan = plan;
    this.decider = new Decider(zone);
    this.now = start;
    RolloutId id = new RolloutId(plan.name() + "-1");
    Outcome.Accepted begun =
        assertInstanceOf(
            Outcome.Accepted.class,
            decider.start(id, plan, ANNA, java.util.Optional.empty(), start));
    Event.Started started = assertInstanceOf(Event.Started.class, begun.events().getFirst());
    rollout = Evolution.begin(id, plan, started);
    events.add(started);
    outgoing.addAll(Announcements.of(started, rollout));
    happen(begun.events().subList(1, begun.events().size()));
  }

  static Journey of(Plan plan) {
    return of(plan, MONDAY);
  }

  static Journey of(Plan plan, Instant start) {
    return new Journey(plan, start, ZoneOffset.UTC);
  }

  /** From now on the flag system does nothing by itself. */
  Journey withAFlagSystemThatWaits() {
    obedient = false;
    return this;
  }

  Rollout rollout() {
    return rollout;
  }

  Stage stage() {
    return rollout.stage();
  }

  Instant now() {
    return now;
  }

  List<Event> events() {
    return events;
  }

  List<Outgoing> outgoing() {
    return outgoing;
  }

  Journey pass(Duration duration) {
    now = now.plus(duration);
    return this;
  }

  void goTo(Instant instant) {
    now = instant;
  }

  /** What the rollout answers; what was accepted has happened. */
  Outcome tell(Command command) {
    Outcome outcome = decider.decide(rollout, command, now);
    if (outcome instanceof Outcome.Accepted accepted) {
      happen(accepted.events());
    }
    return outcome;
  }

  /** A command that must be accepted. */
  Journey does(Command command) {
    if (tell(command) instanceof Outcome.Refused refused) {
      fail(command + " was refused: " + refused.rejection());
    }
    return this;
  }

  /** A command that must be refused; answers the sentence. */
  String refuses(Command command, Rejection.Code code) {
    Outcome.Refused refused = assertInstanceOf(Outcome.Refused.class, tell(command));
    assertEquals(code, refused.rejection().code(), refused.rejection().sentence());
    return refused.rejection().sentence();
  }

  private void happen(List<Event> more) {
    for (Event event : more) {
      rollout = Evolution.evolve(rollout, event);
      events.add(event);
      outgoing.addAll(Announcements.of(event, rollout));
    }
  }

  /** The flag system obeys the latest decision. */
  Journey confirm() {
    return does(new Command.ConfirmApplied(rollout.decisions()));
  }

  /** Lets time pass to the next look, with the flag system obeying before it, and takes it. */
  Journey look(Reading reading) {
    if (obedient && rollout.lastDecision().isPresent()) {
      confirm();
    }
    if (now.isBefore(rollout.nextLookDue())) {
      now = rollout.nextLookDue();
    }
    return ended() ? this : takeLook(reading.of(rollout));
  }

  Journey takeLook(Assessment assessment) {
    return does(new Command.TakeLook(rollout.looks() + 1, assessment));
  }

  Journey looks(int count, Reading reading) {
    for (int i = 0; i < count && !ended(); i++) {
      look(reading);
    }
    return this;
  }

  /** Takes such looks until the rollout is as expected. */
  Journey until(Predicate<Rollout> expected, Reading reading) {
    for (int i = 0; !expected.test(rollout); i++) {
      if (i > 20_000 || ended()) {
        fail("never came about; stands at " + rollout.stage());
      }
      look(reading);
    }
    return this;
  }

  /** To the end, with somebody who lets go of the old system as soon as it may go. */
  Journey finish(Reading reading) {
    until(r -> r.ended() || r.stage() instanceof Stage.RetireReady, reading);
    return ended() ? this : does(new Command.Retire(ANNA, ""));
  }

  Journey untilStep(String id, Reading reading) {
    return until(r -> r.step().id().equals(id), reading);
  }

  boolean ended() {
    return rollout.ended();
  }

  /** Where it would stand if nobody had paused it. */
  Stage beneath() {
    return Evolution.beneath(rollout.stage());
  }

  <E extends Event> List<E> all(Class<E> kind) {
    return events.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  <E extends Event> E last(Class<E> kind) {
    return all(kind).getLast();
  }

  List<Decision> decisions() {
    return all(Event.Decided.class).stream().map(Event.Decided::decision).toList();
  }

  /** Every exposure the flag system was told, in order. */
  List<Exposure> commanded() {
    return outgoing.stream()
        .filter(Outgoing.SetExposure.class::isInstance)
        .map(o -> ((Outgoing.SetExposure) o).decision().to())
        .toList();
  }

  List<String> headlines() {
    return outgoing.stream()
        .filter(Outgoing.Announce.class::isInstance)
        .map(o -> ((Outgoing.Announce) o).headline())
        .toList();
  }

  /** The state again, from nothing but the events. */
  Rollout folded() {
    Rollout folded = Evolution.begin(rollout.id(), plan, (Event.Started) events.getFirst());
    for (Event event : events.subList(1, events.size())) {
      folded = Evolution.evolve(folded, event);
    }
    return folded;
  }
}
