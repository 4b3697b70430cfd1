package dev.sluice.service.web;

import io.vertx.core.MultiMap;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What came of a request. */
public sealed interface Reply {

  /**
   * @param body the whole of it
   */
  record Answered(int status, MultiMap headers, String body) implements Reply {
    public boolean success() {
      return status >= 200 && status < 300;
    }

    public boolean redirect() {
      return status >= 300 && status < 400;
    }

    /** How long to wait, where the answer says so in a way that can be read. */
    public Optional<Duration> after(Instant now) {
      return Optional.ofNullable(headers.get("Retry-After"))
          .flatMap(header -> RetryAfter.parse(header, now));
    }
  }

  /**
   * No answer. Whether the request arrived is not known.
   *
   * @param what went wrong, to follow the receiver's name: "did not answer within 15 s"
   */
  record None(String what) implements Reply {}
}
