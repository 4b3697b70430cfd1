package dev.sluice.service.metrics.prometheus;

import dev.sluice.analyzer.Absence;
import dev.sluice.service.web.Answering;
import dev.sluice.service.web.Call;
import dev.sluice.service.web.Caller;
import io.netty.handler.codec.DecoderException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.http.StreamResetException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * One request for one query. Whatever ends it early (the deadline, a bound, an answer that makes no
 * sense) also closes the connection: nobody goes on sending what nobody reads.
 */
final class Attempt implements Answering {

  /** What came of it. */
  sealed interface Result {
    record Replied(Reply reply) implements Result {}

    /** The connection was lost under way: worth a second attempt, queries change nothing. */
    record Cut() implements Result {}
  }

  private final Query query;
  private final Voice voice;
  private final long maxBytes;
  private final AnswerReader reader;
  private final Promise<Result> promise = Promise.promise();
  private @Nullable Call call;
  private @Nullable Unreadable unreadable;
  private int status;
  private String contentType = "";
  private String location = "";
  private long bytes;

  Attempt(Query query, Voice voice, long maxBytes, int maxSeries) {
    this.query = query;
    this.voice = voice;
    this.maxBytes = maxBytes;
    this.reader = new AnswerReader(maxSeries);
  }

  Future<Result> send(Caller caller, RequestOptions options, Buffer form, Deadline deadline) {
    Call sent = caller.send(options, form, this);
    call = sent;
    deadline.passed().onSuccess(v -> give(voice.late(deadline.length())));
    sent.ended().onSuccess(v -> conclude()).onFailure(this::lost);
    return promise.future();
  }

  @Override
  public void begins(HttpClientResponse head) {
    status = head.statusCode();
    contentType = Optional.ofNullable(head.getHeader(HttpHeaders.CONTENT_TYPE)).orElse("");
    location = Optional.ofNullable(head.getHeader(HttpHeaders.LOCATION)).orElse("");
  }

  @Override
  public void goesOn(Buffer piece) {
    bytes += piece.length();
    if (bytes > maxBytes) {
      give(voice.tooLarge());
      return;
    }
    if (unreadable != null) {
      return;
    }
    try {
      reader.feed(piece.getBytes());
    } catch (Unreadable e) {
      unreadable = e;
      if (success()) {
        give(voice.unreadable(e, contentType));
      }
    }
  }

  private boolean success() {
    return status >= 200 && status < 300;
  }

  private void conclude() {
    if (status == 401 || status == 403) {
      give(voice.credentials(status));
    } else if (status >= 300 && status < 400) {
      give(voice.redirect(status, location));
    } else {
      give(body());
    }
  }

  private Reply body() {
    try {
      if (unreadable != null) {
        throw unreadable;
      }
      return switch (reader.finish()) {
        case AnswerReader.Read.Success r when success() -> answered(r.answer());
        case AnswerReader.Read.Success r -> new Reply.Failed(voice.status(status));
        case AnswerReader.Read.Failure r -> new Reply.Failed(error(r));
      };
    } catch (Unreadable e) {
      return new Reply.Failed(success() ? voice.unreadable(e, contentType) : voice.status(status));
    }
  }

  private Reply answered(Answer answer) {
    return answer.warnings().isEmpty()
        ? new Reply.Answered(answer)
        : new Reply.Failed(voice.partial(answer.warnings()));
  }

  private Trouble error(AnswerReader.Read.Failure error) {
    return status == 400
        ? voice.refused(query.promql(), error.message())
        : voice.failed(query.promql(), error.type(), error.message());
  }

  private void lost(Throwable cause) {
    String message = String.valueOf(cause.getMessage());
    switch (cause) {
      case UnknownHostException e -> give(voice.notReached("its host name is not known here"));
      case ConnectException e ->
          give(voice.notReached("the connection was refused or not made in time"));
      case SSLException e -> give(voice.notTrusted(message));
      case DecoderException e -> give(voice.notHttp(message));
      case IllegalArgumentException e -> give(voice.notHttp(message));
      case HttpClosedException e -> end(new Result.Cut());
      case StreamResetException e -> end(new Result.Cut());
      case SocketException e -> end(new Result.Cut());
      case ClosedChannelException e -> end(new Result.Cut());
      default -> give(voice.notReached(message));
    }
  }

  private void give(Trouble trouble) {
    give(new Reply.Failed(trouble));
  }

  private void give(Reply reply) {
    end(new Result.Replied(reply));
  }

  private void end(Result result) {
    if (promise.tryComplete(result) && call != null && unfinished(result)) {
      call.cut();
    }
  }

  /** A body that was read to its end leaves a connection that can be used again. */
  private boolean unfinished(Result result) {
    return switch (result) {
      case Result.Cut c -> true;
      case Result.Replied r ->
          r.reply() instanceof Reply.Failed f
              && (f.trouble().why() == Absence.UNREACHABLE
                  || f.trouble().why() == Absence.TOO_LARGE
                  || f.trouble().why() == Absence.TOO_MANY_SERIES
                  || f.trouble().why() == Absence.MALFORMED);
    };
  }
}
