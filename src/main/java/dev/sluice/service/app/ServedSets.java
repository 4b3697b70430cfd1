package dev.sluice.service.app;

import dev.sluice.service.config.FlagdEndpoint;
import dev.sluice.service.config.ServerConfig;
import dev.sluice.service.files.AtomicFile;
import dev.sluice.service.http.Endpoint;
import dev.sluice.service.http.openfeature.FlagdApi;
import dev.sluice.service.http.openfeature.OfrepApi;
import dev.sluice.service.http.openfeature.Served;
import dev.sluice.service.loop.Scheduler;
import dev.sluice.service.served.FileCopy;
import dev.sluice.service.served.Published;
import dev.sluice.service.served.WrittenFile;
import dev.sluice.service.store.RolloutStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The flags that this server serves itself; without any it does nothing at all. */
final class ServedSets {
  private static final Logger LOG = LoggerFactory.getLogger(ServedSets.class);

  /** How soon what another replica commits is served here too. */
  private static final Duration REFRESH = Duration.ofSeconds(1);

  private final Map<String, FlagdEndpoint> sets;
  private final Published published;
  private final Scheduler scheduler;
  private final boolean shared;
  private boolean running;
  private boolean failing;

  ServedSets(Vertx vertx, ServerConfig config, RolloutStore store, Scheduler scheduler) {
    this.sets = sets(config);
    this.scheduler = scheduler;
    this.shared = store.leases().isPresent();
    Map<String, FileCopy> copies = new LinkedHashMap<>();
    sets.forEach((name, set) -> copies.put(name, copy(vertx, set)));
    published = new Published(store, copies);
  }

  private static Map<String, FlagdEndpoint> sets(ServerConfig config) {
    Map<String, FlagdEndpoint> sets = new LinkedHashMap<>();
    config
        .flags()
        .forEach(
            (name, endpoint) -> {
              if (endpoint instanceof FlagdEndpoint set) {
                sets.put(name, set);
              }
            });
    return sets;
  }

  private static FileCopy copy(Vertx vertx, FlagdEndpoint set) {
    return set.file()
        .<FileCopy>map(file -> new WrittenFile(vertx, new AtomicFile(file)))
        .orElse(FileCopy.NONE);
  }

  Published published() {
    return published;
  }

  List<Endpoint> endpoints() {
    List<Served> served = new ArrayList<>();
    sets.forEach((name, set) -> served.add(new Served(name, set.token(), published)));
    List<Endpoint> all = new ArrayList<>(new FlagdApi(served).endpoints());
    all.addAll(new OfrepApi(served).endpoints());
    return all;
  }

  /** Nothing is answered before all is known: an empty set would take every user back. */
  Future<Void> load() {
    return published.load();
  }

  /** Where others commit to the same store, looks for that; on the scheduler. */
  void start() {
    running = shared && !sets.isEmpty();
    if (running) {
      scheduler.after(REFRESH, this::refresh);
    }
  }

  void stop() {
    running = false;
  }

  private void refresh() {
    if (!running) {
      return;
    }
    published
        .refresh()
        .onComplete(
            done -> {
              if (done.failed() && !failing) {
                LOG.warn(
                    "What other replicas decided cannot be read now; the flags are served as they were last known: {}",
                    done.cause().getMessage());
              }
              failing = done.failed();
              start();
            });
  }
}
