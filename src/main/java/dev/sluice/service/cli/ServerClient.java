package dev.sluice.service.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.sluice.service.http.ApiJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Talks to a Sluice server. Follows no redirects: a token goes where it was meant for. */
final class ServerClient {
  /** In place of a revision: there is none yet. */
  static final String NONE = "none";

  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration ANSWER = Duration.ofSeconds(30);
  private static final JsonMapper LENIENT =
      ApiJson.mapper()
          .rebuild()
          // A newer server may say more than this client knows.
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  private final URI server;
  private final String token;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NEVER)
          .connectTimeout(CONNECT)
          .build();

  ServerClient(URI server, String token) {
    this.server = server;
    this.token = token;
  }

  /**
   * What came back.
   *
   * @param etag empty where there is none
   */
  record Reply(int status, String body, String etag) {
    boolean ok() {
      return status / 100 == 2;
    }

    JsonNode json() {
      try {
        return LENIENT.readTree(body);
      } catch (JsonProcessingException e) {
        return MissingNode.getInstance();
      }
    }

    <T> T as(Class<T> type) {
      try {
        return LENIENT.readValue(body, type);
      } catch (JsonProcessingException e) {
        throw new Unreachable("What answers is no Sluice server: " + e.getOriginalMessage());
      }
    }
  }

  /** Nothing that can be used came back. */
  static final class Unreachable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unreachable(String message) {
      super(message);
    }
  }

  /** Part of a path. */
  static String segment(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  Reply get(String path) {
    return send(request(path, ANSWER).GET());
  }

  /** Waits for another version than the one of this tag; 304 when there is none in that time. */
  Reply news(String path, String etag, Duration wait) {
    String query = "?wait=" + wait.toSeconds() + "s";
    return send(request(path + query, ANSWER.plus(wait)).header("If-None-Match", etag).GET());
  }

  Reply post(String path, String json) {
    return post(path, "application/json", BodyPublishers.ofString(json));
  }

  Reply postPlan(String path, String text) {
    return post(path, "application/yaml", BodyPublishers.ofString(text));
  }

  /**
   * An answer that comes a JSON object a line, each when it is known. May take as long as it takes:
   * whoever waits can break it off, and the server notices. A refusal is thrown as one.
   */
  void lines(String path, Consumer<JsonNode> reader) {
    try {
      HttpResponse<Stream<String>> answer =
          client.send(
              request(path, ANSWER.multipliedBy(10)).GET().build(),
              HttpResponse.BodyHandlers.ofLines());
      try (Stream<String> lines = answer.body()) {
        if (answer.statusCode() != 200) {
          throw new ServerCommand.Refused(
              new Reply(answer.statusCode(), lines.collect(Collectors.joining("\n")), ""));
        }
        lines.forEach(line -> reader.accept(new Reply(200, line, "").json()));
      }
    } catch (IOException | UncheckedIOException e) {
      throw new Unreachable("The connection to " + server + " was lost: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Unreachable("Interrupted while waiting for " + server);
    }
  }

  /**
   * Hands a plan in.
   *
   * @param expected the revision it replaces, or {@link #NONE}; else the server refuses with 412
   */
  Reply putPlan(String path, String text, String expected) {
    HttpRequest.Builder request =
        request(path, ANSWER)
            .header("Content-Type", "application/yaml")
            .PUT(BodyPublishers.ofString(text));
    return send(
        expected.equals(NONE)
            ? request.header("If-None-Match", "*")
            : request.header("If-Match", "\"" + expected + "\""));
  }

  private Reply post(String path, String contentType, BodyPublisher body) {
    return send(request(path, ANSWER).header("Content-Type", contentType).POST(body));
  }

  private HttpRequest.Builder request(String path, Duration timeout) {
    URI uri;
    try {
      uri = URI.create(server.toString().replaceFirst("/+$", "") + path);
      HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(timeout);
      return token.isEmpty() ? request : request.header("Authorization", "Bearer " + token);
    } catch (IllegalArgumentException e) {
      throw new Unreachable(
          "'" + server + "' is no address of a server: it should look like http://host:8080");
    }
  }

  private Reply send(HttpRequest.Builder request) {
    try {
      HttpResponse<String> answer =
          client.send(request.build(), HttpResponse.BodyHandlers.ofString());
      return new Reply(
          answer.statusCode(), answer.body(), answer.headers().firstValue("ETag").orElse(""));
    } catch (IOException e) {
      throw new Unreachable(
          "Nothing answers at "
              + server
              + Optional.ofNullable(e.getMessage()).map(m -> " (" + m + ")").orElse("")
              + ". Is the server running? Name another one with --server or SLUICE_SERVER.");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Unreachable("Interrupted while waiting for " + server);
    }
  }
}
