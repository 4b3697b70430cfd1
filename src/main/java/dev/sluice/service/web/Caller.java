package dev.sluice.service.web;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import io.vertx.ext.web.client.impl.HttpContext;

/**
 * The web client, for answers that must not be read to their end, however far off that is.
 *
 * <p>The web client lets go of its request as soon as the answer begins: a body codec that fails
 * ends the future, while the rest of the answer goes on coming and is thrown away. So the request
 * is kept from the moment it is sent, and {@link Call#cut} resets it.
 *
 * <p>Redirects are never followed: whoever can redirect could have our queries and messages, with
 * their headers, sent anywhere.
 */
public final class Caller {
  private final WebClient client;

  public Caller(Vertx vertx, WebClientOptions options, PoolOptions pool) {
    client =
        WebClient.create(
            vertx,
            new WebClientOptions(options).setFollowRedirects(false).setUserAgentEnabled(false),
            pool);
    client.addInterceptor(Caller::keep);
  }

  private static void keep(HttpContext<?> context) {
    if (context.request().bodyCodec() instanceof Call.Body body) {
      switch (context.phase()) {
        case SEND_REQUEST -> body.call().sent(context.clientRequest());
        case RECEIVE_RESPONSE -> body.call().answered(context.clientResponse());
        case PREPARE_REQUEST, CREATE_REQUEST, FOLLOW_REDIRECT, DISPATCH_RESPONSE, FAILURE -> {}
      }
    }
    context.next();
  }

  /** Sends at once. Method, address, headers and time limits are those of the options. */
  public Call send(RequestOptions options, Buffer body, Answering answering) {
    Call call = new Call(answering);
    client
        .request(new RequestOptions(options).setFollowRedirects(false))
        .as(call.body())
        .sendBuffer(body)
        .onSuccess(answer -> call.over())
        .onFailure(call::failed);
    return call;
  }

  /** Ends what is under way. */
  public void close() {
    client.close();
  }
}
