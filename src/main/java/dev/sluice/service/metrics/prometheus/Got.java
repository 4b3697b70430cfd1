package dev.sluice.service.metrics.prometheus;

import java.util.function.Function;

/** Something that was looked for. */
sealed interface Got<T> {
  record Ok<T>(T value) implements Got<T> {}

  record Missing<T>(Trouble trouble) implements Got<T> {}

  default <R> Got<R> then(Function<T, Got<R>> next) {
    return switch (this) {
      case Ok<T> ok -> next.apply(ok.value());
      case Missing<T> missing -> new Missing<>(missing.trouble());
    };
  }
}
