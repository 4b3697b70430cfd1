package dev.sluice.service.metrics.prometheus;

import dev.sluice.analyzer.Absence;

/** An answer that cannot be taken: the message says in which way, as the end of a sentence. */
final class Unreadable extends Exception {
  private static final long serialVersionUID = 1L;

  private final Absence why;

  Unreadable(Absence why, String message) {
    super(message);
    this.why = why;
  }

  Absence why() {
    return why;
  }
}
