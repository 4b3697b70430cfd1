package dev.sluice.service.loop;

import dev.sluice.analyzer.Judge;
import dev.sluice.gates.look.Observations;
import dev.sluice.gates.rollout.Rollout;
import dev.sluice.service.json.SluiceJson;
import dev.sluice.service.store.AuditEntry;
import dev.sluice.service.store.LookTrace;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What a look is judged from, as digests. Equal answers to equal questions give equal text. */
final class Traces {
  static final String TRAFFIC = "traffic";
  static final String HISTORY = "history";

  /** 128 bits: nobody tries to fool it, and the samples of a dozen metrics stay a short row. */
  private static final int DIGITS = 32;

  private Traces() {}

  static LookTrace of(Rollout rollout, Looks.Peek peek, Looks.Answer answer) {
    return new LookTrace(
        peek.number(),
        AuditEntry.sha256(SluiceJson.write(rollout.plan())),
        Judge.version(),
        AuditEntry.sha256(queries(answer)),
        samples(answer));
  }

  private static String queries(Looks.Answer answer) {
    return answer.observations().queries().stream()
        .map(
            asked ->
                String.join("\n", asked.metricId(), asked.cohort(), asked.promql(), asked.time()))
        .sorted()
        .collect(Collectors.joining("\n\n"));
  }

  private static Map<String, String> samples(Looks.Answer answer) {
    Observations seen = answer.observations();
    Map<String, String> samples = new TreeMap<>();
    seen.metrics()
        .forEach(
            (id, observed) ->
                samples.put(
                    id, digest(List.of(observed, Optional.ofNullable(seen.pods().get(id))))));
    samples.put(TRAFFIC, digest(List.of(seen.traffic(), seen.remarks())));
    if (!answer.history().isEmpty()) {
      samples.put(HISTORY, digest(List.copyOf(answer.history())));
    }
    return samples;
  }

  private static String digest(List<?> values) {
    String text = values.stream().map(SluiceJson::write).collect(Collectors.joining("\n"));
    return AuditEntry.sha256(text).substring(0, DIGITS);
  }
}
