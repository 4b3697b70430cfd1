package dev.sluice.service.notify.slack;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.service.config.ServerConfig.Endpoint;
import dev.sluice.service.notify.post.Answers;
import dev.sluice.service.notify.post.Post;
import dev.sluice.service.notify.post.Post.Outcome;
import dev.sluice.service.outbox.Target;
import dev.sluice.service.store.RolloutStore.Message;
import dev.sluice.service.web.Caller;
import io.vertx.core.Future;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Slack incoming webhook. Its address is the secret.
 *
 * <p>When Slack refuses the blocks of a message (their rules change, and ours may be wrong), the
 * sentence alone is sent: a plain rollback message is better than none.
 */
public final class SlackTarget implements Target {
  private static final Logger LOG = LoggerFactory.getLogger(SlackTarget.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int BAD_REQUEST = 400;
  private static final int NOT_FOUND = 404;

  private final String name;
  private final Post post;
  private final Map<String, String> headers;

  /**
   * @param name in the server configuration
   * @param version of this service, for the user agent
   * @throws IllegalArgumentException if the address is none; the message does not show it
   */
  public SlackTarget(
      Caller caller, InstantSource clock, String name, Endpoint.Slack endpoint, String version) {
    this.name = name;
    URI address = address(name, endpoint.url().value());
    this.post =
        new Post(
            caller,
            clock,
            name,
            address,
            endpoint.timeout(),
            List.of(endpoint.url().value(), address.getPath()));
    this.headers =
        Map.of(
            "content-type", "application/json; charset=utf-8", "user-agent", "sluice/" + version);
  }

  private static URI address(String name, String url) {
    try {
      URI address = new URI(url);
      if (address.isAbsolute() && address.getHost() != null) {
        return address;
      }
    } catch (URISyntaxException e) {
      // Said below, without the text.
    }
    throw new IllegalArgumentException("the url of Slack sink '" + name + "' is no web address");
  }

  @Override
  public Future<Result> deliver(Message message) {
    return post.send(headers, message.body())
        .compose(
            outcome ->
                outcome instanceof Outcome.Answered answer && answer.status() == BAD_REQUEST
                    ? withoutBlocks(message, answer)
                    : Future.succeededFuture(result(outcome)));
  }

  private Future<Result> withoutBlocks(Message message, Outcome.Answered refusal) {
    Optional<String> plain = plain(message.body());
    if (plain.isEmpty()) {
      return Future.succeededFuture(new Result.Gone(Answers.sentence(name, refusal)));
    }
    LOG.error(
        "{} refuses the blocks of {} ({}); its sentence is sent alone",
        name,
        message.id(),
        refusal.begin());
    return post.send(headers, plain.get())
        .map(
            outcome ->
                outcome instanceof Outcome.Answered answer && answer.status() == BAD_REQUEST
                    ? new Result.Gone(Answers.sentence(name, refusal))
                    : result(outcome));
  }

  /** Empty if there is nothing to take away. */
  private static Optional<String> plain(String body) {
    try {
      return JSON.readTree(body) instanceof ObjectNode message && message.remove("blocks") != null
          ? Optional.of(message.toString())
          : Optional.empty();
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  /** 404 is Slack's word for a webhook that was taken away: no_service, channel_not_found. */
  private Result result(Outcome outcome) {
    return outcome instanceof Outcome.Answered answer && answer.status() == NOT_FOUND
        ? new Result.Gone(Answers.sentence(name, answer))
        : Answers.result(name, outcome);
  }
}
