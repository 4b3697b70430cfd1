package dev.sluice.service.metrics.prometheus;

/** What came of one query. */
sealed interface Reply {
  record Answered(Answer answer) implements Reply {}

  record Failed(Trouble trouble) implements Reply {}

  /** "ok" or the name of the absence, as the evidence shows it. */
  default String outcome() {
    return switch (this) {
      case Answered a -> "ok";
      case Failed f -> f.trouble().why().name();
    };
  }
}
