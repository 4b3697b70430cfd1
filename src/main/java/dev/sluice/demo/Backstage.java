package dev.sluice.demo;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Everything that must be gone at the end, in the order in which it has to go: the last thing that
 * was set up goes first. Ends once, whoever asks first: the end of the play, a failure, or Ctrl-C
 * in the middle of setting up.
 */
final class Backstage implements AutoCloseable {
  private final Deque<AutoCloseable> things = new ArrayDeque<>();
  private boolean closing;

  /** Keeps it until the end; when the end has come already, it goes at once. */
  synchronized <T extends AutoCloseable> T keep(T thing) {
    things.push(thing);
    if (closing) {
      clear();
      throw new Trouble("Stopped.");
    }
    return thing;
  }

  @Override
  public synchronized void close() {
    closing = true;
    clear();
  }

  private void clear() {
    while (!things.isEmpty()) {
      try {
        things.pop().close();
      } catch (Exception e) {
        // One thing that cannot be ended must not keep the others alive.
        System.err.println("While clearing up: " + e);
      }
    }
  }
}
