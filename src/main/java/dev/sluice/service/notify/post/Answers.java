package dev.sluice.service.notify.post;

import dev.sluice.service.notify.post.Post.Outcome;
import dev.sluice.service.outbox.Target;
import java.util.Optional;
import java.util.Set;

/** What an answer means to a message. */
public final class Answers {
  private static final int GONE = 410;

  /** Too much or not now: here the target may say how long to wait. */
  private static final Set<Integer> BUSY = Set.of(429, 502, 503, 504);

  private Answers() {}

  /**
   * Only 2xx is success; a redirect is none, because whoever can redirect could send our messages,
   * with their headers, anywhere.
   */
  public static Target.Result result(String name, Outcome outcome) {
    return switch (outcome) {
      case Outcome.Failed failed -> new Target.Result.Retry(failed.sentence(), Optional.empty());
      case Outcome.Answered answer ->
          answer.success() ? new Target.Result.Ok() : failure(name, answer);
    };
  }

  private static Target.Result failure(String name, Outcome.Answered answer) {
    if (answer.status() == GONE) {
      return new Target.Result.Gone(sentence(name, answer));
    }
    if (answer.status() >= 300 && answer.status() < 400) {
      return new Target.Result.Retry(
          name
              + " answered "
              + answer.status()
              + ", a redirect. Redirects are not followed: put the final address into the server configuration.",
          Optional.empty());
    }
    return new Target.Result.Retry(
        sentence(name, answer), BUSY.contains(answer.status()) ? answer.after() : Optional.empty());
  }

  /** "flags answered 503: try later". */
  public static String sentence(String name, Outcome.Answered answer) {
    return name
        + " answered "
        + answer.status()
        + (answer.begin().isEmpty() ? "." : ": " + answer.begin());
  }
}
