package dev.sluice.service.dashboard;

import dev.sluice.service.http.view.CheckView;
import java.util.Locale;

/**
 * How far the axis of a check reaches: to three margins on both sides of no change, so that margins
 * look alike everywhere, and an early, wide interval does not press everything else flat.
 *
 * @param from less than {@code to}
 */
record Axis(double from, double to) {
  private static final double MARGINS_SHOWN = 3;

  /**
   * @param check with an estimate and a margin
   */
  static Axis of(CheckView check) {
    double margin = check.margin().getAsDouble();
    double estimate = check.estimate().getAsDouble();
    if (check.limit()) {
      double most = Math.max(Math.abs(margin) * 1.5, Math.abs(estimate) * 1.1);
      return new Axis(Math.min(0, margin * 1.5), most > 0 ? most : 1);
    }
    double still = still(check);
    double reach = Math.abs(margin - still) * MARGINS_SHOWN;
    if (reach == 0) {
      reach = Math.abs(estimate - still) * 1.5;
    }
    double shown = reach > 0 ? reach : 1;
    return new Axis(still - shown, still + shown);
  }

  /** The value that means no change. */
  static double still(CheckView check) {
    return ratio(check) ? 1 : 0;
  }

  /** The other edge of what is accepted: the same factor or distance on the other side. */
  static double mirrored(CheckView check) {
    double margin = check.margin().getAsDouble();
    return ratio(check) ? 2 - margin : -margin;
  }

  private static boolean ratio(CheckView check) {
    return check.scale().filter("ratio"::equals).isPresent();
  }

  /**
   * Where a value lies, from 0 at {@code from} to 1 at {@code to}; what lies outside is clipped.
   */
  double at(double value) {
    return Math.clamp((value - from) / (to - from), 0, 1);
  }

  /** A coordinate of a drawing: one decimal is finer than a pixel. */
  static String number(double value) {
    String text = String.format(Locale.ROOT, "%.1f", value);
    return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
  }
}
