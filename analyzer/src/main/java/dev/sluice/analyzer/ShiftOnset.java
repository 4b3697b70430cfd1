package dev.sluice.analyzer;

/**
 * One hypothesised onset of a shift: what the points before it were like (frozen), and the sums of
 * the points since. Every sum is about the mean before the onset, so that a large common level
 * costs no digits.
 *
 * <p>All that {@link ShiftModel} needs for any autocorrelation is in these numbers; one more point
 * costs five additions.
 */
final class ShiftOnset {
  static final int WIDTH = 15;

  /** Index of the first point of the shift, counted from 1. */
  final double index;

  /** Number, mean, sum of squares and of lagged products about the mean, of the points before. */
  final double before;

  final double mean;
  final double squares;
  final double lagged;

  /** First and last point before the onset, about the mean. */
  final double first;

  final double last;

  /** The point at the onset, about the mean. */
  final double jump;

  /** Points since the onset, its own included. */
  double since = 1;

  /** Over the points after the onset's own: sums of y, previous y, y^2, y*previous, previous^2. */
  double sum;

  double sumPrevious;
  double sumSquares;
  double sumLagged;
  double sumPreviousSquares;

  /** ln of the share of the prior this onset stands for, with what it took over from others. */
  double logShare;

  ShiftOnset(
      double index,
      double before,
      double mean,
      double squares,
      double lagged,
      double first,
      double last,
      double jump,
      double logShare) {
    this.index = index;
    this.before = before;
    this.mean = mean;
    this.squares = squares;
    this.lagged = lagged;
    this.first = first;
    this.last = last;
    this.jump = jump;
    this.logShare = logShare;
  }

  void add(double y, double previousY) {
    double z = y - mean;
    double previous = previousY - mean;
    sumLagged += z * previous;
    sumPreviousSquares += previous * previous;
    sumSquares += z * z;
    sum += z;
    sumPrevious += previous;
    since += 1;
  }

  void write(double[] to, int at) {
    double[] own = {
      index,
      before,
      mean,
      squares,
      lagged,
      first,
      last,
      jump,
      since,
      sum,
      sumPrevious,
      sumSquares,
      sumLagged,
      sumPreviousSquares,
      logShare
    };
    System.arraycopy(own, 0, to, at, WIDTH);
  }

  static ShiftOnset read(double[] from, int at) {
    ShiftOnset onset =
        new ShiftOnset(
            from[at],
            from[at + 1],
            from[at + 2],
            from[at + 3],
            from[at + 4],
            from[at + 5],
            from[at + 6],
            from[at + 7],
            from[at + 14]);
    onset.since = from[at + 8];
    onset.sum = from[at + 9];
    onset.sumPrevious = from[at + 10];
    onset.sumSquares = from[at + 11];
    onset.sumLagged = from[at + 12];
    onset.sumPreviousSquares = from[at + 13];
    return onset;
  }
}
