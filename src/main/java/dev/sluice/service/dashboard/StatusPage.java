package dev.sluice.service.dashboard;

import dev.sluice.service.http.view.Figures;
import dev.sluice.service.http.view.RolloutView;
import dev.sluice.service.http.view.RolloutView.ActionView;
import dev.sluice.service.http.view.RolloutView.ClockView;
import dev.sluice.service.http.view.Times;
import dev.sluice.service.http.view.Verb;
import dev.sluice.service.store.MessageState;
import dev.sluice.service.store.RolloutStore.Delivery;
import dev.sluice.service.store.RolloutStore.Message;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One rollout: a sentence, a number and a clock; then the steps, the metrics, and what happened.
 */
public final class StatusPage {
  private final RolloutView rollout;
  private final Chronicle past;
  private final List<Delivery> deliveries;
  private final Instant now;

  /**
   * @param deliveries newest first
   */
  public StatusPage(RolloutView rollout, Chronicle past, List<Delivery> deliveries, Instant now) {
    this.rollout = rollout;
    this.past = past;
    this.deliveries = deliveries;
    this.now = now;
  }

  /**
   * @param user whose session it is, if sessions are used
   */
  public String html(Optional<String> user) {
    Happened happened = new Happened(past.timeline(), deliveries, now);
    Tag main =
        Tag.of("main", "rollout")
            .with("data-live", rollout.ended() ? "no" : "yes")
            .with("data-id", rollout.id())
            .with("data-plan", rollout.plan())
            .with("data-version", Long.toString(rollout.version()))
            .with("data-now", now.toString())
            .add(top())
            .add(troubles())
            .add(actions())
            .add(new StepBar(rollout).section())
            .add(new Health(rollout, deliveries, now).section())
            .add(
                new Tiles(rollout.checks(), past.courses(), rollout.look().windowTo(), now)
                    .section())
            .add(footing())
            .add(happened.section())
            .add(happened.delivered())
            .add(facts())
            .add(reports());
    return Page.of(rollout.plan() + ": " + Figures.percent(shownPercent()), main, user);
  }

  private double shownPercent() {
    return rollout.exposure().applied();
  }

  /** The same as one file to keep: nothing can be done in it, and it loads nothing. */
  public String report() {
    Happened happened = new Happened(past.timeline(), deliveries, now);
    Tag main =
        Tag.of("main", "rollout")
            .add(top())
            .add(Tag.of("p", "small").text("As of " + Times.full(now) + "."))
            .add(new StepBar(rollout).section())
            .add(new Health(rollout, deliveries, now).section())
            .add(
                new Tiles(rollout.checks(), past.courses(), rollout.look().windowTo(), now)
                    .section())
            .add(footing())
            .add(happened.section())
            .add(happened.delivered())
            .add(facts());
    return Page.alone(rollout.plan() + ": " + rollout.sentence(), main);
  }

  private Tag top() {
    String tone = Tone.of(rollout.state(), rollout.blindSince().isPresent());
    return Tag.of("section", "top " + tone)
        .add(
            Tag.of("div", "number")
                .add(Tag.of("span", "big").text(Figures.percent(shownPercent())))
                .add(Tag.of("span", "small").text("of users on the canary")))
        .add(
            Tag.of("div", "say")
                .add(
                    Tag.of("h1")
                        .add(Icon.of(tone))
                        .add(Tag.of("span").text(rollout.plan()))
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

  /** What the verdicts stand on besides the looks; what alarms first. */
  private Optional<Tag> footing() {
    if (rollout.footing().isEmpty()) {
      return Optional.empty();
    }
    Tag list = Tag.of("ul", "footing");
    rollout.footing().stream()
        .sorted(Comparator.comparing(f -> !f.alarmed()))
        .forEach(f -> list.add(Tag.of("li", f.alarmed() ? "alarmed" : "muted").text(f.sentence())));
    return Optional.of(list);
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

  /** To keep, or to show to somebody. */
  private Tag reports() {
    Tag line = Tag.of("p", "small").with("id", "reports").text("Report: ");
    for (String form : List.of("html", "md", "json")) {
      line.add(
          Tag.of("a")
              .with("href", "/api/v1/rollouts/" + rollout.id() + "/report?as=" + form)
              .with("download", rollout.id() + "." + form)
              .text(form));
      line.text(" ");
    }
    return line;
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
