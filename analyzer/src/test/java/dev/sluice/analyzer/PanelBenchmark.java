package dev.sluice.analyzer;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A whole judge over four metrics: counts, a histogram of 40 buckets, a mean, a value. Looks are
 * taken one after another, as a service does, so the history grows while it is measured.
 */
@State(Scope.Thread)
@Fork(value = 1, jvmArgs = "-XX:+UseSerialGC")
@Warmup(iterations = 3, time = 700, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 3, time = 700, timeUnit = TimeUnit.MILLISECONDS)
public class PanelBenchmark {
  static final int CASE_LOOKS = 60;
  private static final int HISTORY = 1000;
  private static final int FEED = 64;

  private final Map<String, Feed> feeds = new LinkedHashMap<>();
  private final List<JudgedMetric> metrics;
  private final JudgeSettings settings = JudgeSettings.withDefaults();
  private final Judge live;

  public PanelBenchmark() {
    for (String kind : List.of("counts", "histogram40", "mean", "value")) {
      feeds.put(kind, Feed.of(kind, FEED, 2));
    }
    this.metrics =
        feeds.entrySet().stream().map(feed -> feed.getValue().metric(feed.getKey())).toList();
    this.live = Judge.start(settings, metrics);
    for (int i = 0; i < HISTORY; i++) {
      take(live, i == 0);
    }
  }

  private Judgement take(Judge judge, boolean newStep) {
    Map<String, Observed> observed = new LinkedHashMap<>();
    feeds.forEach((id, feed) -> observed.put(id, feed.next()));
    return judge.look(new Look(Feed.LOOK.seconds(), newStep), observed);
  }

  @Benchmark
  @BenchmarkMode(Mode.AverageTime)
  @OutputTimeUnit(TimeUnit.MICROSECONDS)
  public Judgement look() {
    return take(live, false);
  }

  /** What a restart costs, and what every look of the service writes and reads. */
  @Benchmark
  @BenchmarkMode(Mode.AverageTime)
  @OutputTimeUnit(TimeUnit.MICROSECONDS)
  public Judge snapshotAndRestore() {
    return Judge.restore(settings, metrics, live.snapshot());
  }

  /** Whole cases of 60 looks at four metrics, as a command that judges recorded cases does. */
  @Benchmark
  @BenchmarkMode(Mode.Throughput)
  @OutputTimeUnit(TimeUnit.SECONDS)
  public Judgement cases() {
    Judge judge = Judge.start(settings, metrics);
    Judgement last = take(judge, true);
    for (int i = 1; i < CASE_LOOKS; i++) {
      last = take(judge, i % 20 == 0);
    }
    return last;
  }
}
