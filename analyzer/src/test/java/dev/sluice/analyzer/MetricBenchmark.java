package dev.sluice.analyzer;

import dev.sluice.analyzer.state.StateReader;
import dev.sluice.analyzer.state.StateWriter;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * One look at one metric, after histories of different lengths. Every invocation starts from the
 * same state, restored outside the measured time, and takes a few looks: otherwise the history
 * would grow while it is measured.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 1, jvmArgs = "-XX:+UseSerialGC")
@Warmup(iterations = 3, time = 400, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 3, time = 400, timeUnit = TimeUnit.MILLISECONDS)
public class MetricBenchmark {
  static final int LOOKS = 16;
  private static final int FEED = 64;

  @Param({"counts", "countsLimit", "histogram12", "histogram40", "histogram200", "mean", "value"})
  public String kind = "counts";

  @Param({"10", "1000", "10000"})
  public int history = 10;

  private Feed feed = Feed.of("counts", 1, 0);
  private double[] state = {};
  private MetricJudge judge = judge();

  private MetricJudge judge() {
    return MetricJudge.of(feed.metric("metric"), JudgeSettings.withDefaults());
  }

  @Setup(Level.Trial)
  public void live() {
    feed = Feed.of(kind, FEED, 1);
    judge = judge();
    judge.beginLook(true);
    for (int i = 0; i < history; i++) {
      weigh();
    }
    StateWriter out = new StateWriter();
    judge.save(out);
    state = out.toArray();
  }

  @Setup(Level.Invocation)
  public void restore() {
    judge = judge();
    judge.load(new StateReader(state));
  }

  private void weigh() {
    judge.beginLook(false);
    judge.take(feed.next(), Feed.LOOK.seconds(), Optional.empty());
    judge.confirm(true);
  }

  /** What decides: evidence of harm and of safety. */
  @Benchmark
  @OperationsPerInvocation(LOOKS)
  public double evidence() {
    for (int i = 0; i < LOOKS; i++) {
      weigh();
    }
    return judge.logHarm();
  }

  /** The same, and what is shown: estimate, interval, sizes, at every look. */
  @Benchmark
  @OperationsPerInvocation(LOOKS)
  public void look(Blackhole shown) {
    for (int i = 0; i < LOOKS; i++) {
      weigh();
      shown.consume(judge.finding(false));
    }
  }

  /** {@link #look} outside of JMH: the sum keeps the compiler from leaving the findings out. */
  double judgeAndShow() {
    double sum = 0;
    for (int i = 0; i < LOOKS; i++) {
      weigh();
      sum += judge.finding(false).hashCode();
    }
    return sum;
  }

  int numbersKept() {
    return state.length;
  }
}
