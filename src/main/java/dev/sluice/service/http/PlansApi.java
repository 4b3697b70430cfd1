package dev.sluice.service.http;

import dev.sluice.gates.plan.Plan;
import dev.sluice.gates.plan.Step;
import dev.sluice.service.config.ServerConfig.Role;
import dev.sluice.service.plan.PlanReading;
import dev.sluice.service.plan.Problem;
import dev.sluice.service.store.RolloutStore;
import dev.sluice.service.store.RolloutStore.PlanText;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Plans: handed in, listed, given back. */
public final class PlansApi {
  static final String PLANS = "/api/v1/plans";
  static final String PLAN = PLANS + "/{name}";

  private static final int PAGE = 50;
  private static final int LONGEST_PAGE = 200;
  private static final Cursor PLAN_CURSOR = new Cursor("plans");
  private static final Cursor REVISION_CURSOR = new Cursor("revisions");

  private final RolloutStore store;
  private final Function<String, PlanReading> reader;
  private final InstantSource clock;

  PlansApi(RolloutStore store, Function<String, PlanReading> reader, InstantSource clock) {
    this.store = store;
    this.reader = reader;
    this.clock = clock;
  }

  /** A plan as it was read, with the text it was read from. */
  record Handed(Plan plan, String text) {
    PlanText stored(Instant now) {
      return new PlanText(plan.name(), plan.hash(), text, now);
    }
  }

  private record Listed(String name, String hash, Instant storedAt) {}

  private record Listing(List<Listed> plans, Optional<String> next) {}

  /**
   * @param revision counts from 1
   */
  private record RevisionLine(long revision, String hash, Instant storedAt) {}

  private record History(List<RevisionLine> revisions, Optional<String> next) {}

  /**
   * @param changed whether this text differs from the one that was there
   */
  private record Accepted(
      String name, String hash, boolean stored, boolean changed, List<String> steps) {}

  List<Endpoint> endpoints() {
    return List.of(
        Endpoint.put(PLAN, Role.AUTHOR, Endpoint.Body.PLAN, this::put).knowing("dryRun"),
        Endpoint.get(PLANS, Role.VIEWER, this::list).knowing("after", "limit"),
        Endpoint.get(PLAN, Role.VIEWER, this::get),
        Endpoint.get(PLAN + "/revisions", Role.VIEWER, this::revisions).knowing("after", "limit"),
        Endpoint.get(PLAN + "/revisions/{revision}", Role.VIEWER, this::revision));
  }

  private Future<Answer> put(Call call) {
    String name = call.plan();
    boolean dryRun = call.flag("dryRun");
    Handed handed = handedIn(call.body());
    if (!handed.plan().name().equals(name)) {
      throw Problems.planInvalid(List.of(otherName(name, handed.plan().name()))).refusal();
    }
    return store
        .plan(name)
        .compose(
            before -> {
              checkRevision(call, before);
              return dryRun
                  ? Future.succeededFuture(accepted(handed, before, false))
                  : keep(call, handed, before).map(v -> accepted(handed, before, true));
            });
  }

  /** Where a revision was named, nothing may come between the check and the writing. */
  private Future<Void> keep(Call call, Handed handed, Optional<PlanText> before) {
    PlanText text = handed.stored(clock.instant());
    if (call.header("If-Match").isEmpty() && call.header("If-None-Match").isEmpty()) {
      return store.putPlan(text);
    }
    return store
        .replacePlan(text, before.map(PlanText::hash))
        .map(
            written -> {
              if (!written) {
                throw Problems.revision(
                        "Somebody else handed in this plan at the same moment. Read it again,"
                            + " then hand yours in.")
                    .refusal();
              }
              return null;
            });
  }

  /** Reads a plan from a body; everything that is wrong with it is said at once. */
  Handed handedIn(Buffer body) {
    String text = utf8(body);
    return new Handed(read(text), text);
  }

  Plan read(String text) {
    return switch (reader.apply(text)) {
      case PlanReading.Ok ok -> ok.plan();
      case PlanReading.Broken broken -> throw Problems.planInvalid(broken.problems()).refusal();
    };
  }

