package dev.sluice.service.plan.yaml;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** What an unquoted value means: the core schema of YAML 1.2 (section 10.3.2). */
final class Scalars {
  private static final Set<String> NOTHING = Set.of("", "~", "null", "Null", "NULL");
  private static final Set<String> TRUE = Set.of("true", "True", "TRUE");
  private static final Set<String> FALSE = Set.of("false", "False", "FALSE");
  private static final Set<String> WORDS_OF_1_1 = Set.of("yes", "no", "on", "off");
  private static final Pattern WHOLE = Pattern.compile("[-+]?[0-9]+");
  private static final Pattern NUMBER =
      Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");
  private static final Pattern OCTAL_OF_1_1 = Pattern.compile("[-+]?0[0-9]+");

  private Scalars() {}

  static Node resolve(String value, Place place, String pointer, Problems problems) {
    if (NOTHING.contains(value)) {
      return new Node.Nothing(place);
    }
    if (TRUE.contains(value) || FALSE.contains(value)) {
      return new Node.Flag(TRUE.contains(value), place);
    }
    if (ambiguous(value)) {
      problems.add(
          pointer,
          place,
          "some readers of YAML take '" + value + "' for true or false, others for text",
          "write true or false, or put the text in quotes");
      return new Node.Text(value, place);
    }
    return NUMBER.matcher(value).matches()
        ? number(value, place, pointer, problems)
        : new Node.Text(value, place);
  }

  /** Whether YAML 1.1 reads a truth value where 1.2 reads text. */
  static boolean ambiguous(String value) {
    return value.length() <= 3 && WORDS_OF_1_1.contains(value.toLowerCase(Locale.ROOT));
  }

  private static Node number(String value, Place place, String pointer, Problems problems) {
    double number = Double.parseDouble(value);
    if (OCTAL_OF_1_1.matcher(value).matches()) {
      problems.add(
          pointer,
          place,
          "some readers of YAML take '" + value + "' for an octal number",
          "write it without the leading 0, or in quotes where it is text");
    } else if (Double.isInfinite(number)) {
      problems.add(pointer, place, "this number is too large");
    }
    return new Node.Numeric(Double.isInfinite(number) ? 0 : number, value, place);
  }

  /** Whether a number was written without a point or an exponent. */
  static boolean whole(Node.Numeric number) {
    return WHOLE.matcher(number.written()).matches() && Math.abs(number.value()) < 1e15;
  }
}
