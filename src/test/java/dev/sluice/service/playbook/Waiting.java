package dev.sluice.service.playbook;

import static dev.sluice.service.store.Await.await;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/**
 * Virtual time beside real servers: whoever is asked through this is asked on an event loop, as in
 * production, and has answered before the call returns, so that no virtual time passes while a real
 * one is waited for.
 */
final class Waiting {
  private final Context context;

  Waiting(Context context) {
    this.context = context;
  }

  /**
   * @param seam what returns no future there is answered as it is
   */
  <T> T on(Class<T> seam, T real) {
    return seam.cast(
        Proxy.newProxyInstance(
            seam.getClassLoader(),
            new Class<?>[] {seam},
            (proxy, method, arguments) ->
                method.getReturnType() == Future.class
                    ? answer(real, method, arguments)
                    : method.invoke(real, arguments)));
  }

  private Future<Object> answer(Object real, Method method, Object[] arguments) {
    Promise<Object> promise = Promise.promise();
    context.runOnContext(
        go -> {
          try {
            ((Future<?>) method.invoke(real, arguments))
                .onComplete(promise::complete, promise::fail);
          } catch (ReflectiveOperationException e) {
            promise.fail(e);
          }
        });
    try {
      return Future.succeededFuture(await(promise.future()));
    } catch (RuntimeException failure) {
      return Future.failedFuture(failure);
    }
  }
}
