package dev.sluice.service.http;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A client of server-sent events that reads only when it is told to. */
final class EventSource implements AutoCloseable {
  private static final int PATIENCE = 20_000;

  private final Socket socket;
  private final BufferedReader reader;
  private final String status;
  private final List<String> headers = new ArrayList<>();

  /** One message; what it does not say is empty. */
  record Message(String id, String event, String data) {}

  EventSource(int port, String path, String... headers) {
    try {
      socket = new Socket(InetAddress.getLoopbackAddress(), port);
      socket.setSoTimeout(PATIENCE);
      StringBuilder request = new StringBuilder("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n");
      request.append("Accept: text/event-stream\r\n");
      for (String header : headers) {
        request.append(header).append("\r\n");
      }
      socket
          .getOutputStream()
          .write(request.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
      reader =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      status = reader.readLine();
      for (String line = reader.readLine(); !line.isEmpty(); line = reader.readLine()) {
        this.headers.add(line);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int status() {
    return Integer.parseInt(status.substring(9, 12));
  }

  List<String> headers() {
    return headers;
  }

  /** The next message that is no heartbeat. */
  Message next() {
    Message message = any();
    while (message.event().equals("beat") || message.event().isEmpty()) {
      message = any();
    }
    return message;
  }

  /** The next message; lengths of chunks stand between the lines, and a length of 0 is the end. */
  Message any() {
    try {
      Message message = new Message("", "", "");
      while (true) {
        String line = reader.readLine();
        if (line == null || line.equals("0")) {
          return new Message("", "closed", "");
        }
        if (line.startsWith("id: ")) {
          message = new Message(line.substring(4), message.event(), message.data());
        } else if (line.startsWith("event: ")) {
          message = new Message(message.id(), line.substring(7), message.data());
        } else if (line.startsWith("data: ")) {
          message = new Message(message.id(), message.event(), line.substring(6));
        } else if (line.startsWith("retry: ")) {
          message = new Message("", "", line);
        } else if (line.isEmpty() && !message.equals(new Message("", "", ""))) {
          return message;
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
