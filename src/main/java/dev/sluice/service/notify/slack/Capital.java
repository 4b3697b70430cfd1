package dev.sluice.service.notify.slack;

import java.util.Locale;

/** The begin of a sentence. */
final class Capital {
  private Capital() {}

  static String first(String text) {
    return text.isEmpty()
        ? text
        : text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
  }
}
