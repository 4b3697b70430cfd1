package dev.sluice.service.browser;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A real Chromium, the one of the machine. It notes every request that goes elsewhere and every
 * complaint of the browser: a test that is through with it asks for both.
 */
final class Chrome implements AutoCloseable {
  private static final List<String> PLACES =
      List.of("/usr/bin/chromium", "/usr/bin/chromium-browser");
  private static final double PATIENCE = 20_000;

  private final Playwright playwright;
  private final Browser browser;
  private final List<String> foreign = new ArrayList<>();
  private final List<String> complaints = new ArrayList<>();

  Chrome() {
    Path program =
        PLACES.stream()
            .map(Path::of)
            .filter(Files::isExecutable)
            .findFirst()
            .orElseThrow(
                () ->
                    new AssertionError(
                        "This test needs a real browser. On Debian: apt-get install -y"
                            + " --no-install-recommends chromium fonts-dejavu-core"));
    PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE);
    playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    browser =
        playwright
            .chromium()
            .launch(
                new BrowserType.LaunchOptions()
                    .setExecutablePath(program)
                    .setArgs(
                        List.of(
                            "--no-sandbox",
                            "--disable-gpu",
                            "--disable-quic",
                            "--no-first-run",
                            "--disable-background-networking",
                            "--disable-component-update",
                            "--disable-sync")));
  }

  /** A page as it is for somebody with this taste. */
  Page page(ColorScheme scheme, boolean scripts) {
    BrowserContext context =
        browser.newContext(
            new Browser.NewContextOptions()
                .setColorScheme(scheme)
                .setJavaScriptEnabled(scripts)
                .setViewportSize(1280, 900));
    context.setDefaultTimeout(PATIENCE);
    Page page = context.newPage();
    page.onRequest(
        request -> {
          if (!request.url().startsWith("http://127.0.0.1:")) {
            foreign.add(request.url());
          }
        });
    page.onPageError(complaints::add);
    page.onConsoleMessage(
        message -> {
          // What the page itself says to people is said by the browser too: gone, or refused.
          boolean said =
              message.text().contains("net::ERR") || message.text().contains("status of 409");
          if (message.type().equals("error") && !said) {
            complaints.add(message.text());
          }
        });
    return page;
  }

  Page page() {
    return page(ColorScheme.LIGHT, true);
  }

  List<String> foreign() {
    return foreign;
  }

  List<String> complaints() {
    return complaints;
  }

  @Override
  public void close() {
    browser.close();
    playwright.close();
  }
}
