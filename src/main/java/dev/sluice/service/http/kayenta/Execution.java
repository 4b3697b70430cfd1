package dev.sluice.service.http.kayenta;

import dev.sluice.gates.rollout.RolloutId;
import dev.sluice.service.http.Problems;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a client of Kayenta calls an execution, with all that its result depends on: nothing else
 * has to be remembered, and the same start has the same id.
 *
 * @param step whose gate decides; absent: the whole rollout
 */
record Execution(RolloutId rollout, Optional<String> step, Thresholds thresholds) {
  private static final Pattern TEXT =
      Pattern.compile(
          "([a-zA-Z0-9][-a-zA-Z0-9_]{0,127})~([-a-zA-Z0-9_.]{0,100})~([0-9.]{1,12})~([0-9.]{1,12})");

  /** Fails with a refusal where the text is none of ours. */
  static Execution parse(String text) {
    Matcher parts = TEXT.matcher(text);
    if (!parts.matches()) {
      throw Problems.unknownRollout(text.length() > 200 ? text.substring(0, 200) : text).refusal();
    }
    try {
      return new Execution(
          new RolloutId(parts.group(1)),
          Optional.of(parts.group(2)).filter(s -> !s.isEmpty()),
          new Thresholds(Double.parseDouble(parts.group(3)), Double.parseDouble(parts.group(4))));
    } catch (NumberFormatException e) {
      throw Problems.unknownRollout(text).refusal();
    }
  }

  String text() {
    return rollout
        + "~"
        + step.orElse("")
        + "~"
        + Thresholds.text(thresholds.pass())
        + "~"
        + Thresholds.text(thresholds.marginal());
  }
}
