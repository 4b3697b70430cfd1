package dev.sluice.service.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;

/**
 * Label matchers in braces.
 *
 * @param cohort how often $cohort stands among them
 */
record Matchers(List<Label> labels, int cohort) {
  static final String COHORT = "$cohort";

  /** What RE2 does not know and Java does: look-around and references. */
  private static final Pattern NOT_RE2 = Pattern.compile("\\(\\?<?[=!]|\\\\[1-9]");

  /** Java compiles expressions recursively. */
  private static final int LONGEST_EXPRESSION = 1000;

  Matchers {
    labels = List.copyOf(labels);
  }

  /**
   * @param operator one of = != =~ !~
   */
  record Label(String name, String operator, String value) {
    /** Whether it lets every series through. */
    boolean idle() {
      return operator.equals("=~") && value.equals(".*");
    }

    @Override
    public String toString() {
      boolean plain = name.chars().allMatch(c -> c == '_' || Character.isLetterOrDigit(c));
      return (plain ? name : PromQl.quoted(name)) + operator + PromQl.quoted(value);
    }
  }

  /** "service="checkout",version="v2"": without braces. */
  String normal() {
    return labels.stream().map(Label::toString).collect(Collectors.joining(","));
  }

  /** Reads matchers; the reader stands on the brace. */
  static Matchers read(PromQl in) throws PromQl.Fault {
    in.accept("{");
    List<Label> labels = new ArrayList<>();
    int cohort = 0;
    in.skipSpace();
    while (!in.accept("}")) {
      if (in.peek() == '$') {
        variable(in);
        cohort++;
      } else {
        labels.add(label(in));
      }
      in.skipSpace();
      if (!in.accept(",") && in.peek() != '}') {
        throw new PromQl.Fault(
            in.done()
                ? "a '}' is missing at the end"
                : "a ',' is missing before '" + in.rest() + "'",
            "matchers look like {service=\"checkout\",version=~\"v2.*\"}");
      }
      in.skipSpace();
    }
    contradiction(labels);
    return new Matchers(labels, cohort);
  }

  private static void variable(PromQl in) throws PromQl.Fault {
    in.next();
    boolean braced = in.accept("{");
    String name = in.name(false);
    if (braced || !name.equals("cohort")) {
      throw new PromQl.Fault(
          "'$" + (braced ? "{" + name + "}" : name) + "' cannot stand among the matchers",
          "write $cohort for the cohort's matchers; other variables stand inside of quotes");
    }
  }

  private static Label label(PromQl in) throws PromQl.Fault {
    String name = in.atQuote() ? in.string() : in.name(false);
    if (name.isEmpty()) {
      throw new PromQl.Fault(
          "the name of a label is expected before '" + in.rest() + "'",
          "matchers look like {service=\"checkout\",version=~\"v2.*\"}");
    }
    in.skipSpace();
    String operator = operator(in, name);
    in.skipSpace();
    if (!in.atQuote()) {
      String value = in.name(true);
      throw new PromQl.Fault(
          "the value of '" + name + "' is not in quotes",
          "write " + name + operator + "\"" + (value.isEmpty() ? "..." : value) + "\"");
    }
    Label label = new Label(name, operator, in.string());
    if (operator.endsWith("~")) {
      expression(label);
    }
    return label;
  }

  private static String operator(PromQl in, String name) throws PromQl.Fault {
    for (String operator : List.of("=~", "!~", "!=", "=")) {
      if (in.accept(operator) && in.peek() != '=') {
        return operator;
      }
    }
    throw new PromQl.Fault("after '" + name + "' an operator is expected", "one of = != =~ !~");
  }

  private static void expression(Label label) throws PromQl.Fault {
    String value = label.value();
    if (value.length() > LONGEST_EXPRESSION) {
      throw new PromQl.Fault(
          "the regular expression of '" + label.name() + "' is too long",
          "at most " + LONGEST_EXPRESSION + " characters");
    }
    if (NOT_RE2.matcher(value).find()) {
      throw new PromQl.Fault(
          "the regular expression of '" + label.name() + "' uses what Prometheus does not know",
          "no look-around and no references to groups");
    }
    try {
      Pattern.compile(value.replace("(?P<", "(?<"));
    } catch (PatternSyntaxException e) {
      throw new PromQl.Fault(
          "the regular expression of '" + label.name() + "' is broken: " + e.getDescription(),
          "escape with two backslashes what is meant as it stands");
    }
  }

  /** Two values for one label select nothing, for ever. */
  private static void contradiction(List<Label> labels) throws PromQl.Fault {
    Map<String, String> values = new HashMap<>();
    for (Label label : labels) {
      if (label.operator().equals("=")) {
        String other = values.putIfAbsent(label.name(), label.value());
        if (other != null && !other.equals(label.value())) {
          throw new PromQl.Fault(
              "'"
                  + label.name()
                  + "' cannot be "
                  + PromQl.quoted(other)
                  + " and "
                  + PromQl.quoted(label.value())
                  + " at once",
              "take one of them out");
        }
      }
    }
  }
}
