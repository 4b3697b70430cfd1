package dev.sluice.service.cli;

/** The stable exit codes of all commands. */
public final class ExitCode {
  /** The gate is open; it worked. */
  public static final int OPEN = 0;

  /** A regression. */
  public static final int REGRESSION = 1;

  /** Wrong usage, or an invalid plan or configuration. */
  public static final int INVALID = 2;

  /** Inconclusive, or not yet. */
  public static final int INCONCLUSIVE = 3;

  /** No data, or a system that is needed cannot be reached. */
  public static final int CANNOT_TELL = 4;

  /** Refused: no right, no approval, or stale. */
  public static final int REFUSED = 5;

  private ExitCode() {}
}
