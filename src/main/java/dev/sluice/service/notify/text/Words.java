package dev.sluice.service.notify.text;

import dev.sluice.gates.rollout.Decision;
import java.util.Locale;

/** The names that machines read, spelled as in a plan. */
public final class Words {
  private Words() {}

  /** "retentionEnding" for RETENTION_ENDING. */
  public static String camel(Enum<?> constant) {
    StringBuilder word = new StringBuilder();
    for (String part : constant.name().toLowerCase(Locale.ROOT).split("_", -1)) {
      word.append(
          word.isEmpty()
              ? part
              : part.substring(0, 1).toUpperCase(Locale.ROOT) + part.substring(1));
    }
    return word.toString();
  }

  /** "rollback" is one word, as the plan's key is. */
  public static String of(Decision.Kind kind) {
    return switch (kind) {
      case PROMOTE -> "promote";
      case HOLD -> "hold";
      case ROLL_BACK -> "rollback";
    };
  }
}
