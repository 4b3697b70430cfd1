package dev.sluice.service.plan;

/** A cohort's selector where it stands alone, on a command line say. */
public final class SelectorText {
  private SelectorText() {}

  /**
   * Label matchers without the braces, checked and quoted, as a cohort holds them.
   *
   * @param text label matchers in braces, without the name of a metric
   * @throws IllegalArgumentException if it is none; the message names mistake and remedy
   */
  public static String matchers(String text) {
    try {
      return CohortReader.selector(text.strip());
    } catch (PromQl.Fault fault) {
      throw new IllegalArgumentException(fault.said() + " (" + fault.hint() + ")", fault);
    }
  }
}
