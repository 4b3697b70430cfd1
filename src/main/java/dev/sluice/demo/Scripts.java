package dev.sluice.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The texts the children are started with. */
final class Scripts {
  private static final Pattern SECONDS = Pattern.compile("(atLeast|atMost): (\\d+)s");

  private Scripts() {}

  /** Prometheus reads every release of the shop once a second, each under its version. */
  static String prometheus(int shopPort, Iterable<String> versions) {
    StringBuilder text =
        new StringBuilder(
            """
            global:
              scrape_interval: 1s
              scrape_timeout: 1s
            scrape_configs:
              - job_name: shop
                static_configs:
            """);
    for (String version : versions) {
      text.append(
          """
                - targets: ['%1$s:%2$d']
                  labels: { __metrics_path__: /metrics/%3$s, version: %3$s }
          """
              .formatted(Loopback.HOST, shopPort, version));
    }
    return text.toString();
  }

  /**
   * @param store the database's file
   * @param secret file with the secret that decisions are signed with
   */
  static String sluice(int port, Path store, int prometheusPort, int flagsPort, Path secret) {
    return """
        http: { host: %1$s, port: %2$d }
        store: { file: '%3$s' }
        prometheus:
          demo: { url: 'http://%1$s:%4$d', scrapeInterval: 1s }
        flags:
          shop-flags:
            type: webhook
            url: http://%1$s:%5$d/decisions
            secrets: ['${file:%6$s}']
        """
        .formatted(Loopback.HOST, port, store, prometheusPort, flagsPort, secret);
  }

  /**
   * The plan, for another pair of releases and at another speed.
   *
   * @param speed 2 halves the times of all steps
   */
  static String plan(String canary, String baseline, double speed) {
    String text =
        resource("checkout.plan.yaml")
            .replace("version=\"v2\"", "version=\"" + canary + "\"")
            .replace("version=\"v1\"", "version=\"" + baseline + "\"")
            .replace("checkout-v2", flag(canary));
    Matcher times = SECONDS.matcher(text);
    return times.replaceAll(
        m -> m.group(1) + ": " + Math.max(2, Math.round(Long.parseLong(m.group(2)) / speed)) + "s");
  }

  /** The name of the flag, and of the plan, that brings in a release. */
  static String flag(String canary) {
    return "checkout-" + canary;
  }

  private static String resource(String name) {
    try (InputStream in = Scripts.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the jar lacks " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + name, e);
    }
  }
}
