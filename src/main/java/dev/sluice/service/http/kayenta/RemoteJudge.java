package dev.sluice.service.http.kayenta;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.analyzer.Absence;
import dev.sluice.analyzer.Direction;
import dev.sluice.analyzer.Observed;
import dev.sluice.analyzer.Values;
import dev.sluice.analyzer.kayenta.Classified;
import dev.sluice.analyzer.kayenta.Classified.Classification;
import dev.sluice.analyzer.kayenta.KayentaClassifier;
import dev.sluice.analyzer.kayenta.Options;
import dev.sluice.analyzer.kayenta.Score;
import dev.sluice.gates.plan.Tolerance;
import dev.sluice.service.cases.Case;
import dev.sluice.service.cases.CaseJudge;
import dev.sluice.service.http.ApiJson;
import dev.sluice.service.http.kayenta.JudgeRequest.Pair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Judges samples that somebody else has collected.
 *
 * <p>Our own way pairs the samples by time and keeps one bound on false alarms over all metrics:
 * harm in one metric that is not muted fails the canary, all proven safe passes it, and anything
 * else is Marginal, which no client takes for a pass. Kayenta's way is there for those who want the
 * verdicts they know.
 */
final class RemoteJudge {
  private static final double FALSE_ALARM = 0.01;
  private static final double FALSE_PASS = 0.05;
  private static final Duration INTERVAL = Duration.ofMinutes(1);

  private RemoteJudge() {}

  /** One metric, judged. */
  private record Result(
      Pair pair, String classification, String reason, double ratio, boolean critical) {}

  static ObjectNode judge(JudgeRequest request) {
    return request.compatible() ? compatible(request) : ours(request);
  }

  private static ObjectNode compatible(JudgeRequest request) {
    List<Result> results = new ArrayList<>();
    List<Score.Judged> judged = new ArrayList<>();
    for (Pair pair : request.pairs()) {
      Classified c =
          new KayentaClassifier(pair.options())
              .classify(pair.control().values(), pair.experiment().values());
      results.add(new Result(pair, word(c.classification()), c.reason(), c.ratio(), c.critical()));
      if (!pair.muted()) {
        groups(pair)
            .forEach(g -> judged.add(new Score.Judged(g, c.classification(), c.critical())));
      }
    }
    Score score = Score.of(judged, request.weights());
    return written(request, "kayenta", results, score.groups(), score.value(), score.reason());
  }

  private static String word(Classification classification) {
    return switch (classification) {
      case PASS -> "Pass";
      case HIGH -> "High";
      case LOW -> "Low";
      case NODATA -> "Nodata";
      case NODATA_FAIL_METRIC -> "NodataFailMetric";
    };
  }

  private static List<String> groups(Pair pair) {
    return pair.groups().isEmpty() ? List.of("metrics") : pair.groups();
  }

  private static ObjectNode ours(JudgeRequest request) {
    long counted = request.pairs().stream().filter(p -> !p.muted()).count();
    double falseAlarm = FALSE_ALARM / Math.max(1, counted);
    List<Result> results = new ArrayList<>();
    Map<String, List<Double>> groups = new LinkedHashMap<>();
    double middle = request.thresholds().hasMiddle() ? request.thresholds().between() : 0;
    double worst = counted == 0 ? middle : 100;
    for (Pair pair : request.pairs()) {
      CaseJudge.Decided decided =
          new CaseJudge(falseAlarm, FALSE_PASS, tolerance(pair.options())).judge(asCase(pair));
      double score =
          switch (decided.decision()) {
            case PROMOTE -> 100;
            case INCONCLUSIVE -> middle;
            case ROLLBACK -> 0;
          };
      results.add(result(pair, decided));
      if (!pair.muted()) {
        worst = Math.min(worst, score);
        groups(pair).forEach(g -> groups.computeIfAbsent(g, n -> new ArrayList<>()).add(score));
      }
    }
    Map<String, Double> means = new LinkedHashMap<>();
    groups.forEach(
        (name, scores) ->
            means.put(name, scores.stream().mapToDouble(Double::doubleValue).average().orElse(0)));
    String reason = worst == 100 ? "" : worst == 0 ? "A metric is worse." : "Not proven yet.";
    return written(request, "sluice", results, means, worst, reason);
  }

