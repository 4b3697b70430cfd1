package dev.sluice.service.flags.unleash;

import dev.sluice.service.flags.Trouble;
import java.util.function.Function;

/** What a question brought. */
sealed interface Asked<T> {
  record Got<T>(T value) implements Asked<T> {}

  record Not<T>(Trouble trouble) implements Asked<T> {}

  default <U> Asked<U> map(Function<T, U> then) {
    return flatMap(value -> new Got<>(then.apply(value)));
  }

  default <U> Asked<U> flatMap(Function<T, Asked<U>> then) {
    return switch (this) {
      case Got<T> got -> then.apply(got.value());
      case Not<T> not -> new Not<>(not.trouble());
    };
  }
}
