package dev.sluice.service.plan;

import java.util.Optional;

/**
 * One mistake in a text that somebody wrote, with its place and the remedy.
 *
 * @param pointer JSON pointer of the value: "/spec/steps/1/percent"; empty for the whole document
 * @param line from 1; 0 where the place is not known
 * @param column from 1; 0 where the place is not known
 * @param message what is wrong, in one sentence without a full stop
 * @param hint what to do about it: "did you mean 'onDrift'?"
 */
public record Problem(String pointer, int line, int column, String message, Optional<String> hint) {

  /** "plan.yaml:12:7: unknown field 'onDrfit' (did you mean 'onDrift'?)". */
  public String at(String file) {
    String place = line > 0 ? file + ":" + line + ":" + column : file;
    return place + ": " + message + hint.map(h -> " (" + h + ")").orElse("");
  }
}
