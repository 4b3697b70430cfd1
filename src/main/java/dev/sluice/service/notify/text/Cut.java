package dev.sluice.service.notify.text;

/** Text made to fit. */
public final class Cut {
  private static final String ELLIPSIS = "…";
  private static final int ELLIPSIS_BYTES = 3;

  private Cut() {}

  /** At most this many UTF-16 units, with an ellipsis where something is missing. */
  public static String toLength(String text, int most) {
    if (text.length() <= most) {
      return text;
    }
    int end = most - ELLIPSIS.length();
    return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end)
        + ELLIPSIS;
  }

  /** At most this many bytes inside the quotes of a JSON string in UTF-8. */
  public static String toJsonBytes(String text, int most) {
    if (jsonBytes(text) <= most) {
      return text;
    }
    int bytes = 0;
    int end = 0;
    while (end < text.length()) {
      int point = text.codePointAt(end);
      bytes += jsonBytes(point);
      if (bytes > most - ELLIPSIS_BYTES) {
        break;
      }
      end += Character.charCount(point);
    }
    return text.substring(0, end) + ELLIPSIS;
  }

  /** Bytes of the text inside the quotes of a JSON string in UTF-8. */
  public static int jsonBytes(String text) {
    return text.codePoints().map(Cut::jsonBytes).sum();
  }

  private static int jsonBytes(int point) {
    if (point < 0x20) {
      return 6;
    } else if (point == '"' || point == '\\') {
      return 2;
    } else if (point < 0x80) {
      return 1;
    } else if (point < 0x800) {
      return 2;
    }
    return point < 0x10000 ? 3 : 4;
  }
}
