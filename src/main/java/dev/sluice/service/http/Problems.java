package dev.sluice.service.http;

import dev.sluice.gates.rollout.Rejection;
import dev.sluice.service.config.ServerConfig.Role;
import dev.sluice.service.http.view.Words;
import dev.sluice.service.plan.Problem;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** The problems this server answers with, each named once. */
public final class Problems {
  private Problems() {}

  public static HttpProblem badRequest(String detail) {
    return HttpProblem.of(400, "bad-request", "The request cannot be read", detail);
  }

  public static HttpProblem badBody(List<HttpProblem.Mistake> mistakes) {
    return HttpProblem.of(
            400,
            "bad-body",
            "The body is not what this address takes",
            mistakes.size() == 1
                ? mistakes.getFirst().detail()
                : mistakes.size() + " mistakes in the body.")
        .with(mistakes);
  }

  public static HttpProblem badQuery(List<HttpProblem.Mistake> mistakes) {
    return HttpProblem.of(
            400,
            "bad-query",
            "The query is not what this address takes",
            mistakes.stream().map(HttpProblem.Mistake::detail).collect(Collectors.joining(" ")))
        .with(mistakes);
  }

  static HttpProblem unauthenticated() {
    return HttpProblem.of(
            401,
            "no-token",
            "Nobody knows who you are",
            "Send a token of this server's configuration: 'Authorization: Bearer TOKEN'.")
        .with("WWW-Authenticate", "Bearer realm=\"sluice\"");
  }

  static HttpProblem badToken(String why) {
    return HttpProblem.of(
            401,
            "bad-token",
            "The token is not accepted",
            "The token is not accepted: " + why.replaceAll("[\\p{Cntrl}]", " ") + ".")
        .with("WWW-Authenticate", "Bearer realm=\"sluice\", error=\"invalid_token\"");
  }

  static HttpProblem noRole(String name) {
    return HttpProblem.of(
        403,
        "role",
        "Your role may not do this",
        "The token of "
            + name
            + " is good, but gives no role here. http.oidc.roles of the server's configuration says"
            + " what gives one.");
  }

  static HttpProblem issuerAway() {
    return HttpProblem.of(
            503,
            "issuer-away",
            "Who you are cannot be checked now",
            "The keys of the issuer of your token cannot be fetched. Ask again, or use a token of"
                + " this server's configuration.")
        .with("Retry-After", "5");
  }

  static HttpProblem forbidden(String name, Role has, Role needs) {
    return HttpProblem.of(403, "role", "Your role may not do this", mayNot(name, has, needs));
  }

  static String mayNot(String name, Role has, Role needs) {
    return "This needs the role "
        + Words.of(needs)
        + "; the token of "
        + name
        + " has the role "
        + Words.of(has)
        + ".";
  }

  static HttpProblem foreignPage(String detail) {
    return HttpProblem.of(403, "foreign-page", "A page of another site may not act here", detail);
  }

  static HttpProblem noSuchPlace(String path) {
    return HttpProblem.of(
        404,
        "no-such-address",
        "There is nothing at this address",
        "Nothing is at " + path + ". The addresses of this server are in /openapi.json.");
  }

  public static HttpProblem unknownRollout(String id) {
    return HttpProblem.of(
        404,
        "unknown-rollout",
        "There is no such rollout",
        "There is no rollout '" + id + "'. GET /api/v1/rollouts lists them.");
  }

  public static HttpProblem unknownPlan(String name) {
    return HttpProblem.of(
        404,
        "unknown-plan",
        "There is no such plan",
        "There is no plan '" + name + "'. GET /api/v1/plans lists them.");
  }

  static HttpProblem unknownRevision(String plan, long revision) {
    return HttpProblem.of(
        404,
        "unknown-revision",
        "There is no such revision",
        "Plan "
            + plan
            + " has no revision "
            + revision
            + ". GET /api/v1/plans/"
            + plan
            + "/revisions lists them.");
  }

  static HttpProblem tooMany(Duration wait) {
    return HttpProblem.of(
            429,
            "too-many-requests",
            "Too many requests",
            "Ask again in " + Math.max(1, wait.toSeconds()) + " s. A rollback is never refused.")
        .with("Retry-After", Math.max(1, wait.toSeconds()) + "");
  }

