package dev.sluice.service.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.service.config.ServerConfig.Role;
import dev.sluice.service.store.AuditEntry;
import dev.sluice.service.store.RolloutStore;
import dev.sluice.service.store.RolloutStore.Audited;
import io.vertx.core.Future;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Who did and decided what, to read. Nothing in it is hidden from those who may see the rollouts:
 * their events say the same.
 */
final class AuditApi {
  static final String AUDIT = "/api/v1/audit";
  private static final int PAGE = 50;
  private static final int LONGEST_PAGE = 200;

  /** One question reads no more of the audit than this; {@code next} says where to go on. */
  private static final int MOST_READ = 2000;

  private final RolloutStore store;

  AuditApi(RolloutStore store) {
    this.store = store;
  }

  /**
   * @param next what to give as {@code after} to go on; absent at the end of the audit. A page may
   *     be short, or empty, and have one
   */
  private record Page(List<ObjectNode> entries, Optional<Long> next) {}

  List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get(AUDIT, Role.VIEWER, this::page)
            .knowing("after", "limit", "rollout", "plan", "actor", "since", "until"));
  }

  private record Wanted(int limit, Predicate<AuditEntry> matches) {}

  private Future<Answer> page(Call call) {
    long after = call.number("after", 0, 0, Long.MAX_VALUE);
    int limit = (int) call.number("limit", PAGE, 1, LONGEST_PAGE);
    Wanted wanted = new Wanted(limit, matching(call));
    return read(wanted, after, new ArrayList<>(), 0)
        .map(
            page -> {
              Answer answer = Answer.json(200, page);
              return page.next().map(n -> answer.with("Link", link(call, n))).orElse(answer);
            });
  }

  private static Predicate<AuditEntry> matching(Call call) {
    Optional<String> rollout = call.query("rollout");
    Optional<String> plan = call.query("plan");
    Optional<String> actor = call.query("actor");
    Optional<Instant> since = call.instant("since");
    Optional<Instant> until = call.instant("until");
    return entry ->
        rollout.filter(r -> !r.equals(entry.rollout())).isEmpty()
            && plan.filter(p -> !p.equals(entry.plan())).isEmpty()
            && actor.filter(a -> !a.equals(entry.actor().name())).isEmpty()
            && since.filter(entry.at()::isBefore).isEmpty()
            && until.filter(end -> !entry.at().isBefore(end)).isEmpty();
  }

  private Future<Page> read(Wanted wanted, long after, List<ObjectNode> found, int read) {
    return store
        .audit(after, LONGEST_PAGE)
        .compose(
            entries -> {
              for (Audited audited : entries) {
                AuditEntry.Sealed sealed = audited.entry();
                AuditEntry entry = sealed.entry();
                if (wanted.matches().test(entry)) {
                  found.add(shown(sealed, entry));
                }
                if (found.size() == wanted.limit()) {
                  return Future.succeededFuture(new Page(found, Optional.of(sealed.number())));
                }
              }
              if (entries.size() < LONGEST_PAGE) {
                return Future.succeededFuture(new Page(found, Optional.empty()));
              }
              long last = entries.getLast().entry().number();
              return read + entries.size() >= MOST_READ
                  ? Future.succeededFuture(new Page(found, Optional.of(last)))
                  : read(wanted, last, found, read + entries.size());
            });
  }

  /** The entry as the API writes things, with its hash; the sealed text is in the export. */
  private static ObjectNode shown(AuditEntry.Sealed sealed, AuditEntry entry) {
    ObjectNode shown = ApiJson.object(entry).put("hash", sealed.hash());
    entry.from().ifPresent(from -> shown.put("from", from.percent()));
    entry.to().ifPresent(to -> shown.put("to", to.percent()));
    return shown;
  }

  private static String link(Call call, long after) {
    StringBuilder query = new StringBuilder("after=" + after);
    for (String name : List.of("limit", "rollout", "plan", "actor", "since", "until")) {
      call.query(name)
          .ifPresent(
              value ->
                  query
                      .append('&')
                      .append(name)
                      .append('=')
                      .append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
    }
    return "<" + AUDIT + "?" + query + ">; rel=\"next\"";
  }
}
