package dev.sluice.service.http;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * Where a page of a list ended. Opaque to clients: what is in it may change, and a cursor of one
 * list is none of another.
 *
 * <p>It names the last thing that was shown and not a position, so that nothing is shown twice or
 * left out when something new comes in between two pages.
 */
final class Cursor {
  private static final int LONGEST = 1024;

  private final String list;

  /**
   * @param list the name of the list
   */
  Cursor(String list) {
    this.list = list;
  }

  /** The cursor behind the thing with this key. */
  String behind(String key) {
    byte[] plain = (list + " " + key).getBytes(StandardCharsets.UTF_8);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(plain);
  }

  /** The key in the request's {@code after}; absent on the first page. */
  Optional<String> asked(Call call) {
    return call.query("after").map(this::key);
  }

  private String key(String cursor) {
    return plain(cursor)
        .filter(text -> text.startsWith(list + " "))
        .map(text -> text.substring(list.length() + 1))
        .orElseThrow(
            () -> Call.bad("'after' must be the 'next' of an earlier page of the same list."));
  }

  private static Optional<String> plain(String cursor) {
    if (cursor.length() > LONGEST) {
      return Optional.empty();
    }
    try {
      byte[] plain = Base64.getUrlDecoder().decode(cursor);
      return Optional.of(new String(plain, StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** The same list from there on, as the header Link names it. */
  static String link(Call call, String next, int limit) {
    return "<"
        + call.context().request().path()
        + "?after="
        + next
        + "&limit="
        + limit
        + ">; rel=\"next\"";
  }
}
