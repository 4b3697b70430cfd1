package dev.sluice.service.metrics.prometheus;

import dev.sluice.gates.plan.Cohort;
import dev.sluice.service.metrics.prometheus.PromqlToken.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * A query of a plan with its variables filled in.
 *
 * <ul>
 *   <li>{@code $cohort}, in braces: the cohort's label matchers, with the commas put right on both
 *       sides. Anywhere else it is refused: matchers in quotes would match nothing, silently.
 *   <li>{@code $window}: the length of the look as a PromQL duration.
 *   <li>{@code $name}, in quotes: the cohort's variable as text, escaped for that kind of quotes.
 *       Outside of quotes only what cannot change the meaning of the query around it: a name, a
 *       number or a duration.
 * </ul>
 *
 * An unknown variable is an error outside of quotes; within them it stays as it is, because {@code
 * label_replace} has dollars of its own.
 */
final class QueryTemplate {
  private static final String COHORT = "cohort";
  private static final String WINDOW = "window";
  private static final Pattern HARMLESS = Pattern.compile("-?[A-Za-z0-9_:.]+");

  private final Cohort cohort;
  private final String window;
  private final List<PromqlToken> out = new ArrayList<>();
  private int braces;

  private QueryTemplate(Cohort cohort, Duration window) {
    this.cohort = cohort;
    this.window = duration(window);
  }

  static String fill(String template, Cohort cohort, Duration window) throws BadQuery {
    return new QueryTemplate(cohort, window).fill(PromqlToken.all(template));
  }

  /** A length of time as PromQL writes it. */
  static String duration(Duration length) {
    long millis = length.toMillis();
    return millis % 1000 == 0 ? millis / 1000 + "s" : millis + "ms";
  }

  /** Text between double quotes, safe whatever it holds. */
  static String quoted(String text) {
    return '"' + escaped(text, '"') + '"';
  }

  private String fill(List<PromqlToken> tokens) throws BadQuery {
    for (int i = 0; i < tokens.size(); i++) {
      PromqlToken token = tokens.get(i);
      braces += token.is('{') ? 1 : token.is('}') ? -1 : 0;
      switch (token.kind()) {
        case STRING -> out.add(new PromqlToken(Kind.STRING, inString(token.text())));
        case VARIABLE -> {
          if (token.variable().equals(COHORT)) {
            i = matchers(tokens, i);
          } else {
            out.add(new PromqlToken(Kind.WORD, outside(token)));
          }
        }
        case WORD, BLANK, SIGN -> out.add(token);
      }
    }
    StringBuilder text = new StringBuilder();
    out.forEach(t -> text.append(t.text()));
    return text.toString();
  }

  /** Puts the matchers in; returns the index of the last token that was used up. */
  private int matchers(List<PromqlToken> tokens, int at) throws BadQuery {
    if (braces != 1) {
      throw new BadQuery(
          "$cohort stands for label matchers and belongs in braces, as in"
              + " http_requests_total{$cohort}");
    }
    String matchers = checkedMatchers();
    int following = at + 1;
    while (following < tokens.size() && tokens.get(following).kind() == Kind.BLANK) {
      following++;
    }
    boolean comma = following < tokens.size() && tokens.get(following).is(',');
    boolean close = following < tokens.size() && tokens.get(following).is('}');
    if (matchers.isEmpty()) {
      return comma ? following : at;
    }
    if (!precededBy('{') && !precededBy(',')) {
      out.add(new PromqlToken(Kind.SIGN, ","));
    }
    out.add(new PromqlToken(Kind.WORD, matchers));
    if (!comma && !close) {
      out.add(new PromqlToken(Kind.SIGN, ","));
    }
    return at;
  }

  private boolean precededBy(char sign) {
    for (int i = out.size() - 1; i >= 0; i--) {
      if (out.get(i).kind() != Kind.BLANK) {
        return out.get(i).is(sign);
      }
    }
    return false;
  }

  /** The plan's reader has checked them; a brace here would still let a query escape its cohort. */
  private String checkedMatchers() throws BadQuery {
    String matchers = cohort.matchers().strip();
    while (matchers.endsWith(",")) {
      matchers = matchers.substring(0, matchers.length() - 1).stripTrailing();
    }
    for (PromqlToken token : PromqlToken.all(matchers)) {
      boolean allowed =
          token.kind() != Kind.SIGN
              || token.is(',')
              || token.is('=')
              || token.is('~')
              || token.is('!');
      if (!allowed || token.text().startsWith("#")) {
        throw new BadQuery(
            "the selector of cohort '"
                + cohort.name()
                + "' may hold label matchers only, had "
                + token.text()
                + " in "
                + matchers);
      }
    }
    return matchers;
  }

  private String outside(PromqlToken token) throws BadQuery {
    String name = token.variable();
    if (name.equals(WINDOW)) {
      return window;
    }
    String value = cohort.vars().get(name);
    if (value == null) {
      throw new BadQuery("unknown variable $" + name + ", known are " + known());
    }
    if (!HARMLESS.matcher(value).matches()) {
      throw new BadQuery(
          "$"
              + name
              + " of cohort '"
              + cohort.name()
              + "' is neither a name nor a number; put it in quotes: \"$"
              + name
              + "\"");
    }
    return value;
  }

  private String inString(String literal) throws BadQuery {
    char quote = literal.charAt(0);
    StringBuilder filled = new StringBuilder();
    int at = 0;
    while (at < literal.length()) {
      int end = PromqlToken.endOfVariable(literal, at);
      if (end == at) {
        filled.append(literal.charAt(at++));
        continue;
      }
      String variable = literal.substring(at, end);
      filled.append(inString(new PromqlToken(Kind.VARIABLE, variable).variable(), variable, quote));
      at = end;
    }
    return filled.toString();
  }

  private String inString(String name, String asWritten, char quote) throws BadQuery {
    if (name.equals(COHORT)) {
      throw new BadQuery(
          "$cohort stands for label matchers and cannot be used in quotes; write {$cohort}, or use"
              + " a variable of the cohort");
    }
    if (name.equals(WINDOW)) {
      return window;
    }
    String value = cohort.vars().get(name);
    if (value == null) {
      return asWritten;
    }
    if (quote == '`' && value.indexOf('`') >= 0) {
      throw new BadQuery("$" + name + " holds a backtick and cannot be used between backticks");
    }
    return quote == '`' ? value : escaped(value, quote);
  }

  private static String escaped(String value, char quote) {
    StringBuilder escaped = new StringBuilder();
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '\n') {
        escaped.append("\\n");
        continue;
      }
      if (c == '\\' || c == quote) {
        escaped.append('\\');
      }
      escaped.append(c);
    }
    return escaped.toString();
  }

  private String known() {
    TreeSet<String> names = new TreeSet<>();
    names.add("$" + COHORT);
    names.add("$" + WINDOW);
    for (Map.Entry<String, String> v : cohort.vars().entrySet()) {
      names.add("$" + v.getKey());
    }
    return String.join(", ", names);
  }
}
