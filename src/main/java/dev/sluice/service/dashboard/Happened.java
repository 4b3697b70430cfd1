package dev.sluice.service.dashboard;

import dev.sluice.service.dashboard.Timeline.Entry;
import dev.sluice.service.http.view.CheckView;
import dev.sluice.service.http.view.Figures;
import dev.sluice.service.store.RolloutStore.Delivery;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What happened, each with an address of its own and the evidence it stood on; and the messages.
 */
final class Happened {
  private final List<Entry> timeline;
  private final List<Delivery> deliveries;
  private final Instant now;

  /**
   * @param timeline newest first
   * @param deliveries newest first
   */
  Happened(List<Entry> timeline, List<Delivery> deliveries, Instant now) {
    this.timeline = timeline;
    this.deliveries = deliveries;
    this.now = now;
  }

  Tag section() {
    Tag list = Tag.of("ol", "timeline");
    timeline.forEach(e -> list.add(entry(e)));
    Tag section = Tag.of("section").with("id", "happened").add(Tag.of("h2").text("What happened"));
    return timeline.isEmpty()
        ? section.add(Tag.of("p", "muted").text("Nothing yet."))
        : section.add(list);
  }

  private Tag entry(Entry entry) {
    String id = "event-" + entry.version() + (entry.kind().endsWith("turn") ? suffix(entry) : "");
    return Tag.of("li", entry.kind())
        .with("id", id)
        .add(Tag.of("a", "when").with("href", "#" + id).add(Page.absolute(entry.at(), now)))
        .add(Tag.of("strong").text(entry.what()))
        .add(Tag.of("span").text(entry.detail()))
        .add(evidence(entry));
  }

  /** Several verdicts may change at one look. */
  private static String suffix(Entry entry) {
    return "-" + Integer.toHexString(entry.what().hashCode());
  }

  private static Optional<Tag> evidence(Entry entry) {
    if (entry.evidence().isEmpty()) {
      return Optional.empty();
    }
    Tag body = Tag.of("tbody");
    entry.evidence().stream().sorted(CheckView.BY_URGENCY).forEach(c -> body.add(row(c)));
    Tag head = Tag.of("tr");
    Stream.of("Metric", "Verdict", "Estimate", "Interval", "Accepted", "Canary", "Baseline")
        .forEach(name -> head.add(Tag.of("th").with("scope", "col").text(name)));
    return Optional.of(
        Tag.of("details", "evidence")
            .with("id", "evidence-" + entry.version())
            .add(Tag.of("summary").text("What it stood on"))
            .add(
                Tag.of("div", "wide")
                    .with("tabindex", "0")
                    .with("role", "group")
                    .with("aria-label", "What it stood on")
                    .add(Tag.of("table").add(Tag.of("thead").add(head)).add(body))));
  }

  private static Tag row(CheckView check) {
    Figures figures = new Figures(check);
    return Tag.of("tr", check.verdict())
        .add(Tag.of("th").with("scope", "row").text(check.name()))
        .add(Tag.of("td").add(Tag.of("span", "verdict").text(check.words())))
        .add(cell(check.estimate().isPresent() ? figures.estimate() : check.sentence()))
        .add(cell(check.limit() ? "" : figures.interval()))
        .add(cell(figures.accepted()))
        .add(cell(sample(figures, check.canary())))
        .add(cell(check.baseline().map(b -> sample(figures, b)).orElse("")));
  }

  private static Tag cell(String text) {
    return Tag.of("td").text(text);
  }

  private static String sample(Figures figures, CheckView.CohortView cohort) {
    return figures.value(cohort.value()) + " of " + Figures.count(cohort.samples());
  }

  Optional<Tag> delivered() {
    if (deliveries.isEmpty()) {
      return Optional.empty();
    }
    long open = deliveries.stream().filter(d -> !Health.arrived(d)).count();
    Tag list = Tag.of("ul", "deliveries");
    deliveries.forEach(d -> list.add(delivery(d)));
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

  private Tag delivery(Delivery delivery) {
    String state =
        delivery.state()
            + (delivery.attempts() > 1 ? " after " + delivery.attempts() + " attempts" : "");
    return Tag.of("li", delivery.state())
        .add(Tag.of("strong").text(delivery.target()))
        .add(Tag.of("span").text(state))
        .add(Tag.of("code").text(delivery.messageId()))
        .add(Page.absolute(delivery.updatedAt(), now))
        .add(Tag.of("span", "muted").text(delivery.lastDetail()));
  }
}
