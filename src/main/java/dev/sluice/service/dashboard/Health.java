package dev.sluice.service.dashboard;

import dev.sluice.service.http.view.Figures;
import dev.sluice.service.http.view.RolloutView;
import dev.sluice.service.store.MessageState;
import dev.sluice.service.store.RolloutStore.Delivery;
import java.time.Instant;
import java.util.List;

/** Whether what the page says can be believed: traffic, data, flag, messages, the way back. */
final class Health {
  private final RolloutView rollout;
  private final List<Delivery> deliveries;
  private final Instant now;

  Health(RolloutView rollout, List<Delivery> deliveries, Instant now) {
    this.rollout = rollout;
    this.deliveries = deliveries;
    this.now = now;
  }

  Tag section() {
    Tag list =
        Tag.of("ul", "health").add(data()).add(traffic()).add(flag()).add(messages()).add(back());
    return Tag.of("section").with("aria-label", "Health").add(list);
  }

  private static Tag item(String tone, String name, Tag text) {
    return Tag.of("li", tone).add(Icon.of(tone)).add(Tag.of("strong").text(name)).add(text);
  }

  private static Tag item(String tone, String name, String text) {
    return item(tone, name, Tag.of("span").text(text));
  }

  private Tag data() {
    if (rollout.blindSince().isPresent()) {
      return item(
          "bad",
          "Data",
          Tag.of("span")
              .text("the metrics system is silent since ")
              .add(Page.relative(rollout.blindSince().get(), now)));
    }
    return rollout
        .look()
        .windowTo()
        .map(
            to ->
                item(
                    "good",
                    "Data",
                    Tag.of("span")
                        .text("look " + rollout.look().number() + " ended ")
                        .add(Page.relative(to, now))))
        .orElseGet(() -> item("calm", "Data", "no look yet"));
  }

  private Tag traffic() {
    if (rollout.traffic().isPresent()) {
      return item("bad", "Traffic", rollout.traffic().get().sentence());
    }
    return rollout.exposure().observed().isPresent()
        ? item(
            "good",
            "Traffic",
            Figures.percent(rollout.exposure().observed().getAsDouble()) + " on the canary")
        : item("calm", "Traffic", "the split is not watched");
  }

  private Tag flag() {
    if (rollout.drift().isPresent()) {
      return item(
          "bad",
          "Flag",
          "somebody else moved it to " + Figures.percent(rollout.drift().get().seen()));
    }
    double desired = rollout.exposure().desired();
    double applied = rollout.exposure().applied();
    return Math.abs(desired - applied) < 1e-9
        ? item("good", "Flag", "at " + Figures.percent(applied) + " as wanted")
        : item(
            "hold",
            "Flag",
            "at " + Figures.percent(applied) + ", asked for " + Figures.percent(desired));
  }

  private Tag messages() {
    long open = deliveries.stream().filter(d -> !arrived(d)).count();
    return open == 0
        ? item("good", "Messages", deliveries.isEmpty() ? "none yet" : "all delivered")
        : item("hold", "Messages", open + " of " + deliveries.size() + " not delivered");
  }

  static boolean arrived(Delivery delivery) {
    return delivery.state().equals(MessageState.DELIVERED.word())
        || delivery.state().equals(MessageState.SUPERSEDED.word());
  }

  private Tag back() {
    if (rollout.ended()) {
      return item("calm", "Way back", "the rollout has ended");
    }
    return rollout.rollbackReady()
        ? item("good", "Way back", "the old system is ready")
        : item("bad", "Way back", "the old system is NOT ready");
  }
}
