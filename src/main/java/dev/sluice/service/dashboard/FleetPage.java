package dev.sluice.service.dashboard;

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
   * @param rollouts newest first
   * @param user whose session it is, if sessions are used
   */
  public static String html(List<RolloutSummary> rollouts, Instant now, Optional<String> user) {
    List<RolloutSummary> live = rollouts.stream().filter(r -> !r.ended()).toList();
    List<RolloutSummary> ended =
        rollouts.stream()
            .filter(RolloutSummary::ended)
            .sorted(Comparator.comparing(RolloutSummary::updatedAt).reversed())
            .toList();
    Tag main =
        Tag.of("main", "fleet")
            .with("data-live", "yes")
            .with("data-now", now.toString())
            .add(
                Tag.of("h1")
                    .with("role", "status")
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

  private static Tag card(RolloutSummary rollout, Instant now) {
    return Tag.of("a", "card " + Tone.of(rollout.state(), false))
        .with("href", "/rollouts/" + rollout.id())
        .add(Tag.of("span", "percent").text(Figures.percent(rollout.percent())))
        .add(
            Tag.of("span", "say")
                .add(Tag.of("strong").text(rollout.plan()))
                .add(Tag.of("span", "sentence").text(rollout.sentence())))
        .add(Tag.of("span", "muted").add(Page.relative(rollout.updatedAt(), now)));
  }
}
