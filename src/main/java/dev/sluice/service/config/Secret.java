package dev.sluice.service.config;

/**
 * Something nobody may read by accident: it never shows in logs, messages, errors or JSON.
 *
 * @param value the secret itself
 */
public record Secret(String value) {

  @Override
  public String toString() {
    return "(secret)";
  }
}
