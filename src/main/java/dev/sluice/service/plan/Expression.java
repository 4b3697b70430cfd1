package dev.sluice.service.plan;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * A free PromQL expression, of which only this is known: brackets and quotes are closed, and which
 * variables stand where.
 *
 * @param quoted names after a '$' inside of quotes
 * @param bare names after a '$' outside of quotes
 */
record Expression(Set<String> quoted, Set<String> bare) {
  private static final String COHORT = "cohort";

  static Expression read(String text) throws PromQl.Fault {
    PromQl in = new PromQl(text);
    Deque<Character> open = new ArrayDeque<>();
    Set<String> quoted = new LinkedHashSet<>();
    Set<String> bare = new LinkedHashSet<>();
    boolean cohort = false;
    for (in.skipSpace(); !in.done(); in.skipSpace()) {
      if (in.atQuote()) {
        quoted.addAll(variablesIn(in.string()));
        continue;
      }
      char c = in.next();
      switch (c) {
        case '(' -> open.push(')');
        case '[' -> open.push(']');
        case '{' -> open.push('}');
        case ')', ']', '}' -> close(open, c);
        case '$' -> {
          String name = variable(in);
          boolean among = Character.valueOf('}').equals(open.peek());
          if (name.equals(COHORT) && !among) {
            throw new PromQl.Fault(
                "$cohort stands outside of braces", "it is for matchers: name{$cohort}");
          }
          cohort |= name.equals(COHORT);
          bare.add(name);
        }
        default -> {}
      }
    }
    if (!open.isEmpty()) {
      throw new PromQl.Fault("a '" + open.peek() + "' is missing at the end", "close what is open");
    }
    if (!cohort) {
      throw new PromQl.Fault(
          "$cohort is missing among the matchers",
          "write name{$cohort}: it stands for the matchers of canary or baseline");
    }
    return new Expression(quoted, bare);
  }

  private static void close(Deque<Character> open, char c) throws PromQl.Fault {
    if (open.isEmpty() || open.pop() != c) {
      throw new PromQl.Fault("a '" + c + "' closes what was not opened", "check the brackets");
    }
  }

  private static String variable(PromQl in) throws PromQl.Fault {
    if (in.peek() == '{') {
      in.next();
      throw new PromQl.Fault(
          "'${" + in.name(false) + "}' is not how variables are written", "write $cohort");
    }
    String name = in.name(false);
    if (name.isEmpty()) {
      throw new PromQl.Fault("a name is missing behind '$'", "write $cohort or $window");
    }
    return name;
  }

  /** Variables inside of a string; a '$' at the end of a regular expression is none. */
  static Set<String> variablesIn(String value) throws PromQl.Fault {
    Set<String> names = new LinkedHashSet<>();
    for (int at = value.indexOf('$'); at >= 0; at = value.indexOf('$', at + 1)) {
      String name = new PromQl(value.substring(at + 1)).name(false);
      if (name.equals(COHORT)) {
        throw new PromQl.Fault(
            "$cohort stands inside of quotes", "it is for matchers: name{$cohort}");
      }
      if (!name.isEmpty()) {
        names.add(name);
      }
    }
    return names;
  }
}
