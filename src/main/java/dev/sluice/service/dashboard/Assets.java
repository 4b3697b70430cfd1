package dev.sluice.service.dashboard;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The files a page is made of: ours, and those of two libraries as their jars bring them. All are
 * known by name, so no path of a request ever reaches a file system, and read once.
 *
 * <p>The addresses that pages name carry the hash of the content ({@code ?v=}): such an answer
 * never changes and may be kept for ever.
 */
public final class Assets {
  private static final String LIBRARY = "META-INF/resources/_static/";
  private static final String SCRIPT = "text/javascript; charset=utf-8";
  private static final String STYLE = "text/css; charset=utf-8";

  /** One file. */
  public record Asset(String contentType, Buffer content, String hash) {}

  private static final Map<String, Asset> ALL = all();

  /** What a page has inside to tell the browser where modules are. */
  static final String IMPORT_MAP = importMap();

  private Assets() {}

  /** By the name behind {@code /assets/}. */
  public static Map<String, Asset> files() {
    return ALL;
  }

  /**
   * The import map is the only script inside a page, and browsers are told its hash: no other one
   * runs.
   */
  public static String importMapHash() {
    return "'sha256-" + Base64.getEncoder().encodeToString(sha256(bytes(IMPORT_MAP))) + "'";
  }

  static String address(String name) {
    return "/assets/" + name + "?v=" + asset(name).hash();
  }

  static String text(String name) {
    return asset(name).content().toString();
  }

  private static Asset asset(String name) {
    return Objects.requireNonNull(ALL.get(name), name);
  }

  private static Map<String, Asset> all() {
    Map<String, Asset> all = new LinkedHashMap<>();
    for (String name : List.of("page.js", "live.js", "act.js", "charts.js", "words.js")) {
      all.put(name, read("webroot/" + name, SCRIPT));
    }
    all.put("page.css", read("webroot/page.css", STYLE));
    all.put("icon.svg", read("webroot/icon.svg", "image/svg+xml"));
    all.put("lit.js", read(LIBRARY + "lit/3.3.3/index.js", SCRIPT));
    all.put("lit-html.js", read(LIBRARY + "lit-html/3.3.3/lit-html.js", SCRIPT));
    all.put("is-server.js", read(LIBRARY + "lit-html/3.3.3/is-server.js", SCRIPT));
    all.put("lit-element.js", read(LIBRARY + "lit-element/4.2.2/lit-element.js", SCRIPT));
    String reactive = LIBRARY + "reactive-element/2.1.2/";
    all.put("reactive-element.js", read(reactive + "reactive-element.js", SCRIPT));
    all.put("css-tag.js", read(reactive + "css-tag.js", SCRIPT));
    String uplot = "META-INF/resources/webjars/uplot/1.6.30/dist/";
    all.put("uplot.js", read(uplot + "uPlot.iife.min.js", SCRIPT));
    all.put("uplot.css", read(uplot + "uPlot.min.css", STYLE));
    return all;
  }

  private static Asset read(String resource, String contentType) {
    try (InputStream in = Assets.class.getClassLoader().getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("the program is not whole: " + resource + " is missing");
      }
      byte[] content = in.readAllBytes();
      return new Asset(
          contentType, Buffer.buffer(content), HexFormat.of().formatHex(sha256(content), 0, 8));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + resource, e);
    }
  }

  private static String importMap() {
    Map<String, String> modules = new LinkedHashMap<>();
    modules.put("lit", "lit.js");
    modules.put("lit-html", "lit-html.js");
    modules.put("lit-html/is-server.js", "is-server.js");
    modules.put("lit-element/lit-element.js", "lit-element.js");
    modules.put("@lit/reactive-element", "reactive-element.js");
    for (String own : List.of("live", "act", "charts", "words")) {
      modules.put("sluice/" + own, own + ".js");
    }
    StringBuilder map = new StringBuilder("{\"imports\":{");
    modules.forEach(
        (name, file) ->
            map.append(map.charAt(map.length() - 1) == '{' ? "" : ",")
                .append('"')
                .append(name)
                .append("\":\"")
                .append(address(file))
                .append('"'));
    return map.append("}}").toString();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] sha256(byte[] content) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(content);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
