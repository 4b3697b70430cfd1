package dev.sluice.service.dashboard;

import dev.sluice.gates.rollout.Rollout;
import dev.sluice.service.http.view.CheckView;
import dev.sluice.service.http.view.Figures;
import dev.sluice.service.http.view.RolloutSummary;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** All rollouts: the running ones first, each with its sentence. */
public final class FleetPage {
  private FleetPage() {}

  /**
   * @param worst the check of the latest look that needs eyes first; absent before the first look
   */
  public record Running(RolloutSummary summary, Optional<CheckView> worst) {
    public static Running of(Rollout rollout) {
      return new Running(
          RolloutSummary.of(rollout),
          rollout
              .lastAssessment()
              .flatMap(
                  look -> CheckView.of(look, rollout.plan()).stream().min(CheckView.BY_URGENCY)));
    }
  }

  /**
   * @param rollouts newest first
   * @param user whose session it is, if sessions are used
   */
  public static String html(List<Running> rollouts, Instant now, Optional<String> user) {
    List<Running> live = rollouts.stream().filter(r -> !r.summary().ended()).toList();
    List<Running> ended =
        rollouts.stream()
            .filter(r -> r.summary().ended())
            .sorted(Comparator.comparing((Running r) -> r.summary().updatedAt()).reversed())
            .toList();
    Tag main =
        Tag.of("main", "fleet")
            .with("data-live", "yes")
            .with("data-now", now.toString())
            .add(
                Tag.of("h1")
                    .with("aria-live", "polite")
                    .text(live.isEmpty() ? "No rollout is running" : running(live.size())))
            .add(live.stream().map(r -> card(r, now)));
    if (rollouts.isEmpty()) {
      main.add(
          Tag.of("p", "muted")
              .text("Hand in a plan and start it: ")
              .add(Tag.of("code").text("sluice run start plan.yaml")));
    }
    if (!ended.isEmpty()) {
      main.add(Tag.of("h2").text("Ended")).add(ended.stream().map(r -> card(r, now)));
    }
    return Page.of("Rollouts", main, user);
  }

  private static String running(int number) {
    return number == 1 ? "One rollout is running" : number + " rollouts are running";
  }

  private static Tag card(Running running, Instant now) {
    RolloutSummary rollout = running.summary();
    String tone = Tone.of(rollout.state(), false);
    return Tag.of("a", "card " + tone)
        .with("href", "/rollouts/" + rollout.id())
        .add(Tag.of("span", "percent").text(Figures.percent(rollout.percent())))
        .add(
            Tag.of("span", "say")
                .add(Tag.of("strong").add(Icon.of(tone)).add(Tag.of("span").text(rollout.plan())))
                .add(Tag.of("span", "sentence").text(rollout.sentence())))
        .add(
            running
                .worst()
                .filter(w -> !rollout.ended())
                .map(FleetPage::worst)
                .orElseGet(() -> Tag.of("span")))
        .add(Tag.of("span", "when muted").add(Page.relative(rollout.updatedAt(), now)));
  }

  private static Tag worst(CheckView check) {
    return Tag.of("span", "worst " + check.verdict())
        .add(
            Tag.of("span", "small")
                .text(check.name() + ": ")
                .add(Tag.of("strong").text(check.words())))
        .add(Drawing.of(check));
  }
}
