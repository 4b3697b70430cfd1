package dev.sluice.service.notify.slack;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.gates.look.Assessment;
import dev.sluice.gates.look.Check;
import dev.sluice.gates.plan.Notify;
import dev.sluice.gates.plan.Plan;
import dev.sluice.gates.rollout.Actor;
import dev.sluice.gates.rollout.Decision;
import dev.sluice.gates.rollout.Durations;
import dev.sluice.gates.rollout.Event;
import dev.sluice.gates.rollout.Outgoing;
import dev.sluice.gates.rollout.Reason;
import dev.sluice.gates.rollout.Rollout;
import dev.sluice.service.notify.text.Cut;
import dev.sluice.service.notify.text.RolloutPage;
import dev.sluice.service.notify.text.Weight;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * News as Block Kit. Slack refuses a message that is too long in any of several ways, and a refused
 * rollback message helps nobody: every part has a bound below Slack's, and the sum of them too.
 */
public final class SlackMessages {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /** Slack's own limits: header 150, section 3000, field 2000, context element 3000. */
  private static final int HEADER = 150;

  private static final int FALLBACK = 600;
  private static final int SECTION = 2900;
  private static final int SENTENCE = 700;
  private static final int FIELD = 400;
  private static final int MOST_METRICS = 10;
  private static final int MOST_LINKS = 6;
  private static final int LINK = 250;
  private static final int MOST_MENTIONS = 6;

  /** Worth waking or interrupting somebody, even for a sink that wants to hear everything. */
  private static final Set<Notify.Topic> CALLS =
      Set.of(
          Notify.Topic.REGRESSION,
          Notify.Topic.ROLLBACK_FAILED,
          Notify.Topic.INCONCLUSIVE,
          Notify.Topic.APPROVAL,
          Notify.Topic.RETENTION_ENDING,
          Notify.Topic.ERROR);

  private final RolloutPage page;

  public SlackMessages(RolloutPage page) {
    this.page = page;
  }

  /** The body of a request to an incoming webhook. */
  public String of(Outgoing.Announce news) {
    Story story = Stories.of(news);
    ObjectNode message = JSON.objectNode();
    message.put("text", Mrkdwn.fitted(news.headline(), FALLBACK));
    news.to().channel().ifPresent(channel -> message.put("channel", channel));
    ArrayNode blocks = message.putArray("blocks");
    blocks.add(header(story.header()));
    blocks.add(section(mentions(news) + told(story)));
    metrics(news).forEach(text -> blocks.add(section(text)));
    blocks.add(fields(news));
    blocks.add(context(links(news.rollout())));
    blocks.add(context(origin(news)));
    message.put("unfurl_links", false);
    return message.toString();
  }

  private static String told(Story story) {
    StringBuilder text = new StringBuilder(Mrkdwn.fitted(story.why(), SENTENCE));
    if (!story.next().isEmpty()) {
      text.append("\n*Next:* ").append(Mrkdwn.fitted(story.next(), SENTENCE));
    }
    if (!story.sure().isEmpty()) {
      text.append("\n*How sure:* ").append(Mrkdwn.fitted(story.sure(), SENTENCE));
    }
    return text.toString();
  }

  /**
   * Whom to call: whoever is named, for the topics that the plan lists; where it lists none and so
   * wants everything, only for those that need a person.
   */
  private static String mentions(Outgoing.Announce news) {
    boolean call = !news.to().events().isEmpty() || CALLS.contains(news.topic());
    if (!call || news.to().mention().isEmpty()) {
      return "";
    }
    return news.to().mention().stream()
            .limit(MOST_MENTIONS)
            .map(Mrkdwn::mention)
            .collect(Collectors.joining(" "))
        + " ";
  }

  /** Sections of as many metrics as fit; the rest is counted. */
  private static List<String> metrics(Outgoing.Announce news) {
    Show show = show(news.event());
    if (show == Show.NOTHING || news.rollout().lastAssessment().isEmpty()) {
      return List.of();
    }
    Assessment assessment = news.rollout().lastAssessment().get();
    List<Check> checks = Weight.heaviestFirst(assessment);
    List<String> lines =
        new ArrayList<>(
            new MetricLines(news.rollout().plan())
                .of(
                    checks.subList(0, Math.min(MOST_METRICS, checks.size())),
                    show == Show.EVERYTHING));
    if (checks.size() > MOST_METRICS) {
      lines.add("and %d more on the rollout's page".formatted(checks.size() - MOST_METRICS));
    }
    return sections(lines);
  }

