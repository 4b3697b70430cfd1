package dev.sluice.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** The only interface the demonstration uses. */
final class Loopback {
  static final String HOST = "127.0.0.1";

  private Loopback() {}

  /**
   * A port that is free now, for a child that cannot choose one itself. Somebody may take it before
   * the child does; the child then ends and says so.
   */
  static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException("no free port on " + HOST, e);
    }
  }

  /** Fails with {@link Trouble} when somebody else listens there. */
  static void mustBeFree(int port) {
    try {
      new ServerSocket(port, 1, InetAddress.getLoopbackAddress()).close();
    } catch (IOException e) {
      throw new Trouble(
          "Port "
              + port
              + " on "
              + HOST
              + " is taken by another program. Choose another with --port, or leave it out.");
    }
  }

  static String url(int port) {
    return "http://" + HOST + ":" + port;
  }
}
