package dev.sluice.service.flags.unleash;

import dev.sluice.service.store.Await;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** The network between Sluice and a server on loopback, which can fail in the ways networks do. */
final class Wire {
  private final NetClient client;
  private final NetServer server;
  private final int to;
  private final Set<NetSocket> open = ConcurrentHashMap.newKeySet();
  private volatile Fault fault = Fault.NONE;
  private final AtomicInteger answersUntilTheFault = new AtomicInteger();

  enum Fault {
    NONE,
    /** Every connection is closed at once. */
    DOWN,
    /** What is sent arrives; the connection ends before the answer comes. */
    ANSWER_LOST,
    /** What is sent arrives nowhere and is never answered. */
    SILENT
  }

  Wire(Vertx vertx, int to) {
    this.to = to;
    this.client = vertx.createNetClient();
    this.server = vertx.createNetServer().connectHandler(this::connected);
    Await.await(server.listen(0, "127.0.0.1"));
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.actualPort());
  }

  void fault(Fault fault) {
    faultAfter(0, fault);
  }

  /** So many answers come through before it happens. */
  void faultAfter(int answers, Fault fault) {
    answersUntilTheFault.set(answers);
    this.fault = fault;
    if (fault == Fault.DOWN) {
      open.forEach(NetSocket::close);
    }
  }

  private boolean failing() {
    return fault != Fault.NONE && answersUntilTheFault.get() <= 0;
  }

  private void connected(NetSocket here) {
    if (failing() && fault == Fault.DOWN) {
      here.close();
      return;
    }
    open.add(here);
    here.closeHandler(v -> open.remove(here));
    here.pause();
    client
        .connect(to, "127.0.0.1")
        .onFailure(e -> here.close())
        .onSuccess(there -> join(here, there));
  }

  private void join(NetSocket here, NetSocket there) {
    here.handler(
        sent -> {
          if (!(failing() && fault == Fault.SILENT)) {
            there.write(sent);
          }
        });
    there.handler(
        answer -> {
          if (failing() && fault == Fault.ANSWER_LOST) {
            here.close();
          } else {
            answersUntilTheFault.decrementAndGet();
            here.write(answer);
          }
        });
    here.endHandler(v -> there.close());
    there.endHandler(v -> here.close());
    here.resume();
  }
}
