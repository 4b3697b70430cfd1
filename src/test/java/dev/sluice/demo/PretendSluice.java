package dev.sluice.demo;

import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Runs the demonstration with a Sluice that is ready and does nothing else, or that dies at once.
 */
final class PretendSluice {
  private PretendSluice() {}

  /** Started by the demonstration: the last argument is the configuration. */
  public static void main(String[] args) throws Exception {
    if (args[0].equals("dies")) {
      System.err.println("the port is taken");
      System.exit(4);
    }
    Matcher port =
        Pattern.compile("port: (\\d+)").matcher(Files.readString(Path.of(args[args.length - 1])));
    if (!port.find()) {
      throw new IllegalArgumentException("no port in the configuration");
    }
    Vertx.vertx()
        .createHttpServer()
        .requestHandler(
            request -> {
              if (request.path().equals("/health/ready")) {
                request.response().end("ready");
              }
              // Everything else is left without an answer: the demonstration waits in the middle of
              // its first act.
            })
        .listen(Integer.parseInt(port.group(1)), Loopback.HOST)
        .await();
  }

  /** The demonstration itself, with a pretended Sluice. */
  static final class WithDemo {
    private WithDemo() {}

    public static void main(String[] args) {
      String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
      var sluice =
          List.of(
              java,
              "-XX:TieredStopAtLevel=1",
              "-cp",
              System.getProperty("java.class.path"),
              PretendSluice.class.getName(),
              args[0]);
      try {
        boolean played = new Demo(new Demo.Options(false, 1, 0, sluice), System.out).play();
        System.exit(played ? 0 : 1);
      } catch (Trouble e) {
        System.err.println(e.getMessage());
        System.exit(4);
      }
    }
  }
}
