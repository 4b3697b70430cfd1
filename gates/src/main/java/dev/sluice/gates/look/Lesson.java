package dev.sluice.gates.look;

import java.util.Locale;

/** What the baseline's time before the start of a rollout taught of one metric. */
public sealed interface Lesson {
  String metricId();

  /** The time that was read. */
  Window window();

  /** One sentence for people, to stand behind the metric's title. */
  String sentence();

  /** The shape of the baseline's latencies. */
  record Shape(String metricId, Window window, double requests) implements Lesson {
    @Override
    public String sentence() {
      return "the shape of the baseline's latencies is known from "
          + Numbers.whole(requests)
          + " requests before the start.";
    }
  }

  /**
   * How much pods of the baseline differ from each other.
   *
   * @param pods how many were seen
   * @param intervals how many stretches, each as long as a look, had traffic
   * @param inflation how many times the variance that chance alone would give, at the length at
   *     which it is largest; at least 1
   */
  record Noise(String metricId, Window window, int pods, long intervals, double inflation)
      implements Lesson {
    @Override
    public String sentence() {
      return String.format(
          Locale.ROOT,
          "%d pods of the baseline varied up to %s times as much as chance alone, over %s looks'"
              + " time before the start.",
          pods,
          Numbers.plain(inflation),
          Numbers.whole((double) intervals));
    }
  }

  /** Nothing; the rollout is judged without. */
  record Nothing(String metricId, Window window, Why why) implements Lesson {
    @Override
    public String sentence() {
      return "nothing was learned from before the start, because "
          + switch (why) {
            case NO_ANSWER -> "the metrics system did not answer.";
            case NO_DATA -> "the baseline had no usable data then.";
            case NO_PODS ->
                "its series do not say which pod they come from; name the label in the cohort's"
                    + " podLabel.";
            case TOO_LITTLE -> "too little happened then.";
          };
    }
  }

  /** Why nothing was learned. */
  enum Why {
    /** The metrics system could not be asked. */
    NO_ANSWER,
    /** It answered that there is nothing, or nothing usable. */
    NO_DATA,
    /** There are counts, but not pod by pod, or of one pod only. */
    NO_PODS,
    /** Too few looks' time with traffic, or too few events. */
    TOO_LITTLE
  }
}
