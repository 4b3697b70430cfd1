package dev.sluice.service.dashboard;

import dev.sluice.service.dashboard.Timeline.Entry;
import dev.sluice.service.http.view.Figures;
import dev.sluice.service.http.view.RolloutView;
import dev.sluice.service.http.view.RolloutView.ActionView;
import dev.sluice.service.http.view.RolloutView.ClockView;
import dev.sluice.service.http.view.RolloutView.StepView;
import dev.sluice.service.http.view.Times;
import dev.sluice.service.http.view.Verb;
import dev.sluice.service.store.MessageState;
import dev.sluice.service.store.RolloutStore.Delivery;
import dev.sluice.service.store.RolloutStore.Message;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One rollout: a sentence, a number and a clock; then the steps, the metrics, and what happened.
 */
public final class StatusPage {
  private final RolloutView rollout;
  private final List<Entry> timeline;
  private final List<Delivery> deliveries;
  private final Instant now;

  /**
   * @param timeline newest first
   * @param deliveries newest first
   */
  public StatusPage(
      RolloutView rollout, List<Entry> timeline, List<Delivery> deliveries, Instant now) {
    this.rollout = rollout;
    this.timeline = timeline;
    this.deliveries = deliveries;
    this.now = now;
  }

  /**
   * @param user whose session it is, if sessions are used
   */
  public String html(Optional<String> user) {
    Tag main =
        Tag.of("main", "rollout")
            .with("data-live", rollout.ended() ? "no" : "yes")
            .with("data-id", rollout.id())
            .with("data-version", Long.toString(rollout.version()))
            .with("data-now", now.toString())
            .add(top())
            .add(actions())
            .add(steps())
            .add(troubles())
            .add(new MetricsTable(rollout.checks(), rollout.look().windowTo(), now).section())
            .add(history())
            .add(delivered())
            .add(facts());
    return Page.of(rollout.plan() + ": " + Figures.percent(shownPercent()), main, user);
  }

  private double shownPercent() {
    return rollout.exposure().applied();
  }

  private Tag top() {
    return Tag.of("section", "top " + Tone.of(rollout.state(), rollout.blindSince().isPresent()))
        .add(
            Tag.of("div", "number")
                .add(Tag.of("span", "big").text(Figures.percent(shownPercent())))
                .add(Tag.of("span", "small").text("of users on the canary"))
                .add(split()))
        .add(
            Tag.of("div", "say")
                .add(
                    Tag.of("h1")
                        .text(rollout.plan())
                        .add(rollout.dryRun() ? Optional.of(dryRun()) : Optional.empty()))
                .add(Tag.of("p", "sentence").with("role", "status").text(rollout.sentence())))
        .add(rollout.clock().map(this::clock));
  }

  private Tag clock(ClockView clock) {
    return Tag.of("p", "clock")
        .add(Tag.of("strong").add(Page.relative(clock.at(), now)))
        .add(Tag.of("span").text(clock.label()))
        .add(Tag.of("span").add(Page.absolute(clock.at(), now)));
  }

  private static Tag dryRun() {
    return Tag.of("span", "chip").text("dry run: nothing is moved");
  }

  /** Said only where the three numbers do not agree. */
  private Optional<Tag> split() {
    double desired = rollout.exposure().desired();
    boolean moving = Math.abs(desired - shownPercent()) > 1e-9;
    String text = moving ? Figures.percent(desired) + " wanted" : "";
    if (rollout.exposure().observed().isPresent() && !rollout.ended()) {
      text +=
          (text.isEmpty() ? "" : ", ")
              + Figures.percent(rollout.exposure().observed().getAsDouble())
              + " seen in the traffic";
    }
    return text.isEmpty() ? Optional.empty() : Optional.of(Tag.of("span", "small").text(text));
  }

