package dev.sluice.service.notify.slack;

import dev.sluice.service.notify.text.Cut;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.regex.Pattern;

/** Slack's own markup. Everything that is not ours is escaped: a title cannot call the channel. */
final class Mrkdwn {
  private static final DateTimeFormatter UTC =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}+");

  private static final int LONGEST_NAME = 50;

  private Mrkdwn() {}

  /** On one line, and as text only. */
  static String escaped(String text) {
    return CONTROL
        .matcher(text)
        .replaceAll(" ")
        .strip()
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;");
  }

  /** Escaped, and not longer than this after it. */
  static String fitted(String text, int most) {
    String whole = escaped(text);
    if (whole.length() <= most) {
      return whole;
    }
    String cut = Cut.toLength(whole, most);
    int escape = cut.lastIndexOf('&');
    boolean torn = escape >= 0 && cut.indexOf(';', escape) < 0;
    return torn ? cut.substring(0, escape) + "…" : cut;
  }

  /** Shown in the reader's own time zone. */
  static String time(Instant at) {
    return "<!date^" + at.getEpochSecond() + "^{date_short_pretty} {time}|" + UTC.format(at) + ">";
  }

  static String utc(Instant at) {
    return UTC.format(at);
  }

  /** A link; what is no web address is shown as it is. */
  static String link(String name, String address) {
    if (!address.matches("https?://\\S+")) {
      return escaped(name + ": " + address);
    }
    String url = address.replace("|", "%7C").replace("<", "%3C").replace(">", "%3E");
    return "<" + url.replace("&", "&amp;") + "|" + escaped(name.replace("|", "/")) + ">";
  }

  /**
   * Somebody to call. Slack rings only for its own ids: a user (U...), a user group (S...), or the
   * words here, channel and everyone; other names are shown and ring nobody.
   */
  static String mention(String who) {
    String name = who.startsWith("@") ? who.substring(1) : who;
    if (name.matches("[UW][A-Z0-9]{5,20}")) {
      return "<@" + name + ">";
    }
    if (name.matches("S[A-Z0-9]{5,20}")) {
      return "<!subteam^" + name + ">";
    }
    return switch (name) {
      case "here", "channel", "everyone" -> "<!" + name + ">";
      default -> fitted("@" + name, LONGEST_NAME);
    };
  }
}
