package dev.sluice.service.notify;

import dev.sluice.gates.rollout.Outgoing;
import dev.sluice.gates.rollout.RolloutId;
import dev.sluice.service.config.ServerConfig.Endpoint;
import dev.sluice.service.notify.slack.SlackMessages;
import dev.sluice.service.notify.text.RolloutPage;
import dev.sluice.service.notify.webhook.CloudEvents;
import dev.sluice.service.outbox.Composer;
import dev.sluice.service.outbox.FlagCommand;
import dev.sluice.service.store.RolloutStore.Message;
import java.net.URI;
import java.util.List;
import java.util.Map;

/**
 * Gives every target the body that its configured endpoint understands. A sink that is not
 * configured gets a CloudEvent: the relay then says that nobody knows it.
 */
public final class EndpointComposer implements Composer {
  private final Map<String, Endpoint> sinks;
  private final CloudEvents cloudEvents;
  private final SlackMessages slack;

  /**
   * @param sinks by name, as in the server configuration
   * @param publicUrl where people reach this server
   */
  public EndpointComposer(Map<String, Endpoint> sinks, URI publicUrl) {
    this.sinks = Map.copyOf(sinks);
    RolloutPage page = new RolloutPage(publicUrl);
    this.cloudEvents = new CloudEvents(page);
    this.slack = new SlackMessages(page);
  }

  @Override
  public List<Message> compose(List<Outgoing> outgoing) {
    return outgoing.stream().map(this::message).toList();
  }

  private Message message(Outgoing outgoing) {
    return switch (outgoing) {
      case Outgoing.SetExposure command -> command(command);
      case Outgoing.Announce news -> news(news);
    };
  }

  private Message command(Outgoing.SetExposure command) {
    String id = FlagCommand.messageId(command.decision());
    return new Message(
        id,
        command.rollout().id(),
        command.flag().target(),
        switch (command.decision().kind()) {
          case ROLL_BACK -> true;
          case PROMOTE, HOLD -> false;
        },
        Message.Kind.FLAG,
        cloudEvents.command(id, command));
  }

  private Message news(Outgoing.Announce news) {
    String id = newsId(news);
    return new Message(
        id,
        news.rollout().id(),
        news.to().sink(),
        urgent(news),
        Message.Kind.ANNOUNCEMENT,
        body(id, news));
  }

  /**
   * Whoever is on call hears of a regression first, even where older news waits for a sink that was
   * away.
   */
  private static boolean urgent(Outgoing.Announce news) {
    return switch (news.topic()) {
      case REGRESSION, ROLLBACK_FAILED -> true;
      case STARTED, STEP, PROGRESS, HELD, INCONCLUSIVE, APPROVAL -> false;
      case ROLLED_BACK, COMPLETED, RETENTION_ENDING, ERROR -> false;
    };
  }

  private String body(String id, Outgoing.Announce news) {
    Endpoint endpoint = sinks.get(news.to().sink());
    return endpoint instanceof Endpoint.Slack ? slack.of(news) : cloudEvents.news(id, news);
  }

  /**
   * Unique in the store: the rollout, the event and whom it is for. Without dots and spaces,
   * because it is signed and sent as a header.
   */
  private static String newsId(Outgoing.Announce news) {
    RolloutId rollout = news.rollout().id();
    String channel = news.to().channel().map(c -> "-" + c).orElse("");
    String whom = (news.to().sink() + channel).replaceAll("[^A-Za-z0-9_-]+", "_");
    return rollout + "-" + news.key() + "-" + whom;
  }
}
