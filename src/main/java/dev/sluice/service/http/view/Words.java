package dev.sluice.service.http.view;

import dev.sluice.gates.rollout.Stage;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Names of the domain as they are written in JSON: the words of the plan format, in camelCase. */
public final class Words {
  private Words() {}

  /** NO_DATA is "noData". */
  public static String of(Enum<?> constant) {
    String[] parts = constant.name().toLowerCase(Locale.ROOT).split("_", -1);
    StringBuilder word = new StringBuilder(parts[0]);
    for (String part : Arrays.asList(parts).subList(1, parts.length)) {
      word.append(part.substring(0, 1).toUpperCase(Locale.ROOT)).append(part.substring(1));
    }
    return word.toString();
  }

  /** "awaitingApproval": the same name as in the stored events. */
  public static String state(Stage stage) {
    return lower(stage.getClass());
  }

  /** Every state a rollout can be in, in the order of its life. */
  public static List<String> states() {
    return Arrays.stream(Stage.class.getPermittedSubclasses()).map(Words::lower).toList();
  }

  private static String lower(Class<?> type) {
    String name = type.getSimpleName();
    return name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1);
  }
}
