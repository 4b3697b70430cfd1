package dev.sluice.service.notify.webhook;

import dev.sluice.service.config.ServerConfig.Endpoint;
import dev.sluice.service.notify.post.Answers;
import dev.sluice.service.notify.post.Post;
import dev.sluice.service.outbox.Target;
import dev.sluice.service.store.RolloutStore.Message;
import dev.sluice.service.web.Caller;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** A flag system or a sink that takes signed messages over HTTP. */
public final class WebhookTarget implements Target {
  private final String name;
  private final Post post;
  private final Envelope envelope;
  private final InstantSource clock;

  /**
   * @param name in the server configuration
   * @param version of this service, for the user agent
   * @throws IllegalArgumentException if a secret cannot be read
   */
  public WebhookTarget(
      Caller caller, InstantSource clock, String name, Endpoint.Webhook endpoint, String version) {
    this.name = name;
    this.clock = clock;
    this.envelope = new Envelope(name, endpoint, version);
    this.post = new Post(caller, clock, name, endpoint.url(), endpoint.timeout(), List.of());
  }

  @Override
  public Future<Result> deliver(Message message) {
    return switch (envelope.seal(message, clock.instant())) {
      case Envelope.Sealed.Failed failed ->
          Future.succeededFuture(new Result.Retry(failed.sentence(), Optional.empty()));
      case Envelope.Sealed.Ok ok -> send(ok.letter());
    };
  }

  private Future<Result> send(Letter letter) {
    return post.send(
            HttpMethod.valueOf(letter.method()),
            letter.address(),
            letter.headers(),
            letter.body(),
            letter.hidden())
        .map(out -> Answers.result(name, out));
  }
}
