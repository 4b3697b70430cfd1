package dev.sluice.service.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sluice.service.plan.Problem;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * An error as RFC 9457 wants it, before it is written.
 *
 * @param type short name, stable, for machines: "plan-invalid"; written as a URN
 * @param title the same for every problem of the type
 * @param detail what is wrong here, and the remedy
 * @param code of a refusal by the rollout: the name of its {@link
 *     dev.sluice.gates.rollout.Rejection.Code}
 * @param errors every mistake with its place
 */
public record HttpProblem(
    int status,
    String type,
    String title,
    String detail,
    Optional<String> code,
    List<Mistake> errors,
    Map<String, String> headers) {
  static final String CONTENT_TYPE = "application/problem+json";
  private static final String URN = "urn:sluice:problem:";

  public HttpProblem {
    errors = List.copyOf(errors);
    headers = Map.copyOf(headers);
  }

  /**
   * One mistake. What is not known is left out.
   *
   * @param pointer JSON pointer into the body; empty for the whole of it
   */
  @JsonInclude(JsonInclude.Include.NON_ABSENT)
  public record Mistake(
      String pointer, OptionalInt line, OptionalInt column, String detail, Optional<String> hint) {

    public static Mistake at(String pointer, String detail) {
      return new Mistake(
          pointer, OptionalInt.empty(), OptionalInt.empty(), detail, Optional.empty());
    }

    public static Mistake of(Problem problem) {
      return new Mistake(
          problem.pointer(),
          place(problem.line()),
          place(problem.column()),
          problem.message(),
          problem.hint());
    }

    public Mistake hinted(Optional<String> better) {
      return new Mistake(pointer, line, column, detail, better);
    }

    static OptionalInt place(int number) {
      return number > 0 ? OptionalInt.of(number) : OptionalInt.empty();
    }
  }

  public static HttpProblem of(int status, String type, String title, String detail) {
    return new HttpProblem(status, type, title, detail, Optional.empty(), List.of(), Map.of());
  }

  public HttpProblem with(List<Mistake> mistakes) {
    return new HttpProblem(status, type, title, detail, code, mistakes, headers);
  }

  public HttpProblem with(String header, String value) {
    return new HttpProblem(status, type, title, detail, code, errors, Map.of(header, value));
  }

  public HttpProblem coded(String word) {
    return new HttpProblem(status, type, title, detail, Optional.of(word), errors, headers);
  }

  /** As an exception, to leave a chain of futures with. */
  public Refusal refusal() {
    return new Refusal(this);
  }

  /**
   * @param instance the path that was asked for
   * @param requestId under which the server's log knows it
   */
  Answer answer(String instance, String requestId) {
    Written written =
        new Written(URN + type, title, status, detail, instance, code, errors, requestId);
    return headed(Answer.of(status, CONTENT_TYPE, ApiJson.write(written)));
  }

  /**
   * One line, for clients that show the body of a 4xx and lose that of a 5xx: what is our own
   * mistake is a 409 there.
   */
  Answer line() {
    String text = title + ": " + detail.replaceAll("\\s+", " ") + "\n";
    return headed(Answer.text(status < 500 ? status : 409, text));
  }

  /** What a client of the Prometheus API can read. */
  Answer asPrometheusSaysIt() {
    String kind = status < 500 ? "bad_data" : "unavailable";
    return headed(Answer.json(status, new Complaint("error", kind, title + ": " + detail)));
  }

  /**
   * What a client of the OpenFeature remote evaluation protocol can read.
   *
   * @param key of the flag that was asked for; absent where all were
   */
  Answer asOpenFeatureSaysIt(Optional<String> key) {
    String code =
        switch (status) {
          case 400, 413, 415 -> "PARSE_ERROR";
          default -> "GENERAL";
        };
    return headed(Answer.json(status, new Unevaluated(key, code, title + ": " + detail)));
  }

  private Answer headed(Answer answer) {
    Answer all = answer;
    for (Map.Entry<String, String> header : headers.entrySet()) {
      all = all.with(header.getKey(), header.getValue());
    }
    return all;
  }

  @JsonInclude(JsonInclude.Include.NON_ABSENT)
  private record Unevaluated(Optional<String> key, String errorCode, String errorDetails) {}

  private record Complaint(String status, String errorType, String error) {}

  @JsonInclude(JsonInclude.Include.NON_ABSENT)
  private record Written(
      String type,
      String title,
      int status,
      String detail,
      String instance,
      Optional<String> code,
      List<Mistake> errors,
      String requestId) {}
}
