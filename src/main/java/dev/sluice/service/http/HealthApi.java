package dev.sluice.service.http;

import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Is it alive, is it ready? Open to everybody: what asks is a kubelet or a balancer. What a probe
 * says may name addresses, so it is shown only to those who may read.
 */
final class HealthApi {
  private static final Duration FRESH = Duration.ofSeconds(1);
  private static final long PROBE_SECONDS = 3;

  private final Map<String, Supplier<Future<Void>>> probes;
  private final InstantSource clock;
  private Optional<Taken> last = Optional.empty();
  private boolean stopping;

  private record Taken(Instant at, Future<List<Part>> parts) {}

  /**
   * @param detail what is wrong and the remedy; absent when nothing is, or for strangers
   */
  private record Part(String name, boolean ok, Optional<String> detail) {}

  private record Ready(boolean ready, List<Part> parts) {}

  private record Live(boolean live) {}

  /**
   * @param probes by name, asked all together; in the order in which they are shown
   */
  HealthApi(Map<String, Supplier<Future<Void>>> probes, InstantSource clock) {
    this.probes = probes;
    this.clock = clock;
  }

  List<Endpoint> endpoints() {
    return List.of(
        health("/health/live", call -> Future.succeededFuture(Answer.json(200, new Live(true)))),
        health("/health/ready", this::ready));
  }

  private static Endpoint health(
      String path, java.util.function.Function<Call, Future<Answer>> handler) {
    return Endpoint.get(path, dev.sluice.service.config.ServerConfig.Role.VIEWER, handler)
        .open()
        .knowingAnything();
  }

  /** From now on it is not ready: whoever sends work here should stop. */
  void stopping() {
    stopping = true;
  }

  private Future<Answer> ready(Call call) {
    boolean known = !call.caller().equals(Caller.NOBODY);
    return parts()
        .map(
            parts -> {
              List<Part> all = new ArrayList<>(parts);
              if (stopping) {
                all.addFirst(new Part("server", false, Optional.of("It is being stopped.")));
              }
              boolean ready = all.stream().allMatch(Part::ok);
              List<Part> shown = known ? all : all.stream().map(HealthApi::bare).toList();
              return Answer.json(ready ? 200 : 503, new Ready(ready, shown));
            });
  }

  private static Part bare(Part part) {
    return new Part(part.name(), part.ok(), Optional.empty());
  }

  /** However often it is asked, the parts are probed once a second at most. */
  private synchronized Future<List<Part>> parts() {
    Instant now = clock.instant();
    if (last.isEmpty() || !now.isBefore(last.get().at().plus(FRESH))) {
      last = Optional.of(new Taken(now, probe()));
    }
    return last.get().parts();
  }

  private Future<List<Part>> probe() {
    List<Future<Part>> asked =
        probes.entrySet().stream().map(e -> part(e.getKey(), e.getValue())).toList();
    return Future.join(asked).map(all -> all.<Part>list());
  }

  private static Future<Part> part(String name, Supplier<Future<Void>> probe) {
    return asked(probe)
        .timeout(PROBE_SECONDS, TimeUnit.SECONDS)
        .map(v -> new Part(name, true, Optional.empty()))
        .otherwise(failure -> new Part(name, false, Optional.of(sentence(failure))));
  }

  private static Future<Void> asked(Supplier<Future<Void>> probe) {
    try {
      return probe.get();
    } catch (RuntimeException e) {
      return Future.failedFuture(e);
    }
  }

  private static String sentence(Throwable failure) {
    return Optional.ofNullable(failure.getMessage())
        .orElseGet(() -> failure.getClass().getSimpleName());
  }
}
