package dev.sluice.service.store;

import java.util.Map;

/**
 * What a look was judged from, in so few bytes that every look can keep it: enough to find out
 * later, when the metrics system is asked again, whether it still says the same.
 *
 * @param look its number, from 1
 * @param plan SHA-256 of the plan as it is stored, in hex
 * @param judge the version of the statistics
 * @param queries SHA-256 of the queries as they were sent, with their times
 * @param samples SHA-256 of what came back: by metric, of "traffic", of "history" at the first look
 */
public record LookTrace(
    long look, String plan, int judge, String queries, Map<String, String> samples) {
  public LookTrace {
    samples = Map.copyOf(samples);
  }
}
