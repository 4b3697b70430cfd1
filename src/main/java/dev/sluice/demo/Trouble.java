package dev.sluice.demo;

/** The demonstration cannot go on; the message tells people what, where and what to do. */
public final class Trouble extends RuntimeException {
  private static final long serialVersionUID = 1L;

  Trouble(String message) {
    super(message);
  }
}
