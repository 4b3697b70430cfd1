package dev.sluice.service.metrics.prometheus;

import dev.sluice.service.metrics.prometheus.PromqlToken.Kind;
import java.time.Duration;
import java.util.List;

/**
 * The selector of a counter or histogram: a metric's name, label matchers, nothing else. The
 * increases are taken here and not by PromQL, because {@code increase()} extrapolates and misses
 * the first increment of a new series.
 *
 * @param name metric name; empty where the matchers name it
 * @param matchers what stands in the braces; may be empty where there is a name
 */
record Selector(String name, String matchers) {
  static Selector parse(String text) throws BadQuery {
    List<PromqlToken> tokens =
        PromqlToken.all(text).stream().filter(t -> !t.text().startsWith("#")).toList();
    StringBuilder name = new StringBuilder();
    StringBuilder matchers = new StringBuilder();
    int at = 0;
    while (at < tokens.size() && !tokens.get(at).is('{')) {
      name.append(tokens.get(at++).text());
    }
    boolean closed = at == tokens.size();
    for (at++; at < tokens.size() && !tokens.get(at).is('}'); at++) {
      matchers.append(tokens.get(at).text());
    }
    closed |= at < tokens.size();
    for (at++; at < tokens.size(); at++) {
      closed &= tokens.get(at).kind() == Kind.BLANK;
    }
    Selector selector = new Selector(name.toString().strip(), matchers.toString().strip());
    if (!closed || !selector.plain()) {
      throw new BadQuery(
          "a plain selector is needed here, such as http_requests_total{$cohort}: no rate(), no"
              + " increase(), no range, no offset, because the increases are taken by Sluice; had "
              + text);
    }
    return selector;
  }

  private boolean plain() {
    return name.isEmpty() ? !matchers.isEmpty() : name.matches("[A-Za-z_:][A-Za-z0-9_:]*");
  }

  /** The series that belong to a histogram's base name. */
  Selector suffixed(String suffix) throws BadQuery {
    if (name.isEmpty()) {
      throw new BadQuery("put the histogram's name before the braces: name{" + matchers + "}");
    }
    return name.endsWith(suffix) ? this : new Selector(name + suffix, matchers);
  }

  String text() {
    return matchers.isEmpty() ? name : name + "{" + matchers + "}";
  }

  /** All raw samples of this stretch before the evaluation time. */
  String samples(Duration range) {
    return text() + "[" + QueryTemplate.duration(range) + "]";
  }

  /** The last sample of each series in this stretch before the evaluation time. */
  String last(Duration range) {
    return "last_over_time(" + samples(range) + ")";
  }
}
