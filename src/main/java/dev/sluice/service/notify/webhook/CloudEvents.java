package dev.sluice.service.notify.webhook;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.gates.look.Assessment;
import dev.sluice.gates.look.Check;
import dev.sluice.gates.plan.FlagTarget;
import dev.sluice.gates.rollout.Actor;
import dev.sluice.gates.rollout.Announcements;
import dev.sluice.gates.rollout.Decision;
import dev.sluice.gates.rollout.Event;
import dev.sluice.gates.rollout.Outgoing;
import dev.sluice.gates.rollout.Proposal;
import dev.sluice.gates.rollout.Reason;
import dev.sluice.gates.rollout.Rollout;
import dev.sluice.service.notify.text.Cut;
import dev.sluice.service.notify.text.RolloutPage;
import dev.sluice.service.notify.text.Weight;
import dev.sluice.service.notify.text.Words;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * Decisions and news as CloudEvents 1.0 in structured mode. A body stays below {@link #MOST_BYTES}:
 * long sentences are cut, and the least telling metrics are left out and counted.
 */
public final class CloudEvents {
  /** A body has fewer bytes than this. */
  public static final int MOST_BYTES = 20_000;

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final int SENTENCE_BYTES = 1500;
  private static final int NAME_BYTES = 200;
  private static final int LINK_BYTES = 500;
  private static final int MOST_LINKS = 10;

  private final RolloutPage page;

  public CloudEvents(RolloutPage page) {
    this.page = page;
  }

  /** What a flag system is told. */
  public String command(String id, Outgoing.SetExposure command) {
    Decision decision = command.decision();
    ObjectNode data = about(command.rollout());
    decided(data, decision);
    data.put("action", Words.camel(command.action()));
    end(data, command.rollout(), command.rollout().plan().links());
    return body(
        id,
        "sluice.decision." + Words.of(decision.kind()) + ".v1",
        command.rollout(),
        decision.stepId(),
        decision.at().toString(),
        data);
  }

  /** What a machine that listens is told. */
  public String news(String id, Outgoing.Announce news) {
    Rollout rollout = news.rollout();
    String topic = Words.camel(news.topic());
    ObjectNode data = about(rollout);
    data.put("topic", topic);
    data.put("headline", sentence(news.headline()));
    happened(data, news.event());
    end(data, rollout, rollout.plan().links());
    return body(
        id,
        "sluice." + topic + ".v1",
        rollout,
        rollout.step().id(),
        news.event().at().toString(),
        data);
  }

  private static ObjectNode about(Rollout rollout) {
    ObjectNode data = JSON.objectNode();
    data.put("plan", rollout.plan().name());
    data.put("planHash", rollout.plan().hash());
    data.put("rollout", rollout.id().value());
    data.put("version", rollout.version());
    data.put("step", rollout.step().id());
    data.set(
        "exposure",
        JSON.objectNode()
            .<ObjectNode>set("desired", Metrics.number(rollout.desired().percent()))
            .set("applied", Metrics.number(rollout.applied().percent())));
    return data;
  }

  private static void happened(ObjectNode data, Event event) {
    switch (event) {
      case Event.Decided e -> decided(data, e.decision());
      case Event.HeldBack e -> reason(data, e.reason());
      case Event.ApprovalAsked e -> reason(data, e.reason());
      case Event.ExposureRefused e -> data.put("detail", sentence(e.detail()));
      case Event.SourceLost e -> data.put("detail", sentence(e.detail()));
      case Event.PausedBy e -> by(data, e.actor(), e.reason());
      case Event.ResumedBy e -> by(data, e.actor(), e.reason());
      case Event.Approved e -> by(data, e.actor(), e.reason());
      case Event.AbortedBy e -> by(data, e.actor(), e.reason());
      case Event.Started e -> actor(data, e.actor());
      case Event.RetentionEnding e -> data.put("endsAt", e.endsAt().toString());
      case Event.StepEntered e -> {}
      case Event.ExposureApplied e -> {}
      case Event.LookTaken e -> {}
      case Event.SourceBack e -> {}
      case Event.Released e -> {}
      case Event.RollbackConfirmed e -> {}
      case Event.RollbackOverdue e -> {}
      case Event.Finished e -> {}
      case Event.SecondAsked e -> proposed(data, e.proposal());
      case Event.Extended e -> {
        by(data, e.actor(), e.reason());
        data.put("until", e.until().toString());
      }
      case Event.RetentionOver e -> {}
      case Event.Retired e -> by(data, e.actor(), e.reason());
      case Event.ReadinessChanged e -> {
        by(data, e.readiness().actor(), e.readiness().reason());
        data.put("rollbackReady", e.readiness().ready());
      }
      case Event.Drifted e -> {
        data.set("seen", Metrics.number(e.seen().percent()));
        data.put("detail", sentence(e.detail()));
      }
      case Event.DriftEnded e -> {}
      case Event.Observed e -> {}
      case Event.EvidenceRenewed e -> data.put("detail", sentence(Announcements.renewed(e)));
    }
  }

  private static void proposed(ObjectNode data, Proposal proposal) {
    by(data, proposal.actor(), proposal.reason());
    data.put("act", Words.camel(proposal.act()));
    data.put("forced", proposal.forced());
    data.put("until", proposal.at().plus(Proposal.LIFE).toString());
  }

  private static void decided(ObjectNode data, Decision decision) {
    data.put("step", decision.stepId());
    data.put("decision", Words.of(decision.kind()));
    data.put("sequence", decision.sequence());
    reason(data, decision.reason());
    data.set("from", Metrics.number(decision.from().percent()));
    data.set("to", Metrics.number(decision.to().percent()));
    actor(data, decision.actor());
    data.put("forced", decision.forced());
  }

  private static void reason(ObjectNode data, Reason reason) {
    data.putObject("reason")
        .put("code", Words.camel(reason.code()))
        .put("sentence", sentence(reason.sentence()));
  }

  private static void by(ObjectNode data, Actor actor, String reason) {
    actor(data, actor);
    data.put("detail", sentence(reason));
  }

  private static void actor(ObjectNode data, Actor actor) {
    data.putObject("actor")
        .put("kind", Words.camel(actor.kind()))
        .put("name", Cut.toJsonBytes(actor.name(), NAME_BYTES));
  }

  private void end(ObjectNode data, Rollout rollout, Map<String, String> links) {
    data.set(
        "confidence",
        JSON.objectNode()
            .<ObjectNode>set("falseAlarm", Metrics.number(rollout.plan().policy().falseAlarm()))
            .set("falsePass", Metrics.number(rollout.plan().policy().falsePass())));
    rollout.plan().flag().ifPresent(flag -> data.set("flag", flag(flag)));
    ObjectNode linked = data.putObject("links");
    linked.put("rollout", page.of(rollout.id()));
    links.entrySet().stream()
        .filter(link -> !link.getKey().equals("rollout"))
        .filter(link -> Cut.jsonBytes(link.getKey() + link.getValue()) <= LINK_BYTES)
        .sorted(Map.Entry.comparingByKey())
        .limit(MOST_LINKS)
        .forEach(link -> linked.put(link.getKey(), link.getValue()));
  }

  private static ObjectNode flag(FlagTarget flag) {
    ObjectNode json = JSON.objectNode().put("key", flag.key());
    flag.environment().ifPresent(environment -> json.put("environment", environment));
    flag.project().ifPresent(project -> json.put("project", project));
    flag.owned().ifPresent(owned -> json.put("owned", owned));
    return json;
  }

  private static String sentence(String text) {
    return Cut.toJsonBytes(text, SENTENCE_BYTES);
  }

  private static String body(
      String id, String type, Rollout rollout, String step, String time, ObjectNode data) {
    ObjectNode event =
        JSON.objectNode()
            .put("specversion", "1.0")
            .put("id", id)
            .put("source", "/rollouts/" + rollout.id())
            .put("type", type)
            .put("subject", rollout.plan().name() + "/" + step)
            .put("time", time)
            .put("datacontenttype", "application/json");
    event.set("data", data);
    rollout.lastAssessment().ifPresent(assessment -> assessed(event, data, rollout, assessment));
    return event.toString();
  }

  /** As many metrics as there is room for, the most telling first. */
  private static void assessed(
      ObjectNode event, ObjectNode data, Rollout rollout, Assessment assessment) {
    data.putObject("look")
        .put("step", assessment.stepId())
        .put("from", assessment.window().from().toString())
        .put("to", assessment.window().to().toString());
    List<Check> checks = Weight.heaviestFirst(assessment);
    ArrayNode metrics = data.putArray("metrics");
    data.put("metricsLeftOut", checks.size());
    int room = MOST_BYTES - 1 - bytes(event.toString());
    for (Check check : checks) {
      ObjectNode metric = new Metrics(rollout.plan()).of(check);
      room -= bytes(metric.toString()) + 1;
      if (room < 0) {
        return;
      }
      metrics.add(metric);
      data.put("metricsLeftOut", checks.size() - metrics.size());
    }
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
