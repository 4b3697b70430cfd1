package dev.sluice.service.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;

/**
 * A flag system that does what docs/reference/webhook.md asks of it and no more: it drops what it
 * has seen by its id, and keeps what is new in the order of its arrival.
 */
final class Receiver implements AutoCloseable {
  private final ObjectMapper json = new ObjectMapper();
  private final HttpServer server;
  private final Set<String> ids = new HashSet<>();
  private final Map<String, List<Long>> sequences = new HashMap<>();
  private int repeats;

  Receiver() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(Executors.newFixedThreadPool(2));
    server.createContext("/", this::receive);
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  private void receive(HttpExchange exchange) throws IOException {
    JsonNode data = json.readTree(exchange.getRequestBody()).path("data");
    keep(
        exchange.getRequestHeaders().getFirst("webhook-id"),
        data.path("rollout").asText(),
        data.path("sequence").asLong());
    exchange.sendResponseHeaders(204, -1);
    exchange.close();
  }

  private synchronized void keep(String id, String rollout, long sequence) {
    if (ids.add(id)) {
      sequences.computeIfAbsent(rollout, r -> new ArrayList<>()).add(sequence);
    } else {
      repeats++;
    }
  }

  /** The sequences of a rollout's decisions, as they came, without repeats. */
  synchronized List<Long> of(String rollout) {
    return List.copyOf(sequences.getOrDefault(rollout, List.of()));
  }

  synchronized int repeats() {
    return repeats;
  }

  @Override
  public void close() {
    server.stop(0);
    ((java.util.concurrent.ExecutorService) server.getExecutor()).shutdownNow();
  }
}
