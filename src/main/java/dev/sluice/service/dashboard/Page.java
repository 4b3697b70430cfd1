package dev.sluice.service.dashboard;

import dev.sluice.service.http.view.Times;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Objects;
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
            .add(Tag.of("body").add(header(user)).add(stalled()).add(main).add(dialog()));
    return "<!DOCTYPE html>\n" + html + "\n";
  }

  /** A page that is a file of its own, with its looks inside. */
  static String alone(String title, Tag main) {
    Tag html =
        Tag.of("html")
            .with("lang", "en")
            .add(described(title))
            .add(Tag.of("body").add(Tag.of("header", "top").add(brand())).add(main));
    String text = html.toString();
    int style = text.indexOf("</head>");
    return "<!DOCTYPE html>\n"
        + text.substring(0, style)
        + "<style>"
        + stylesheet()
        + "</style>"
        + text.substring(style)
        + "\n";
  }

  /** Ours, and not text of people: it goes into the file as it is. */
  private static String stylesheet() {
    try (InputStream css = Page.class.getResourceAsStream("/webroot/page.css")) {
      return new String(Objects.requireNonNull(css).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the style of pages", e);
    }
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
        .add(Tag.of("link").with("rel", "icon").with("href", "/assets/icon.svg"))
        .add(Tag.of("link").with("rel", "stylesheet").with("href", "/assets/page.css"))
        .add(Tag.of("script").with("type", "module").with("src", "/assets/page.js"));
  }

  private static Tag header(Optional<String> user) {
    Tag header = Tag.of("header", "top").add(Tag.of("a", "brand").with("href", "/").text("Sluice"));
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

  private static Tag dialog() {
    return Tag.of("dialog")
        .with("id", "act")
        .with("aria-labelledby", "act-title")
        .add(
            Tag.of("form")
                .with("method", "dialog")
                .add(Tag.of("h2").with("id", "act-title"))
                .add(Tag.of("p").with("id", "act-why"))
                .add(Tag.of("label").with("for", "act-reason").text("Reason, for the record"))
                .add(
                    Tag.of("textarea")
                        .with("id", "act-reason")
                        .with("rows", "3")
                        .with("maxlength", "2000"))
                .add(Tag.of("p", "refusal").with("id", "act-refusal").with("role", "alert"))
                .add(
                    Tag.of("div", "buttons")
                        .add(Tag.of("button", "primary").with("id", "act-go"))
                        .add(
                            Tag.of("button", "quiet")
                                .with("id", "act-cancel")
                                .with("type", "button")
                                .text("Cancel"))));
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
