package dev.sluice.service.metrics.prometheus;

import java.util.Arrays;

/**
 * Samples of one series in ascending order of time, held as plain numbers because there may be
 * many.
 */
final class Points {
  private long[] times;
  private double[] values;
  private int size;

  Points(int capacity) {
    times = new long[capacity];
    values = new double[capacity];
  }

  void add(long millis, double value) {
    if (size == times.length) {
      int capacity = Math.max(4, size * 2);
      times = Arrays.copyOf(times, capacity);
      values = Arrays.copyOf(values, capacity);
    }
    times[size] = millis;
    values[size++] = value;
  }

  int size() {
    return size;
  }

  boolean isEmpty() {
    return size == 0;
  }

  /** Milliseconds since the epoch. */
  long time(int i) {
    return times[i];
  }

  double value(int i) {
    return values[i];
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("[");
    for (int i = 0; i < size; i++) {
      text.append(i > 0 ? ", " : "").append(values[i]).append('@').append(times[i]);
    }
    return text.append(']').toString();
  }
}
