package dev.sluice.analyzer.state;

/**
 * Gives the numbers of a snapshot back, and refuses one that cannot be what was written: too short,
 * too long, not a number, or a count outside its range.
 */
public final class StateReader {
  private final double[] numbers;
  private int next;

  public StateReader(double[] numbers) {
    this.numbers = numbers;
  }

  public double next() {
    if (next >= numbers.length) {
      throw new IllegalArgumentException(
          "the snapshot ends after "
              + numbers.length
              + " numbers, more were due: it belongs to other metrics or was cut off");
    }
    double number = numbers[next++];
    if (Double.isNaN(number)) {
      throw new IllegalArgumentException(
          "the snapshot holds something that is not a number at place " + (next - 1));
    }
    return number;
  }

  public boolean nextFlag() {
    return nextWhole(0, 1) == 1;
  }

  /** A whole number in a range, both ends included. */
  public long nextWhole(long least, long most) {
    double number = next();
    if (number != Math.rint(number) || number < least || number > most) {
      throw new IllegalArgumentException(
          "the snapshot holds "
              + number
              + " at place "
              + (next - 1)
              + ", a whole number from "
              + least
              + " to "
              + most
              + " is due");
    }
    return (long) number;
  }

  public void fill(double[] block) {
    for (int i = 0; i < block.length; i++) {
      block[i] = next();
    }
  }

  /** What {@link StateWriter#putCounted} wrote. */
  public double[] nextCounted(int most) {
    double[] block = new double[(int) nextWhole(0, most)];
    fill(block);
    return block;
  }

  /** Says that nothing more is due. */
  public void end() {
    if (next != numbers.length) {
      throw new IllegalArgumentException(
          "the snapshot holds "
              + numbers.length
              + " numbers, only "
              + next
              + " were due: it belongs to other metrics");
    }
  }
}
