package dev.sluice.service.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sluice.gates.rollout.RolloutId;
import dev.sluice.service.config.ConfigReader;
import dev.sluice.service.config.ConfigReading;
import dev.sluice.service.config.ServerConfig;
import dev.sluice.service.config.ServerConfig.Endpoint;
import dev.sluice.service.config.TextFile;
import dev.sluice.service.notify.webhook.Envelope;
import dev.sluice.service.notify.webhook.Letter;
import dev.sluice.service.notify.webhook.WebhookTarget;
import dev.sluice.service.outbox.Target;
import dev.sluice.service.store.RolloutStore.Message;
import dev.sluice.service.template.SampleEvents;
import dev.sluice.service.web.Caller;
import io.vertx.core.Vertx;
import io.vertx.core.http.PoolOptions;
import io.vertx.ext.web.client.WebClientOptions;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sluice webhook}: what a receiver is sent, seen before it is sent, or sent once more. */
@Command(
    name = "webhook",
    description = "What a webhook is sent: look at it, or send an event again.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {WebhookCommand.Preview.class, WebhookCommand.Replay.class})
final class WebhookCommand {
  private WebhookCommand() {}

  /** Which event is shown. */
  enum Sample {
    PROMOTE,
    ROLLBACK,
    DISABLE,
    NEWS;

    /** In the order of {@link SampleEvents#all()}. */
    JsonNode event() {
      return switch (this) {
        case PROMOTE -> SampleEvents.COMMAND.all().get(0);
        case ROLLBACK -> SampleEvents.COMMAND.all().get(1);
        case DISABLE -> SampleEvents.COMMAND.all().get(2);
        case NEWS -> SampleEvents.NEWS.fullest();
      };
    }

    @Override
    public String toString() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /** What both have in common: one webhook of the configuration, and one event. */
  @SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls
  abstract static class OfOne implements Callable<Integer> {
    @Parameters(paramLabel = "NAME", description = "The flag system or sink, as configured.")
    private String name;

    @Option(
        names = "--config",
        paramLabel = "FILE",
        defaultValue = "sluice.yaml",
        description = "The server configuration (${DEFAULT-VALUE}).")
    private Path config;

    @Spec private CommandSpec spec;

    abstract int run(String name, Endpoint.Webhook webhook);

    @Override
    public Integer call() {
      return switch (ConfigReader.read(config, System.getenv())) {
        case ConfigReading.Broken broken -> {
          broken.problems().forEach(p -> err(p.at(config.toString())));
          yield ExitCode.INVALID;
        }
        case ConfigReading.Ok ok -> found(webhooks(ok.config()));
      };
    }

    private int found(Map<String, Endpoint.Webhook> webhooks) {
      Endpoint.Webhook webhook = webhooks.get(name);
      if (webhook == null) {
        err(
            "No webhook is called '%s' in %s. There: %s."
                .formatted(
                    name,
                    config,
                    webhooks.isEmpty() ? "none" : String.join(", ", webhooks.keySet())));
        return ExitCode.INVALID;
      }
      return run(name, webhook);
    }

    private static Map<String, Endpoint.Webhook> webhooks(ServerConfig config) {
      Map<String, Endpoint.Webhook> webhooks = new TreeMap<>();
      config
          .flags()
          .forEach(
              (key, flag) -> {
                if (flag instanceof Endpoint.Webhook w) {
                  webhooks.put(key, w);
                }
              });
      config
          .sinks()
          .forEach(
              (key, sink) -> {
                if (sink instanceof Endpoint.Webhook w) {
                  webhooks.put(key, w);
                }
              });
      return webhooks;
    }

    /** The event in a file; empty, and said, where there is none. */
    Optional<JsonNode> event(String file) {
      return switch (TextFile.read(file, System.in)) {
        case TextFile.Unreadable unreadable -> {
          err("The event " + file + " " + unreadable.sentence() + ".");
          yield Optional.empty();
        }
        case TextFile.Text text -> parsed(file, text.text());
      };
    }

    private Optional<JsonNode> parsed(String file, String text) {
      try {
        JsonNode event = JsonMapper.builder().build().readTree(text);
        if (event.path("id").isTextual() && event.path("data").isObject()) {
          return Optional.of(event);
        }
        err("The event " + file + " is no CloudEvent: it needs 'id' and 'data'.");
      } catch (JsonProcessingException e) {
        err("The event " + file + " is no JSON: " + e.getOriginalMessage());
      }
      return Optional.empty();
    }

    static Message message(String target, JsonNode event) {
      String rollout = event.path("data").path("rollout").asText("sample");
      boolean command = event.path("type").asText().startsWith("sluice.decision.");
      return new Message(
          event.path("id").asText(),
          new RolloutId(rollout),
          target,
          false,
          command ? Message.Kind.FLAG : Message.Kind.ANNOUNCEMENT,
          event.toString());
    }

    void out(String line) {
      spec.commandLine().getOut().println(line);
    }

    void err(String line) {
      PrintWriter err = spec.commandLine().getErr();
      err.println(Terminal.safe(line));
      err.flush();
    }
  }

  /** {@code sluice webhook preview}. */
  @SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls
  @Command(
      name = "preview",
      description = "Shows the request that would be sent, with secrets hidden. Sends nothing.",
      mixinStandardHelpOptions = true)
  static final class Preview extends OfOne {
    @Option(
        names = "--sample",
        paramLabel = "EVENT",
        defaultValue = "promote",
        description = "promote, rollback, disable or news (${DEFAULT-VALUE}).")
    private Sample sample;

    @Option(
        names = "--event",
        paramLabel = "FILE",
        description = "Instead of a sample: a CloudEvent in a file, '-' for standard input.")
    private Optional<String> file;

    @Override
    int run(String name, Endpoint.Webhook webhook) {
      Optional<JsonNode> event = file.isPresent() ? event(file.get()) : Optional.of(sample.event());
      return event.map(e -> show(name, webhook, e)).orElse(ExitCode.INVALID);
    }

    private int show(String name, Endpoint.Webhook webhook, JsonNode event) {
      return switch (new Envelope(name, webhook, Version.text())
          .seal(message(name, event), InstantSource.system().instant())) {
        case Envelope.Sealed.Failed failed -> {
          err(failed.sentence());
          yield ExitCode.INVALID;
        }
        case Envelope.Sealed.Ok ok -> {
          show(ok.letter());
          yield ExitCode.OPEN;
        }
      };
    }

    private void show(Letter letter) {
      out(letter.method() + " " + letter.hide(letter.address().toString()));
      letter.headers().forEach((header, value) -> out(header + ": " + letter.hide(value)));
      out("");
      out(letter.hide(letter.body()));
    }
  }

  /** {@code sluice webhook replay}. */
  @SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls
  @Command(
      name = "replay",
      description = "Sends an event again, signed now, and says what came back.",
      mixinStandardHelpOptions = true)
  static final class Replay extends OfOne {
    @Option(
        names = "--event",
        paramLabel = "FILE",
        required = true,
        description = "The CloudEvent, as it was sent; '-' for standard input.")
    private String file;

    @Override
    int run(String name, Endpoint.Webhook webhook) {
      return event(file).map(e -> send(name, webhook, e)).orElse(ExitCode.INVALID);
    }

    private int send(String name, Endpoint.Webhook webhook, JsonNode event) {
      Vertx vertx = Vertx.vertx();
      try {
        Caller caller = new Caller(vertx, new WebClientOptions(), new PoolOptions());
        Target.Result result =
            new WebhookTarget(caller, InstantSource.system(), name, webhook, Version.text())
                .deliver(message(name, event))
                .await();
        return told(result);
      } finally {
        vertx.close().await();
      }
    }

    private int told(Target.Result result) {
      List<String> words =
          switch (result) {
            case Target.Result.Ok ok -> List.of("Sent, and accepted.", "");
            case Target.Result.Retry retry -> List.of("", retry.detail());
            case Target.Result.Gone gone -> List.of("", gone.detail());
            case Target.Result.Asks asks -> List.of("", asks.detail());
          };
      if (words.get(1).isEmpty()) {
        out(words.get(0));
        return ExitCode.OPEN;
      }
      err(words.get(1));
      return ExitCode.CANNOT_TELL;
    }
  }
}
