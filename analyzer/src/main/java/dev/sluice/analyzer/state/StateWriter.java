package dev.sluice.analyzer.state;

import java.util.Arrays;

/** Collects the numbers of a snapshot in the order in which {@link StateReader} gives them back. */
public final class StateWriter {
  private double[] numbers = new double[256];
  private int size;

  public StateWriter put(double number) {
    room(1);
    numbers[size++] = number;
    return this;
  }

  /** A count, exact up to 2^53. */
  public StateWriter put(long number) {
    return put((double) number);
  }

  public StateWriter put(boolean flag) {
    return put(flag ? 1.0 : 0.0);
  }

  /** Numbers whose count the reader knows. */
  public StateWriter putAll(double[] block) {
    room(block.length);
    System.arraycopy(block, 0, numbers, size, block.length);
    size += block.length;
    return this;
  }

  /** Numbers whose count the reader does not know. */
  public StateWriter putCounted(double[] block) {
    return put(block.length).putAll(block);
  }

  private void room(int more) {
    if (size + more > numbers.length) {
      numbers = Arrays.copyOf(numbers, Math.max(size + more, numbers.length * 2));
    }
  }

  public double[] toArray() {
    return Arrays.copyOf(numbers, size);
  }
}