  private Optional<Tag> actions() {
    if (rollout.ended()) {
      return Optional.empty();
    }
    Tag row = Tag.of("section", "actions").with("aria-label", "What can be done now");
    for (Verb verb : Verb.values()) {
      rollout.actions().stream()
          .filter(a -> a.name().equals(verb.word()))
          .findFirst()
          .ifPresent(a -> row.add(action(verb, a)));
    }
    String command = "sluice run rollback " + rollout.id();
    return Optional.of(
        row.add(
            Tag.of("noscript")
                .add(
                    Tag.of("p", "small")
                        .text("The buttons need scripts. The same from a terminal: ")
                        .add(Tag.of("code").text(command)))));
  }

  private Tag action(Verb verb, ActionView action) {
    String why = action.why().orElse("");
    String id = "why-" + action.name();
    Tag button =
        Tag.of("button", verb == Verb.ROLLBACK ? "danger" : "plain")
            .with("type", "button")
            .with("id", "do-" + action.name())
            .with("data-verb", action.name())
            .with("data-reason", action.reasonNeeded() ? "needed" : "free")
            .with("aria-describedby", id)
            .text(verb.label());
    if (!action.allowed()) {
      button.flag("disabled");
    }
    return Tag.of("div", "action").add(button).add(Tag.of("span", "why").with("id", id).text(why));
  }

  private Tag steps() {
    Tag list = Tag.of("ol", "steps");
    rollout.steps().forEach(step -> list.add(step(step)));
    return Tag.of("section").with("aria-label", "Steps").add(list);
  }

  private Tag step(StepView step) {
    boolean present = step.place().equals("now") || step.place().equals("stopped");
    Tag item = Tag.of("li", step.place());
    if (step.place().equals("now")) {
      item.with("aria-current", "step");
    }
    item.add(Tag.of("span", "percent").text(headline(step)))
        .add(Tag.of("span", "name").text(step.id()))
        .add(Tag.of("span", "place").text(step.place()));
    return present ? item.add(dwell(step)) : item.add(least(step));
  }

  private static String headline(StepView step) {
    return switch (step.kind()) {
      case "approve" -> "go?";
      case "retain" -> "keep";
      default -> Figures.percent(step.percent());
    };
  }

  private Tag dwell(StepView step) {
    double served = rollout.step().dwellSeconds();
    double least = rollout.step().atLeastSeconds();
    if (step.kind().equals("retain")) {
      return least(step);
    }
    return Tag.of("span", "dwell")
        .add(
            Tag.of("progress")
                .with("max", Double.toString(Math.max(1, least)))
                .with("value", Double.toString(Math.min(served, Math.max(1, least))))
                .with("aria-label", "observed time"))
        .text(Times.words(served) + " of " + Times.words(least) + " observed");
  }

  private static Tag least(StepView step) {
    return Tag.of("span", "dwell")
        .text(step.atLeastSeconds() > 0 ? "at least " + Times.words(step.atLeastSeconds()) : "");
  }

  private Tag troubles() {
    Tag box = Tag.of("div", "troubles").with("role", "status");
    rollout.traffic().ifPresent(t -> box.add(Tag.of("p").text(t.sentence())));
    return box.add(deliveries.stream().filter(StatusPage::disobeyed).map(StatusPage::disobedience))
        .add(rollout.look().nextDueAt().map(this::overdue));
  }

  /** A flag command that was tried and did not arrive: users are where they should not be. */
  private static boolean disobeyed(Delivery delivery) {
    return delivery.kind() == Message.Kind.FLAG
        && !delivery.lastDetail().isEmpty()
        && (delivery.state().equals(MessageState.PENDING.word())
            || delivery.state().equals(MessageState.GIVEN_UP.word()));
  }

  private static Tag disobedience(Delivery delivery) {
    String tried = delivery.attempts() == 1 ? "one attempt" : delivery.attempts() + " attempts";
    String end = delivery.state().equals(MessageState.GIVEN_UP.word()) ? " Given up." : "";
    return Tag.of("p")
        .text(
            delivery.target()
                + " has not obeyed after "
                + tried
                + ": "
                + delivery.lastDetail()
                + end);
  }

