package dev.sluice.service.plan;

/**
 * A bare counter or histogram: a name, and matchers with $cohort among them. The service builds
 * queries from it, so nothing may stand around it.
 */
record Series(String name, Matchers matchers) {
  static Series read(String text) throws PromQl.Fault {
    PromQl in = new PromQl(text);
    in.skipSpace();
    String name = in.name(true);
    in.skipSpace();
    if (in.peek() != '{' && text.indexOf('(') >= 0) {
      throw new PromQl.Fault(
          "an expression stands where a bare counter is expected",
          "write name{$cohort}, without functions: Sluice takes the increases itself");
    }
    if (name.isEmpty() || in.peek() != '{') {
      throw new PromQl.Fault(
          name.isEmpty() ? "the name of a metric is expected first" : "$cohort is missing",
          "write " + (name.isEmpty() ? "http_requests_total" : name) + "{$cohort}");
    }
    Matchers matchers = Matchers.read(in);
    in.skipSpace();
    if (!in.done()) {
      throw new PromQl.Fault(
          "'" + in.rest() + "' stands behind the selector",
          "leave ranges, offsets and arithmetic out: Sluice puts them there");
    }
    if (matchers.cohort() != 1) {
      throw new PromQl.Fault(
          matchers.cohort() == 0 ? "$cohort is missing" : "$cohort stands there twice",
          "write " + name + "{$cohort}: it stands for the matchers of canary or baseline");
    }
    return new Series(name, matchers);
  }

  /** "http_requests_total{$cohort,code=~"5.."}". */
  String normal() {
    String labels = matchers.normal();
    return name + "{" + Matchers.COHORT + (labels.isEmpty() ? "" : "," + labels) + "}";
  }
}