  private static Result result(Pair pair, CaseJudge.Decided decided) {
    double control = mean(pair.control().values());
    double canary = mean(pair.experiment().values());
    String classification =
        switch (decided.decision()) {
          case PROMOTE -> "Pass";
          case INCONCLUSIVE -> "Nodata";
          case ROLLBACK -> canary < control ? "Low" : "High";
        };
    boolean critical = decided.decision() == CaseJudge.Word.ROLLBACK && !pair.muted();
    return new Result(pair, classification, decided.sentence(), canary / control, critical);
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).filter(Double::isFinite).average().orElse(Double.NaN);
  }

  /** An allowed mean ratio is a relative margin; the narrower side where both are given. */
  private static Optional<Tolerance> tolerance(Options options) {
    if (options.measure() != Options.Measure.MEAN_RATIO) {
      return Optional.empty();
    }
    double up = share(options.allowedIncrease(), 1);
    double down = share(options.allowedDecrease(), -1);
    double margin = Math.min(up, down);
    return margin > 0 && margin < 1
        ? Optional.of(new Tolerance.Relative(margin))
        : Optional.empty();
  }

  private static double share(OptionalDouble ratio, int sign) {
    return ratio.isPresent() ? sign * (ratio.getAsDouble() - 1) : Double.POSITIVE_INFINITY;
  }

  private static Case asCase(Pair pair) {
    int length = Math.max(pair.control().length(), pair.experiment().length());
    List<Observed> looks = new ArrayList<>(length);
    for (int i = 0; i < length; i++) {
      looks.add(look(pair, i));
    }
    return new Case(
        pair.id(), Case.Type.GAUGE, pair.name(), direction(pair.options()), INTERVAL, false, looks);
  }

  private static Observed look(Pair pair, int i) {
    boolean both = i < pair.control().length() && i < pair.experiment().length();
    if (both && Double.isFinite(pair.control().at(i)) && Double.isFinite(pair.experiment().at(i))) {
      return Observed.Seen.of(
          new Values(pair.experiment().at(i)), new Values(pair.control().at(i)));
    }
    return new Observed.Absent(Absence.NOT_A_NUMBER, "A cohort has no sample.");
  }

  private static Direction direction(Options options) {
    return switch (options.direction()) {
      case INCREASE -> Direction.HIGHER_IS_WORSE;
      case DECREASE -> Direction.LOWER_IS_WORSE;
      case EITHER -> Direction.EITHER;
    };
  }

  private static ObjectNode written(
      JudgeRequest request,
      String judge,
      List<Result> results,
      Map<String, Double> groups,
      double score,
      String reason) {
    ObjectNode answer = ApiJson.mapper().createObjectNode();
    answer.put("judgeName", judge);
    ArrayNode list = answer.putArray("results");
    results.forEach(r -> list.add(written(r)));
    ArrayNode scores = answer.putArray("groupScores");
    groups.forEach(
        (name, value) -> {
          ObjectNode group = scores.addObject();
          group.put("name", name);
          Numbers.put(group, "score", value);
          group.put("classification", "");
          group.put("classificationReason", "");
        });
    ObjectNode total = answer.putObject("score");
    Numbers.put(total, "score", score);
    total.put("classification", request.thresholds().meaning(score));
    total.put("classificationReason", reason);
    return answer;
  }

  private static ObjectNode written(Result result) {
    ObjectNode node = ApiJson.mapper().createObjectNode();
    Pair pair = result.pair();
    node.put("name", pair.name());
    node.put("id", pair.id());
    node.set("tags", pair.tags().isObject() ? pair.tags() : ApiJson.mapper().createObjectNode());
    node.put("classification", result.classification());
    node.put("classificationReason", result.reason());
    ArrayNode groups = node.putArray("groups");
    pair.groups().forEach(groups::add);
    stats(node.putObject("experimentMetadata").putObject("stats"), pair.experiment().values());
    stats(node.putObject("controlMetadata").putObject("stats"), pair.control().values());
    ObjectNode meta = node.putObject("resultMetadata");
    if (Double.isFinite(result.ratio())) {
      meta.put("ratio", result.ratio());
    } else {
      meta.putNull("ratio");
    }
    node.put("critical", result.critical());
    node.put("muted", pair.muted());
    return node;
  }

  private static void stats(ObjectNode stats, double[] values) {
    stats.put("count", Arrays.stream(values).filter(v -> !Double.isNaN(v)).count());
    double mean = mean(values);
    if (Double.isFinite(mean)) {
      stats.put("mean", mean);
    }
  }
}
