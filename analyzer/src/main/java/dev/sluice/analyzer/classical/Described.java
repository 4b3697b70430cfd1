package dev.sluice.analyzer.classical;

import java.util.function.Function;

/**
 * A description of two samples, or why there is none.
 *
 * @param <T> the numbers
 */
public sealed interface Described<T> {

  record Known<T>(T value) implements Described<T> {}

  /**
   * @param why one sentence for the report
   */
  record Unknown<T>(String why) implements Described<T> {}

  /** The numbers; fails with {@link IllegalStateException} and the reason where there are none. */
  default T orThrow() {
    return switch (this) {
      case Known<T> k -> k.value();
      case Unknown<T> u -> throw new IllegalStateException(u.why());
    };
  }

  default <R> Described<R> map(Function<T, R> change) {
    return switch (this) {
      case Known<T> k -> new Known<>(change.apply(k.value()));
      case Unknown<T> u -> new Unknown<>(u.why());
    };
  }
}
