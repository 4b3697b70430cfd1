package dev.sluice.service.notify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.gates.plan.Notify;
import dev.sluice.gates.rollout.Outgoing;
import dev.sluice.service.config.Secret;
import dev.sluice.service.config.ServerConfig.Endpoint;
import dev.sluice.service.outbox.FlagCommand;
import dev.sluice.service.store.RolloutStore.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EndpointComposerTest {
  private final EndpointComposer composer =
      new EndpointComposer(
          Map.of(
              "slack",
              new Endpoint.Slack(
                  new Secret("https://hooks.slack.example/x"), Duration.ofSeconds(5))),
          Scenes.PUBLIC);

  private Message only(List<Message> messages, String target) {
    List<Message> found = messages.stream().filter(m -> m.target().equals(target)).toList();
    assertEquals(1, found.size());
    return found.getFirst();
  }

  @Test
  void aRollbackCommandsTheFlagAndTellsEverySinkInItsOwnForm() {
    List<Message> messages = composer.compose(Scenes.outgoing("rolls-back"));

    Message flag = only(messages, "unleash-prod");
    assertEquals(Message.Kind.FLAG, flag.kind());
    assertTrue(flag.urgent());
    assertEquals(Scenes.ID + "-3", flag.id());
    assertEquals(3, FlagCommand.of(flag).decisionSequence());
    assertTrue(flag.body().contains("\"type\":\"sluice.decision.rollback.v1\""));
    assertTrue(flag.body().contains("\"id\":\"" + flag.id() + "\""));

    Message slack = only(messages, "slack");
    assertEquals(Message.Kind.ANNOUNCEMENT, slack.kind());
    assertTrue(slack.urgent(), "on-call hears of it before older news");
    assertTrue(slack.body().contains("\"blocks\""));
    assertEquals(Scenes.ID + "-v118-regression-slack-_payments-rollouts", slack.id());

    Message machines = only(messages, "machines");
    assertTrue(machines.body().contains("\"type\":\"sluice.regression.v1\""));
    assertTrue(machines.body().contains("\"id\":\"" + machines.id() + "\""));
  }

  @Test
  void aPromotionIsNotUrgent() {
    composer.compose(Scenes.outgoing("promoted")).forEach(m -> assertFalse(m.urgent(), m.id()));
  }

  @Test
  void idsAreUniqueAndFitIntoAHeaderAndASignature() {
    List<Message> all = new ArrayList<>();
    Scenes.all().keySet().forEach(s -> all.addAll(composer.compose(Scenes.outgoing(s))));
    for (long seed = 0; seed < 50; seed++) {
      all.addAll(composer.compose(new Wild(seed).outgoing()));
    }
    all.forEach(m -> assertTrue(m.id().matches("[A-Za-z0-9_-]{1,300}"), m.id()));
  }

  @Test
  void twoChannelsOfOneSinkGetOneMessageEach() {
    Outgoing.Announce one = Scenes.news("promoted", "slack");
    Outgoing.Announce other =
        new Outgoing.Announce(
            new Notify("slack", Optional.of("#another"), Set.of(), List.of()),
            one.topic(),
            one.key(),
            one.headline(),
            one.event(),
            one.rollout());

    List<Message> messages = composer.compose(List.of(one, other));

    assertEquals(2, new HashSet<>(messages.stream().map(Message::id).toList()).size());
  }

  @Test
  void theSameEventGivesTheSameMessages() {
    assertEquals(
        composer.compose(Scenes.outgoing("rolls-back")),
        composer.compose(Scenes.outgoing("rolls-back")));
  }
}
