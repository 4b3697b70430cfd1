package dev.sluice.service.http.kayenta;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.analyzer.Finding;
import dev.sluice.gates.look.Assessment;
import dev.sluice.gates.look.Check;
import dev.sluice.gates.plan.Metric;
import dev.sluice.gates.rollout.Decider;
import dev.sluice.gates.rollout.Rollout;
import dev.sluice.gates.rollout.Stage;
import dev.sluice.service.http.ApiJson;
import dev.sluice.service.http.controllers.Steps;
import dev.sluice.service.http.view.Advice;
import dev.sluice.service.http.view.Gate;
import dev.sluice.service.store.Run;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * A rollout as the result of a canary. Not yet is "not complete", whatever the reason: a score is
 * only there when something was decided. 100 is an open gate, 0 a rollback; where a person has to
 * decide, or has ended it, the score lies between the two thresholds, which pauses Argo.
 */
final class Report {
  private final Decider decider;
  private final InstantSource clock;

  Report(Decider decider, InstantSource clock) {
    this.decider = decider;
    this.clock = clock;
  }

  private enum Outcome {
    RUNNING("running"),
    PASSED("succeeded"),
    NEITHER("succeeded"),
    FAILED("succeeded"),
    STOPPED("canceled");

    private final String status;

    Outcome(String status) {
      this.status = status;
    }
  }

  ObjectNode of(Rollout rollout, Execution execution, Optional<Run> run) {
    Instant now = clock.instant();
    boolean whole = execution.step().isEmpty();
    int step =
        execution
            .step()
            .map(s -> Steps.index(rollout, s))
            .orElse(rollout.plan().steps().size() - 1);
    Advice advice = Advice.of(rollout, step, decider, now);
    Outcome outcome = outcome(rollout, advice, whole, execution.thresholds(), now);
    ObjectNode answer = ApiJson.mapper().createObjectNode();
    answer.put("pipelineId", execution.text());
    answer.put("application", run.map(r -> r.key().name()).orElse(rollout.plan().name()));
    answer.putObject("stageStatus").put("judge", outcome.status);
    answer.put("complete", outcome != Outcome.RUNNING);
    answer.put("status", outcome.status);
    answer.put("canaryConfigId", rollout.plan().name());
    times(answer, rollout, outcome);
    if (outcome != Outcome.RUNNING) {
      ObjectNode result = answer.putObject("result");
      result.put(
          "canaryDuration", Duration.between(rollout.startedAt(), latest(rollout)).toString());
      result.set("judgeResult", judgement(rollout, execution.thresholds(), outcome, advice));
    }
    return answer;
  }

  private static Instant latest(Rollout rollout) {
    return rollout.updatedAt().isBefore(rollout.startedAt())
        ? rollout.startedAt()
        : rollout.updatedAt();
  }

  private static void times(ObjectNode answer, Rollout rollout, Outcome outcome) {
    String started = rollout.startedAt().toString();
    answer.put("buildTimeMillis", rollout.startedAt().toEpochMilli());
    answer.put("buildTimeIso", started);
    answer.put("startTimeMillis", rollout.startedAt().toEpochMilli());
    answer.put("startTimeIso", started);
    if (outcome != Outcome.RUNNING) {
      answer.put("endTimeMillis", latest(rollout).toEpochMilli());
      answer.put("endTimeIso", latest(rollout).toString());
    }
  }

  private Outcome outcome(
      Rollout rollout, Advice advice, boolean whole, Thresholds thresholds, Instant now) {
    if (advice.word() == Advice.Word.ROLLBACK) {
      return Outcome.FAILED;
    }
    if (rollout.stage() instanceof Stage.Aborted) {
      return Outcome.STOPPED;
    }
    boolean passed =
        whole ? rollout.stage() instanceof Stage.Completed : advice.word() == Advice.Word.PROMOTE;
    if (passed) {
      return Outcome.PASSED;
    }
    return thresholds.hasMiddle() && needsAPerson(rollout, now) ? Outcome.NEITHER : Outcome.RUNNING;
  }

  private boolean needsAPerson(Rollout rollout, Instant now) {
    boolean closed = Gate.of(rollout, rollout.stepIndex(), decider, now).gate().equals("closed");
    return closed || rollout.stage() instanceof Stage.AwaitingApproval;
  }

  private static double score(Thresholds thresholds, Outcome outcome) {
    return switch (outcome) {
      case PASSED -> 100;
      case FAILED, RUNNING -> 0;
      case NEITHER, STOPPED -> thresholds.hasMiddle() ? thresholds.between() : 0;
    };
  }

  private static ObjectNode judgement(
      Rollout rollout, Thresholds thresholds, Outcome outcome, Advice advice) {
    ObjectNode judgement = ApiJson.mapper().createObjectNode();
    double score = score(thresholds, outcome);
    judgement.put("judgeName", "sluice");
    ArrayNode results = judgement.putArray("results");
    List<Check> checks = rollout.lastAssessment().map(Assessment::checks).orElse(List.of());
    checks.forEach(check -> results.add(metric(check)));
    judgement.putArray("groupScores");
    ObjectNode total = judgement.putObject("score");
    Numbers.put(total, "score", score);
    total.put("classification", thresholds.meaning(score));
    total.put("classificationReason", advice.sentence());
    return judgement;
  }

  private static ObjectNode metric(Check check) {
    ObjectNode metric = ApiJson.mapper().createObjectNode();
    metric.put("name", check.title());
    metric.put("id", check.id());
    metric.putObject("tags");
    metric.put("classification", classification(check));
    metric.put("classificationReason", check.sentence());
    metric.putArray("groups").add(check.role().name().toLowerCase(java.util.Locale.ROOT));
    double canary = 0;
    double baseline = 0;
    double ratio = Double.NaN;
    switch (check.finding()) {
      case Finding.Comparison c -> {
        canary = c.canarySize();
        baseline = c.baselineSize();
        ratio = c.canaryValue() / c.baselineValue();
      }
      case Finding.Insufficient i -> {
        canary = i.canarySize();
        baseline = i.baselineSize();
      }
    }
    metric.putObject("experimentMetadata").putObject("stats").put("count", (long) canary);
    metric.putObject("controlMetadata").putObject("stats").put("count", (long) baseline);
    ObjectNode meta = metric.putObject("resultMetadata");
    if (Double.isFinite(ratio)) {
      meta.put("ratio", ratio);
    } else {
      meta.putNull("ratio");
    }
    metric.put("critical", check.role() == Metric.Role.GUARDRAIL);
    metric.put("muted", check.role() == Metric.Role.OBSERVE);
    return metric;
  }

  private static String classification(Check check) {
    return switch (check.verdict()) {
      case PASS -> "Pass";
      case FAIL -> lower(check) ? "Low" : "High";
      case INCONCLUSIVE, NO_DATA -> "Nodata";
    };
  }

  private static boolean lower(Check check) {
    return check.finding() instanceof Finding.Comparison c && c.canaryValue() < c.baselineValue();
  }
}
