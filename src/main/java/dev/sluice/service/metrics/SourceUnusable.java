package dev.sluice.service.metrics;

/** A metrics system cannot be used now. The message is a sentence with place and remedy. */
public final class SourceUnusable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public SourceUnusable(String message) {
    super(message);
  }
}
