package dev.sluice.service.scenarios;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.analyzer.Effect;
import java.util.Locale;
import java.util.OptionalInt;

/** A decision as the reference implementation writes it, so that its scorer reads ours too. */
public final class DecisionLine {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private DecisionLine() {}

  /** One line of JSON. */
  public static String of(Decided decided) {
    ObjectNode line = MAPPER.createObjectNode();
    line.put("id", decided.id());
    line.put("decision", decided.decision().name().toLowerCase(Locale.ROOT));
    put(line, "harmInterval", decided.harmAt());
    put(line, "safeInterval", decided.safeAt());
    line.put("logE", decided.logHarm());
    ObjectNode metrics = line.putObject("metrics");
    decided.metrics().forEach((name, m) -> put(metrics.putObject(name), m));
    try {
      return MAPPER.writeValueAsString(line);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void put(ObjectNode node, String name, OptionalInt interval) {
    if (interval.isPresent()) {
      node.put(name, interval.getAsInt());
    } else {
      node.putNull(name);
    }
  }

  private static void put(ObjectNode node, Decided.OfMetric metric) {
    node.put("logE", metric.logHarm());
    node.put("pValue", metric.pValue());
    node.put("intervals", metric.intervals());
    metric.ratio().ifPresent(r -> put(node, r));
  }

  private static void put(ObjectNode node, Effect ratio) {
    put(node, "lower", ratio.lower());
    put(node, "estimate", ratio.estimate());
    put(node, "upper", ratio.upper());
  }

  /** JSON has no infinity: an end that nothing bounds is null. */
  private static void put(ObjectNode node, String name, double end) {
    if (Double.isFinite(end)) {
      node.put(name, end);
    } else {
      node.putNull(name);
    }
  }
}
