package dev.sluice.service.json;

import dev.sluice.analyzer.Buckets;
import dev.sluice.gates.rollout.RolloutId;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Makes values of any domain type from a seed, found by reflection: a type that is added tomorrow
 * is covered tomorrow, and one that cannot be made fails the test that asks for it.
 */
public final class Specimens {
  private static final int TRIES = 200;
  private static final int DEEPEST = 6;
  private static final List<String> STRINGS =
      List.of(
          "",
          "checkout",
          "p99 > 300 ms",
          "\"quoted\" \\ \n\t\u0000",
          "größer als 1 %",
          "\uD83D\uDEA6");
  private static final double[] NUMBERS = {0, 1, 0.1, 12.5, 1e-300, 99.99999999999999, 1.0 / 3};
  private static final double[] STRANGE = {
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY,
    Double.NaN,
    -0.0,
    Double.MIN_VALUE,
    Double.MAX_VALUE,
    -1e300
  };

  private final Random random;

  public Specimens(long seed) {
    random = new Random(seed);
  }

  /** All concrete members of a sealed family. */
  public static Stream<Class<?>> members(Class<?> sealed) {
    return Arrays.stream(sealed.getPermittedSubclasses())
        .flatMap(c -> c.isSealed() ? members(c) : Stream.of(c));
  }

  public <T> T of(Class<T> type) {
    return type.cast(make(type, 0));
  }

  private Object make(Type type, int depth) {
    if (type instanceof ParameterizedType generic) {
      return collection(generic, depth);
    }
    Class<?> raw = (Class<?>) type;
    if (raw.isEnum()) {
      return pick(List.of(raw.getEnumConstants()));
    }
    if (raw.isSealed()) {
      return make(pick(choices(raw, depth)), depth + 1);
    }
    if (raw == RolloutId.class) {
      return new RolloutId("plan-" + random.nextInt(1000));
    }
    return raw.isRecord() ? record(raw, depth) : scalar(raw);
  }

  /** Deep down, only the members that hold nothing of their own family: otherwise it never ends. */
  private static List<Class<?>> choices(Class<?> sealed, int depth) {
    List<Class<?>> all = members(sealed).toList();
    List<Class<?>> flat =
        all.stream()
            .filter(Class::isRecord)
            .filter(
                c ->
                    Arrays.stream(c.getRecordComponents())
                        .map(RecordComponent::getType)
                        .noneMatch(t -> t == sealed))
            .toList();
    return depth < DEEPEST || flat.isEmpty() ? all : flat;
  }

  private Object collection(ParameterizedType type, int depth) {
    Class<?> raw = (Class<?>) type.getRawType();
    Type[] of = type.getActualTypeArguments();
    int size = 1 + random.nextInt(3);
    if (raw == Optional.class) {
      return random.nextBoolean() ? Optional.of(make(of[0], depth + 1)) : Optional.empty();
    }
    if (raw == Map.class) {
      Map<String, Object> map = new LinkedHashMap<>();
      for (int i = 0; i < size; i++) {
        map.put("key" + random.nextInt(100), make(of[1], depth + 1));
      }
      return map;
    }
    List<Object> list = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      list.add(make(of[0], depth + 1));
    }
    if (raw == Set.class) {
      return new LinkedHashSet<>(list);
    }
    if (raw == List.class) {
      return list;
    }
    throw new IllegalStateException("no specimen of " + type + ": teach it here");
  }

  private Object record(Class<?> type, int depth) {
    RecordComponent[] components = type.getRecordComponents();
    RuntimeException last = new IllegalStateException("no specimen of " + type);
    for (int i = 0; i < TRIES; i++) {
      Object[] arguments =
          Arrays.stream(components).map(c -> make(c.getGenericType(), depth + 1)).toArray();
      try {
        return canonical(type, components).newInstance(arguments);
      } catch (InvocationTargetException refused) {
        last = new IllegalStateException("no specimen of " + type, refused.getCause());
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("no specimen of " + type, e);
      }
    }
    throw last;
  }

  private static Constructor<?> canonical(Class<?> type, RecordComponent[] components)
      throws NoSuchMethodException {
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    Constructor<?> constructor = type.getDeclaredConstructor(types);
    constructor.setAccessible(true);
    return constructor;
  }

  private Object scalar(Class<?> type) {
    if (type == String.class) {
      return pick(STRINGS);
    } else if (type == double.class || type == Double.class) {
      return number();
    } else if (type == long.class || type == Long.class) {
      return random.nextInt(4) == 0 ? Long.MAX_VALUE - random.nextInt(9) : random.nextInt(1000);
    } else if (type == int.class) {
      return random.nextInt(1000);
    } else if (type == boolean.class) {
      return random.nextBoolean();
    } else if (type == Instant.class) {
      return Instant.ofEpochSecond(
          1_700_000_000L + random.nextInt(1 << 24), random.nextInt(1_000_000_000));
    } else if (type == Duration.class) {
      return Duration.ofMillis(random.nextInt(1 << 28));
    } else if (type == LocalTime.class) {
      return LocalTime.ofSecondOfDay(random.nextInt(86_400));
    } else if (type == DayOfWeek.class) {
      return DayOfWeek.of(1 + random.nextInt(7));
    } else if (type == OptionalLong.class) {
      return random.nextBoolean() ? OptionalLong.of(random.nextInt(99)) : OptionalLong.empty();
    } else if (type == OptionalDouble.class) {
      return random.nextBoolean() ? OptionalDouble.of(number()) : OptionalDouble.empty();
    } else if (type == Buckets.class) {
      return new Buckets(
          new double[] {0.1, 0.25, 1.0 / 3}, new double[] {random.nextInt(99), 0, 2.5, 1e9});
    }
    throw new IllegalStateException("no specimen of " + type + ": teach it here");
  }

  private double number() {
    return random.nextInt(3) == 0
        ? STRANGE[random.nextInt(STRANGE.length)]
        : NUMBERS[random.nextInt(NUMBERS.length)];
  }

  private <T> T pick(List<? extends T> list) {
    return list.get(random.nextInt(list.size()));
  }
}
