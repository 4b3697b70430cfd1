package dev.sluice.service.imports;

/** The text holds nothing that could become a plan; the message says what was looked for. */
public final class ImportException extends Exception {
  private static final long serialVersionUID = 1L;

  ImportException(String message) {
    super(message);
  }
}
