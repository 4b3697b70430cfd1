package dev.sluice.service.dashboard;

import dev.sluice.service.http.view.Times;
import java.time.Instant;
import java.util.Optional;

/** What every page has around it. */
final class Page {
  private Page() {}

  /**
   * @param user whose session it is; absent without tokens, where there is nobody to sign out
   */
  static String of(String title, Tag main, Optional<String> user) {
    Tag html =
        Tag.of("html")
            .with("lang", "en")
            .add(head(title))
            .add(Tag.of("body").add(header(user)).add(stalled()).add(main));
    return inHead(
        html.toString(),
        "<script type=\"importmap\">"
            + Assets.IMPORT_MAP
            + "</script>"
            + script("uplot.js").flag("defer")
            + script("page.js").with("type", "module"));
  }

  private static Tag script(String name) {
    return Tag.of("script").with("src", Assets.address(name));
  }

  /** A page that is a file of its own, with its looks inside. */
  static String alone(String title, Tag main) {
    Tag html =
        Tag.of("html")
            .with("lang", "en")
            .add(described(title))
            .add(Tag.of("body").add(Tag.of("header", "top").add(brand())).add(main));
    return inHead(html.toString(), "<style>" + Assets.text("page.css") + "</style>");
  }

  /** Inserted as it is: it is ours, and no text of people. */
  private static String inHead(String html, String what) {
    int end = html.indexOf("</head>");
    return "<!DOCTYPE html>\n" + html.substring(0, end) + what + html.substring(end) + "\n";
  }

  private static Tag brand() {
    return Tag.of("span", "brand").text("Sluice");
  }

  private static Tag described(String title) {
    return Tag.of("head")
        .add(Tag.of("meta").with("charset", "utf-8"))
        .add(
            Tag.of("meta")
                .with("name", "viewport")
                .with("content", "width=device-width, initial-scale=1"))
        .add(Tag.of("meta").with("name", "color-scheme").with("content", "light dark"))
        .add(Tag.of("title").text(title + " · Sluice"));
  }

  private static Tag head(String title) {
    return described(title)
        .add(Tag.of("link").with("rel", "icon").with("href", Assets.address("icon.svg")))
        .add(style("uplot.css"))
        .add(style("page.css"));
  }

  private static Tag style(String name) {
    return Tag.of("link").with("rel", "stylesheet").with("href", Assets.address(name));
  }

  private static Tag header(Optional<String> user) {
    Tag header =
        Tag.of("header", "top")
            .add(Tag.of("a", "brand").with("href", "/").text("Sluice"))
            .add(Tag.of("a", "all").with("href", "/").text("All rollouts"));
    return header.add(user.map(Page::signOut));
  }

  private static Tag signOut(String name) {
    return Tag.of("form", "who")
        .with("method", "post")
        .with("action", "/session/end")
        .add(Tag.of("span").text(name))
        .add(Tag.of("button", "quiet").text("Sign out"));
  }

  /** Filled by the script when the server falls silent. */
  private static Tag stalled() {
    return Tag.of("p", "stalled").with("id", "stalled").with("role", "alert").flag("hidden");
  }

  /** An instant that the script keeps up to date; without it the words are as of the page. */
  static Tag relative(Instant instant, Instant now) {
    return Tag.of("time", "relative")
        .with("datetime", instant.toString())
        .with("title", Times.full(instant))
        .text(Times.relative(instant, now));
  }

  static Tag absolute(Instant instant, Instant now) {
    return Tag.of("time")
        .with("datetime", instant.toString())
        .with("title", Times.full(instant))
        .text(Times.clock(instant, now));
  }
}