  /** Shown when nobody looks any more; the script shows it too, should that happen later. */
  private Tag overdue(Instant due) {
    Instant late = due.plus(Duration.ofMillis(Math.round(rollout.look().everySeconds() * 1000)));
    Tag line =
        Tag.of("p")
            .with("data-late", late.toString())
            .text("The next look is overdue: it could be taken at " + Times.full(due) + ".");
    return now.isAfter(late) ? line : line.flag("hidden");
  }

  private Tag history() {
    Tag list = Tag.of("ol", "timeline");
    timeline.forEach(
        e ->
            list.add(
                Tag.of("li", e.kind())
                    .add(Page.absolute(e.at(), now))
                    .add(Tag.of("strong").text(e.what()))
                    .add(Tag.of("span").text(e.detail()))));
    Tag section = Tag.of("section").add(Tag.of("h2").text("What happened"));
    return timeline.isEmpty()
        ? section.add(Tag.of("p", "muted").text("Nothing yet."))
        : section.add(list);
  }

  private Optional<Tag> delivered() {
    if (deliveries.isEmpty()) {
      return Optional.empty();
    }
    long open = deliveries.stream().filter(d -> !d.state().equals("delivered")).count();
    Tag list = Tag.of("ul", "deliveries");
    deliveries.forEach(
        d ->
            list.add(
                Tag.of("li", d.state())
                    .add(Tag.of("strong").text(d.target()))
                    .add(Tag.of("span").text(state(d)))
                    .add(Tag.of("code").text(d.messageId()))
                    .add(Page.absolute(d.updatedAt(), now))
                    .add(Tag.of("span", "muted").text(d.lastDetail()))));
    return Optional.of(
        Tag.of("details")
            .with("id", "deliveries")
            .add(
                Tag.of("summary")
                    .text(
                        "Messages: "
                            + deliveries.size()
                            + (open == 0 ? ", all delivered" : ", " + open + " not delivered")))
            .add(list));
  }

  private static String state(Delivery delivery) {
    return delivery.state()
        + (delivery.attempts() > 1 ? " after " + delivery.attempts() + " attempts" : "");
  }

  private Tag facts() {
    Tag list = Tag.of("dl", "facts");
    fact(list, "Rollout", Tag.of("code").text(rollout.id()));
    fact(
        list,
        "Plan revision",
        Tag.of("code")
            .text(rollout.planHash().substring(0, Math.min(12, rollout.planHash().length()))));
    fact(
        list,
        "Started",
        Tag.of("span")
            .add(Page.relative(rollout.startedAt(), now))
            .text(" by " + rollout.startedBy().name()));
    rollout
        .look()
        .windowTo()
        .ifPresent(
            to ->
                fact(
                    list,
                    "Latest data",
                    Tag.of("span")
                        .text("look " + rollout.look().number() + ", ended ")
                        .add(Page.relative(to, now))));
    rollout.look().nextDueAt().ifPresent(at -> fact(list, "Next look", Page.relative(at, now)));
    if (!rollout.owner().isEmpty()) {
      fact(list, "Owner", Tag.of("span").text(rollout.owner()));
    }
    for (Map.Entry<String, String> link : rollout.links().entrySet()) {
      fact(list, link.getKey(), link(link.getValue()));
    }
    return Tag.of("section").with("aria-label", "Facts").add(list);
  }

  private static void fact(Tag list, String name, Tag value) {
    list.add(Tag.of("div").add(Tag.of("dt").text(name)).add(Tag.of("dd").add(value)));
  }

  /** A plan is written by people: only web addresses become links, "javascript:" stays text. */
  static Tag link(String target) {
    boolean web = target.startsWith("https://") || target.startsWith("http://");
    return web
        ? Tag.of("a").with("href", target).with("rel", "noopener noreferrer").text(target)
        : Tag.of("span").text(target);
  }
}
