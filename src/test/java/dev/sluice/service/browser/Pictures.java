package dev.sluice.service.browser;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import dev.sluice.service.http.SampleServer;
import dev.sluice.service.http.TestServer;
import java.nio.file.Path;

/** Takes the pictures of the documentation: {@code Pictures FOLDER}. */
final class Pictures {
  private Pictures() {}

  public static void main(String[] arguments) {
    Path folder = Path.of(arguments[0]);
    try (TestServer server = SampleServer.begin();
        Chrome chrome = new Chrome()) {
      take(
          chrome,
          ColorScheme.LIGHT,
          server.uri(SampleServer.ROLLOUT),
          folder.resolve("status-page.png"),
          1060);
      take(
          chrome,
          ColorScheme.DARK,
          server.uri(SampleServer.ROLLOUT),
          folder.resolve("status-page-dark.png"),
          1060);
      take(chrome, ColorScheme.LIGHT, server.uri("/"), folder.resolve("fleet-page.png"), 640);
      if (arguments.length > 1) {
        take(
            chrome,
            ColorScheme.LIGHT,
            server.uri(SampleServer.ROLLOUT),
            folder.resolve("whole.png"),
            2600);
      }
      System.out.println(chrome.foreign() + " " + chrome.complaints());
    }
  }

  private static void take(
      Chrome chrome, ColorScheme scheme, java.net.URI address, Path file, int height) {
    try (Page page = chrome.page(scheme, true)) {
      page.setViewportSize(1280, height);
      page.navigate(address.toString());
      if (address.getPath().length() > 1) {
        page.waitForSelector("sluice-course canvas");
      }
      page.screenshot(new Page.ScreenshotOptions().setPath(file));
    }
  }
}