  private static List<String> sections(List<String> lines) {
    List<String> sections = new ArrayList<>();
    StringBuilder section = new StringBuilder();
    for (String line : lines) {
      if (section.length() + line.length() > SECTION) {
        sections.add(section.toString());
        section.setLength(0);
      }
      section.append(section.isEmpty() ? "" : "\n").append(line);
    }
    if (!section.isEmpty()) {
      sections.add(section.toString());
    }
    return sections;
  }

  /** How much of the metrics a message shows. */
  private enum Show {
    /** All, with numbers. */
    EVERYTHING,
    /** Numbers of what does not pass; what passes is named. */
    TROUBLE,
    NOTHING
  }

  private static Show show(Event event) {
    return switch (event) {
      case Event.Decided e ->
          e.decision().kind() == Decision.Kind.PROMOTE ? Show.EVERYTHING : Show.TROUBLE;
      case Event.ApprovalAsked e ->
          e.reason().code() == Reason.Code.APPROVAL_NEEDED ? Show.EVERYTHING : Show.TROUBLE;
      case Event.HeldBack e -> Show.TROUBLE;
      case Event.Approved e -> Show.TROUBLE;
      case Event.RollbackConfirmed e -> Show.TROUBLE;
      case Event.Finished e -> Show.TROUBLE;
      case Event.RetentionEnding e -> Show.TROUBLE;
      case Event.AbortedBy e -> Show.TROUBLE;
      case Event.PausedBy e -> Show.TROUBLE;
      case Event.Started e -> Show.NOTHING;
      case Event.StepEntered e -> Show.NOTHING;
      case Event.ExposureApplied e -> Show.NOTHING;
      case Event.ExposureRefused e -> Show.NOTHING;
      case Event.LookTaken e -> Show.NOTHING;
      case Event.SourceLost e -> Show.NOTHING;
      case Event.SourceBack e -> Show.NOTHING;
      case Event.Released e -> Show.NOTHING;
      case Event.ResumedBy e -> Show.NOTHING;
      case Event.RollbackOverdue e -> Show.NOTHING;
      case Event.SecondAsked e -> Show.TROUBLE;
      case Event.Extended e -> Show.TROUBLE;
      case Event.RetentionOver e -> Show.TROUBLE;
      case Event.Retired e -> Show.TROUBLE;
      case Event.ReadinessChanged e -> Show.TROUBLE;
      case Event.Drifted e -> Show.NOTHING;
      case Event.DriftEnded e -> Show.NOTHING;
      case Event.Observed e -> Show.NOTHING;
      case Event.EvidenceRenewed e -> Show.TROUBLE;
    };
  }

  private static ObjectNode fields(Outgoing.Announce news) {
    Rollout rollout = news.rollout();
    Plan plan = rollout.plan();
    ObjectNode section = JSON.objectNode().put("type", "section");
    ArrayNode fields = section.putArray("fields");
    fields.add(
        field(
            "Step",
            "%s (%d of %d), %s observed"
                .formatted(
                    rollout.step().id(),
                    rollout.stepIndex() + 1,
                    plan.steps().size(),
                    Durations.words(rollout.dwell()))));
    fields.add(who(news));
    Stories.flagLine(plan).ifPresent(flag -> fields.add(field("Flag", flag)));
    fields.add(field("Share of the users", share(rollout)));
    return section;
  }

  private static String share(Rollout rollout) {
    return rollout.desired().equals(rollout.applied())
        ? rollout.applied() + " on the canary"
        : "%s on the canary, %s wanted".formatted(rollout.applied(), rollout.desired());
  }