  private static String utf8(Buffer body) {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(body.getBytes()))
          .toString();
    } catch (CharacterCodingException e) {
      throw Problems.badRequest("The body is not UTF-8 text.").refusal();
    }
  }

  private static Problem otherName(String address, String own) {
    return new Problem(
        "/metadata/name",
        0,
        0,
        "the plan calls itself '" + own + "', the address says '" + address + "'",
        Optional.of("make them the same"));
  }

  private static void checkRevision(Call call, Optional<PlanText> before) {
    Optional<String> wanted = call.header("If-Match");
    String now = before.map(p -> etag(p.hash())).orElse("");
    if (wanted.isPresent() && (before.isEmpty() || !Call.names(wanted.get(), now))) {
      throw Problems.revision(
              before.isEmpty()
                  ? "There is no plan of this name yet."
                  : "The plan is at revision " + now + ". Read it again, then hand yours in.")
          .refusal();
    }
    if (before.isPresent() && call.header("If-None-Match").filter("*"::equals).isPresent()) {
      throw Problems.revision("There is a plan of this name already.").refusal();
    }
  }

  private static Answer accepted(Handed handed, Optional<PlanText> before, boolean stored) {
    Plan plan = handed.plan();
    boolean changed = before.filter(b -> b.hash().equals(plan.hash())).isEmpty();
    Accepted body =
        new Accepted(
            plan.name(),
            plan.hash(),
            stored,
            changed,
            plan.steps().stream().map(step -> step.id() + " " + step.exposure()).toList());
    return Answer.json(stored && before.isEmpty() ? 201 : 200, body)
        .with("ETag", etag(plan.hash()));
  }

  private Future<Answer> list(Call call) {
    int limit = (int) call.number("limit", LONGEST_PAGE, 1, LONGEST_PAGE);
    return store
        .plansAfter(PLAN_CURSOR.asked(call).orElse(""), limit)
        .map(
            plans -> {
              Optional<String> next =
                  plans.size() < limit
                      ? Optional.empty()
                      : Optional.of(PLAN_CURSOR.behind(plans.getLast().name()));
              List<Listed> listed =
                  plans.stream().map(p -> new Listed(p.name(), p.hash(), p.storedAt())).toList();
              return page(call, new Listing(listed, next), next, limit);
            });
  }

  private static Answer page(Call call, Object page, Optional<String> next, int limit) {
    Answer answer = Answer.json(200, page);
    return next.map(n -> answer.with("Link", Cursor.link(call, n, limit))).orElse(answer);
  }

  private Future<Answer> revisions(Call call) {
    String name = call.plan();
    int limit = (int) call.number("limit", PAGE, 1, LONGEST_PAGE);
    long before = REVISION_CURSOR.asked(call).map(PlansApi::number).orElse(Long.MAX_VALUE);
    return stored(name)
        .compose(known -> store.revisions(name, before, limit))
        .map(
            all -> {
              Optional<String> next =
                  all.size() < limit || all.getLast().number() == 1
                      ? Optional.empty()
                      : Optional.of(REVISION_CURSOR.behind(all.getLast().number() + ""));
              return page(call, new History(lines(all), next), next, limit);
            });
  }

  private static List<RevisionLine> lines(List<RolloutStore.Revision> all) {
    return all.stream()
        .map(r -> new RevisionLine(r.number(), r.plan().hash(), r.plan().storedAt()))
        .toList();
  }

  private Future<Answer> revision(Call call) {
    String name = call.plan();
    long number = number(call.path("revision"));
    return store
        .revisions(name, number + 1, 1)
        .map(
            found ->
                found.stream()
                    .filter(r -> r.number() == number)
                    .findFirst()
                    .map(r -> text(call, r.plan()))
                    .orElseThrow(() -> Problems.unknownRevision(name, number).refusal()));
  }

  private static long number(String text) {
    return text.matches("[0-9]{1,15}") ? Long.parseLong(text) : 0;
  }

  private Future<Answer> get(Call call) {
    return stored(call.plan()).map(plan -> text(call, plan));
  }

  private static Answer text(Call call, PlanText plan) {
    String etag = etag(plan.hash());
    return call.has(etag)
        ? Answer.notModified(etag)
        : Answer.of(200, Answer.YAML, Buffer.buffer(plan.text())).with("ETag", etag);
  }

  /** Fails with a {@link Refusal} when there is none. */
  public Future<PlanText> stored(String name) {
    return store
        .plan(name)
        .map(found -> found.orElseThrow(() -> Problems.unknownPlan(name).refusal()));
  }

  /** The steps of a stored plan; fails with a {@link Refusal} when it cannot be read. */
  public List<String> stepsOf(PlanText plan) {
    return read(plan.text()).steps().stream().map(Step::id).toList();
  }

  /** A stored plan, to be started; fails with a {@link Refusal} when there is none to be had. */
  public Future<Plan> startable(String name) {
    return stored(name).map(text -> read(text.text()));
  }

  private static String etag(String hash) {
    return "\"" + hash + "\"";
  }
}
