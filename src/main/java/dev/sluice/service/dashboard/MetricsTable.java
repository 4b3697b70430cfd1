package dev.sluice.service.dashboard;

import dev.sluice.service.http.view.CheckView;
import dev.sluice.service.http.view.Figures;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The checks of the latest look, the most urgent first, each with its numbers and its drawing. */
final class MetricsTable {
  private final List<CheckView> checks;
  private final Optional<Instant> dataTo;
  private final Instant now;

  /**
   * @param dataTo where the data ends
   */
  MetricsTable(List<CheckView> checks, Optional<Instant> dataTo, Instant now) {
    this.checks = checks;
    this.dataTo = dataTo;
    this.now = now;
  }

  Tag section() {
    Tag section = Tag.of("section").add(Tag.of("h2").text("Metrics"));
    if (checks.isEmpty()) {
      return section.add(Tag.of("p", "muted").text("No look was taken yet."));
    }
    Tag body = Tag.of("tbody");
    checks.stream().sorted(CheckView.BY_URGENCY).forEach(c -> body.add(metric(c)));
    Tag head = Tag.of("tr");
    Stream.of("Metric", "Verdict", "Canary against baseline", "Canary", "Baseline", "Samples")
        .forEach(name -> head.add(Tag.of("th").with("scope", "col").text(name)));
    return section.add(
        Tag.of("table", "metrics").add(caption()).add(Tag.of("thead").add(head)).add(body));
  }

  private Tag caption() {
    Tag caption = Tag.of("caption").text("The most urgent first.");
    dataTo.ifPresent(to -> caption.text(" The data ends ").add(Page.relative(to, now)).text("."));
    return caption;
  }

  private static Tag metric(CheckView check) {
    Figures figures = new Figures(check);
    Tag effect = Tag.of("td", "effect");
    Optional<Tag> drawing = Drawing.of(check);
    if (drawing.isPresent()) {
      effect
          .add(drawing)
          .add(
              Tag.of("span", "numbers")
                  .add(Tag.of("strong").text(figures.estimate()))
                  .text(check.limit() ? "" : " " + figures.interval())
                  .add(Tag.of("span", "muted").text(" accepted " + figures.accepted())));
    } else {
      effect.text(check.sentence());
    }
    String baseline = check.baseline().map(b -> figures.value(b.value())).orElse("");
    return Tag.of("tr", check.verdict() + (check.waived() ? " waived" : ""))
        .add(
            Tag.of("th")
                .with("scope", "row")
                .text(check.name())
                .add(Tag.of("span", "role").text(role(check))))
        .add(cell("verdict", check.words()))
        .add(effect)
        .add(labelled("Canary", figures.value(check.canary().value())))
        .add(labelled("Baseline", baseline))
        .add(labelled("Samples", samples(check)));
  }

  private static String role(CheckView check) {
    String tier = check.tier().filter(t -> t.equals("uncalibrated")).map(t -> ", " + t).orElse("");
    return check.role() + tier;
  }

  private static String samples(CheckView check) {
    String canary = Figures.count(check.canary().samples());
    return check.baseline().map(b -> canary + " / " + Figures.count(b.samples())).orElse(canary);
  }

  private static Tag cell(String css, String text) {
    return Tag.of("td", css).add(Tag.of("span").text(text));
  }

  private static Tag labelled(String label, String text) {
    return Tag.of("td", "figure").with("data-label", label).text(text);
  }
}
