package dev.sluice.service.dashboard;

import java.util.Optional;

/** Pages that are little more than a sentence. */
public final class PlainPages {
  private PlainPages() {}

  /**
   * Asks for a token.
   *
   * @param refused whether one was given that nobody knows
   */
  public static String signIn(boolean refused) {
    Tag form =
        Tag.of("form", "sign-in")
            .with("method", "post")
            .with("action", "/session")
            .add(Tag.of("label").with("for", "token").text("Your token"))
            .add(
                Tag.of("input")
                    .with("id", "token")
                    .with("name", "token")
                    .with("type", "password")
                    .with("autocomplete", "current-password")
                    .flag("required")
                    .flag("autofocus"))
            .add(Tag.of("button", "primary").text("Sign in"));
    Tag main = Tag.of("main", "plain").add(Tag.of("h1").text("Sign in"));
    if (refused) {
      main.add(Tag.of("p", "refusal").with("role", "alert").text("No such token."));
    }
    return Page.of("Sign in", main.add(form), Optional.empty());
  }

  /** Something went wrong, or is not there. */
  public static String problem(String title, String detail) {
    Tag main =
        Tag.of("main", "plain")
            .add(Tag.of("h1").text(title))
            .add(Tag.of("p").text(detail))
            .add(Tag.of("p").add(Tag.of("a").with("href", "/").text("All rollouts")));
    return Page.of(title, main, Optional.empty());
  }
}
