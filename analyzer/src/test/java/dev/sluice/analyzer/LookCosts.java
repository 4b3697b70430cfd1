package dev.sluice.analyzer;

import com.sun.management.ThreadMXBean;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;

/**
 * What one look costs in processor time and in bytes, as a table. JMH measures by the clock on the
 * wall, which other work on the machine stretches; this counts only the time in which the looks
 * themselves ran. Each figure is the best of several rounds.
 */
public final class LookCosts {
  private static final List<String> KINDS =
      List.of(
          "counts", "countsLimit", "histogram12", "histogram40", "histogram200", "mean", "value");
  private static final List<Integer> HISTORIES = List.of(10, 1000, 10_000);
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static final int INVOCATIONS = 60;

  private LookCosts() {}

  /** Arguments: rounds per figure, 40 if nothing is said, and the kinds of metric if not all. */
  public static void main(String[] arguments) {
    int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 40;
    List<String> kinds =
        List.of(arguments).subList(Math.min(1, arguments.length), arguments.length);
    print(System.out, rounds, kinds.isEmpty() ? KINDS : kinds);
  }

  static void print(PrintStream out, int rounds, List<String> kinds) {
    out.println(
        "| metric | history | evidence, us | evidence and finding, us | bytes | numbers kept |");
    out.println("|---|---|---|---|---|---|");
    for (String kind : kinds) {
      for (int history : HISTORIES) {
        MetricBenchmark looks = new MetricBenchmark();
        looks.kind = kind;
        looks.history = history;
        looks.live();
        Cost evidence = best(looks, rounds, looks::evidence);
        Cost look = best(looks, rounds, looks::judgeAndShow);
        out.printf(
            Locale.ROOT,
            "| %s | %d | %.1f | %.1f | %.0f | %d |%n",
            kind,
            history,
            evidence.micros(),
            look.micros(),
            look.bytes(),
            looks.numbersKept());
      }
    }
  }

  private record Cost(double micros, double bytes) {
    Cost lesser(Cost other) {
      return new Cost(Math.min(micros, other.micros), Math.min(bytes, other.bytes));
    }
  }

  private static Cost best(MetricBenchmark looks, int rounds, Runnable invocation) {
    Cost best = new Cost(Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY);
    for (int i = 0; i < rounds; i++) {
      best = best.lesser(once(looks, invocation));
    }
    return best;
  }

  /** Many invocations in a row, each from the same state. */
  private static Cost once(MetricBenchmark looks, Runnable invocation) {
    long nanos = 0;
    long bytes = 0;
    for (int i = 0; i < INVOCATIONS; i++) {
      looks.restore();
      long bytesBefore = THREADS.getCurrentThreadAllocatedBytes();
      long before = THREADS.getCurrentThreadCpuTime();
      invocation.run();
      nanos += THREADS.getCurrentThreadCpuTime() - before;
      bytes += THREADS.getCurrentThreadAllocatedBytes() - bytesBefore;
    }
    double count = (double) INVOCATIONS * MetricBenchmark.LOOKS;
    return new Cost(nanos / 1000.0 / count, bytes / count);
  }
}
