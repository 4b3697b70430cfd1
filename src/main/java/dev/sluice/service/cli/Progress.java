package dev.sluice.service.cli;

import java.io.PrintWriter;

/** A line on a terminal that says how far a long command has come. Nothing where nobody watches. */
final class Progress {
  private static final int WIDTH = 78;

  private final PrintWriter to;
  private final boolean watched;
  private final String things;
  private int done;

  Progress(PrintWriter to, boolean watched, String things) {
    this.to = to;
    this.watched = watched;
    this.things = things;
  }

  /** One more is done. */
  void show(int of) {
    done++;
    line(done + " of " + of + " " + things);
  }

  void line(String text) {
    if (watched) {
      to.print("\r" + Terminal.column(text, WIDTH));
      to.flush();
    }
  }

  /** Makes room for a line that stays. */
  void clear() {
    if (watched) {
      to.print("\r" + " ".repeat(WIDTH) + "\r");
      to.flush();
    }
  }
}
