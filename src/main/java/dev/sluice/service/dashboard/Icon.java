package dev.sluice.service.dashboard;

/** The shape of a state, for who cannot tell its colours apart: a word always stands beside it. */
final class Icon {
  private Icon() {}

  static Tag of(String tone) {
    Tag svg = Tag.of("svg", "icon").with("viewBox", "0 0 24 24").with("aria-hidden", "true");
    return switch (tone) {
      case "good" -> svg.add(circle()).add(stroke("M7 12.5l3.5 3.5L17 8.5"));
      case "bad" -> svg.add(stroke("M12 3L22 20.5H2Z")).add(stroke("M12 9.5v5M12 17.4v.2"));
      case "hold" -> svg.add(circle()).add(stroke("M9.5 8v8M14.5 8v8"));
      default -> svg.add(circle()).add(stroke("M12 7v5l3.5 2"));
    };
  }

  private static Tag circle() {
    return Tag.of("circle").with("cx", "12").with("cy", "12").with("r", "9.5");
  }

  private static Tag stroke(String path) {
    return Tag.of("path").with("d", path);
  }
}