  public static HttpProblem unknownStep(String plan, String step, List<String> known) {
    return HttpProblem.of(
        404,
        "unknown-step",
        "There is no such step",
        "Plan "
            + plan
            + " has no step '"
            + step
            + "'. Its steps are "
            + String.join(", ", known)
            + ".");
  }

  static HttpProblem methodNotAllowed(Set<HttpMethod> allowed) {
    String names =
        allowed.stream().map(HttpMethod::name).sorted().collect(Collectors.joining(", "));
    return HttpProblem.of(
            405,
            "method",
            "This address does not take that method",
            "This address takes " + names + ".")
        .with("Allow", names);
  }

  static HttpProblem tooSlow() {
    return HttpProblem.of(
            408, "too-slow", "The request took too long to arrive", "Send the body without pauses.")
        .with("Connection", "close");
  }

  static HttpProblem tooLarge(long limit) {
    return HttpProblem.of(
            413,
            "too-large",
            "The body is too large",
            "A body may have " + limit + " bytes at most.")
        .with("Connection", "close");
  }

  static HttpProblem contentType(String accepted, String had) {
    return HttpProblem.of(
        415,
        "content-type",
        "This address does not take that type of content",
        "Send 'Content-Type: "
            + accepted
            + "'"
            + (had.isEmpty()
                ? "; there was none."
                : "; it was '" + had.toLowerCase(Locale.ROOT) + "'.")
            + " A page of another site cannot send that type by itself, which is why it is asked"
            + " for.");
  }

  static HttpProblem planInvalid(List<Problem> problems) {
    int number = problems.size();
    return HttpProblem.of(
            422,
            "plan-invalid",
            "The plan is not valid",
            number == 1 ? problems.getFirst().message() + "." : number + " mistakes in the plan.")
        .with(problems.stream().map(HttpProblem.Mistake::of).toList());
  }

  static HttpProblem refused(Rejection rejection) {
    int status = rejection.code() == Rejection.Code.NOT_SUPPORTED ? 422 : 409;
    return HttpProblem.of(status, "refused", "The rollout says no", rejection.sentence())
        .coded(Words.of(rejection.code()));
  }

  static HttpProblem stale(long expected, long version) {
    return HttpProblem.of(
            409,
            "stale",
            "The rollout has moved on",
            "You saw version "
                + expected
                + "; it is at version "
                + version
                + " now. Look again, then decide.")
        .coded("stale");
  }

  static HttpProblem changedMeanwhile() {
    return HttpProblem.of(
            409,
            "stale",
            "The rollout has moved on",
            "Something else happened to it at the same moment. Look again, then decide.")
        .coded("stale");
  }

  static HttpProblem revision(String detail) {
    return HttpProblem.of(412, "revision", "It is not the revision you named", detail);
  }

  static HttpProblem keyInUse() {
    return HttpProblem.of(
        409,
        "idempotency-key",
        "The first request with this key is still under way",
        "Wait for its answer, or ask again in a second.");
  }

  static HttpProblem keyReused() {
    return HttpProblem.of(
        422,
        "idempotency-key",
        "This key belongs to another request",
        "The key was used with another body. Use a new key for a new request.");
  }

  static HttpProblem rollbackNotWritten() {
    return HttpProblem.of(
            503,
            "rollback-not-written",
            "The rollback could not be written down",
            "Ask again. If it keeps failing, take the flag back in its own system: nobody else will.")
        .with("Retry-After", "1");
  }

  static HttpProblem tooManyWatchers() {
    return HttpProblem.of(
            503,
            "too-many-watchers",
            "Too many are watching",
            "Ask for the rollout now and then instead, or come back later.")
        .with("Retry-After", "10");
  }

  static HttpProblem busy() {
    return HttpProblem.of(
            429,
            "busy",
            "A rollout is judged again already",
            "One at a time, because it asks the metrics system a lot. Ask when that has ended.")
        .with("Retry-After", "10");
  }

  static HttpProblem ours() {
    return HttpProblem.of(
        500,
        "internal",
        "A mistake of this server",
        "The server's log has the details under the request id.");
  }
}