  /** Who decided; where nothing was, who is responsible for the rollout. */
  private static ObjectNode who(Outgoing.Announce news) {
    Rollout rollout = news.rollout();
    return switch (news.event()) {
      case Event.Decided e -> decidedBy(e.decision().actor(), e.decision().forced());
      case Event.PausedBy e -> decidedBy(e.actor(), false);
      case Event.ResumedBy e -> decidedBy(e.actor(), false);
      case Event.Approved e -> decidedBy(e.actor(), false);
      case Event.AbortedBy e -> decidedBy(e.actor(), false);
      case Event.SecondAsked e -> decidedBy(e.proposal().actor(), false);
      case Event.Extended e -> decidedBy(e.actor(), false);
      case Event.Retired e -> decidedBy(e.actor(), false);
      case Event.ReadinessChanged e -> decidedBy(e.readiness().actor(), false);
      case Event.RetentionOver e -> startedBy(rollout);
      case Event.Drifted e -> startedBy(rollout);
      case Event.DriftEnded e -> startedBy(rollout);
      case Event.Observed e -> startedBy(rollout);
      case Event.EvidenceRenewed e -> startedBy(rollout);
      case Event.HeldBack e -> decidedBy(Actor.ENGINE, false);
      case Event.ApprovalAsked e -> decidedBy(Actor.ENGINE, false);
      case Event.RollbackConfirmed e -> decidedBy(lastActor(rollout), false);
      case Event.RollbackOverdue e -> decidedBy(lastActor(rollout), false);
      case Event.Started e -> startedBy(rollout);
      case Event.StepEntered e -> startedBy(rollout);
      case Event.ExposureApplied e -> startedBy(rollout);
      case Event.ExposureRefused e -> startedBy(rollout);
      case Event.LookTaken e -> startedBy(rollout);
      case Event.SourceLost e -> startedBy(rollout);
      case Event.SourceBack e -> startedBy(rollout);
      case Event.Released e -> startedBy(rollout);
      case Event.RetentionEnding e -> startedBy(rollout);
      case Event.Finished e -> startedBy(rollout);
    };
  }

  private static Actor lastActor(Rollout rollout) {
    return rollout.lastDecision().map(Decision::actor).orElse(Actor.ENGINE);
  }

  private static ObjectNode decidedBy(Actor actor, boolean forced) {
    return field("Decided by", by(actor, forced));
  }

  private static ObjectNode startedBy(Rollout rollout) {
    return field("Started by", by(rollout.startedBy(), false));
  }

  private static String by(Actor actor, boolean forced) {
    String who = actor.kind() == Actor.Kind.ENGINE ? "Sluice, by the plan" : Reasons.by(actor);
    return forced ? who + ", over a gate that was not open" : who;
  }

  private String links(Rollout rollout) {
    return Mrkdwn.link("Open the rollout", page.of(rollout.id()))
        + rollout.plan().links().entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .map(link -> " · " + Mrkdwn.link(link.getKey(), link.getValue()))
            .filter(link -> link.length() <= LINK)
            .limit(MOST_LINKS)
            .collect(Collectors.joining());
  }

  private static String origin(Outgoing.Announce news) {
    Rollout rollout = news.rollout();
    String hash = rollout.plan().hash();
    return Mrkdwn.time(news.event().at())
        + " · "
        + rollout.id()
        + " · plan "
        + Mrkdwn.escaped(hash.substring(0, Math.min(8, hash.length())));
  }

  private static ObjectNode header(String text) {
    ObjectNode block = JSON.objectNode().put("type", "header");
    block
        .putObject("text")
        .put("type", "plain_text")
        .put("text", Cut.toLength(text, HEADER))
        .put("emoji", false);
    return block;
  }

  private static ObjectNode section(String text) {
    ObjectNode block = JSON.objectNode().put("type", "section");
    block.set("text", mrkdwn(text));
    return block;
  }

  private static ObjectNode context(String text) {
    ObjectNode block = JSON.objectNode().put("type", "context");
    block.putArray("elements").add(mrkdwn(text));
    return block;
  }

  private static ObjectNode field(String name, String text) {
    return mrkdwn("*" + name + "*\n" + Mrkdwn.fitted(text, FIELD));
  }

  private static ObjectNode mrkdwn(String text) {
    return JSON.objectNode().put("type", "mrkdwn").put("text", text);
  }
}
