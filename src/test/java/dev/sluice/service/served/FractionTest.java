package dev.sluice.service.served;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.gates.plan.Exposure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who is on the canary, held against what flagd's own evaluator says of our own documents. */
class FractionTest {
  static final List<Double> EXPOSURES = List.of(0.0, 0.1, 1.0, 10.0, 50.0, 100.0);
  private static final Path EVALUATIONS = Path.of("test/resources/golden/flagd/evaluations.txt");
  private static final int USERS = 50_000;

  private static ServedFlag flag(double percent) {
    return new ServedFlag("checkout-v2", new Exposure(percent), "checkout", "users", "checkout-1");
  }

  /** As in evaluate.mjs. */
  private static String user(int i) {
    return switch (i % 3) {
      case 0 -> "user-" + i;
      case 1 -> i + "@shop.example";
      default -> Integer.toString(i);
    };
  }

  private static boolean on(ServedFlag flag, String user) {
    return flag.answer(Optional.of(user)).variant().value();
  }

  /** At how many of the exposures this user is on the canary. */
  private static int levels(String user) {
    return (int) EXPOSURES.stream().filter(percent -> on(flag(percent), user)).count();
  }

  @Test
  void fiftyThousandUsersGetWhatFlagdGivesThemAtEveryExposure() throws IOException {
    String digits =
        Files.readAllLines(EVALUATIONS).stream()
            .filter(line -> !line.startsWith("#"))
            .collect(Collectors.joining());
    assertEquals(USERS, digits.length());

    for (int i = 0; i < USERS; i++) {
      assertEquals(digits.charAt(i) - '0', levels(user(i)), user(i));
    }
  }

  @Test
  void asTheExposureGrowsUsersJoinAndNobodyLeaves() {
    for (int i = 0; i < 2_000; i++) {
      boolean before = false;
      for (int percent = 0; percent <= 1000; percent++) {
        boolean now = on(flag(percent / 10.0), user(i));
        assertTrue(now || !before, user(i) + " left at " + percent / 10.0);
        before = now;
      }
      assertTrue(before, "at 100 % everybody is on the canary");
    }
  }

  @Test
  void whoIsFirstAtOneFlagIsNotFirstAtTheNext() {
    Exposure ten = new Exposure(10);
    long both = 0;
    for (int i = 0; i < USERS; i++) {
      both +=
          Fraction.on("checkout-v2", user(i), ten) && Fraction.on("search-v3", user(i), ten)
              ? 1
              : 0;
    }
    assertTrue(both > 350 && both < 650, "about 1 % of the users: " + both);
  }

  @Test
  void ofWhomItIsNotKnownWhoTheyAreNobodyIsOnTheCanaryUntilEverybodyIs() {
    for (double percent : List.of(0.1, 50.0, 99.9)) {
      assertFalse(flag(percent).answer(Optional.empty()).variant().value());
      assertFalse(flag(percent).answer(Optional.of("")).variant().value());
    }
    assertTrue(flag(100).answer(Optional.empty()).variant().value());
  }

  /** Reference values: Python mmh3 5.3.0, {@code mmh3.hash(text, signed=False)}. */
  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "'', 0",
        "a, 1009084850",
        "ab, 2613040991",
        "abc, 3017643002",
        "abcd, 1139631978",
        "checkout-v2user-1, 3757832068",
        "Zoë, 2255564058",
      })
  void theHashIsTheOneThatEverybodyHas(String text, long hash) {
    assertEquals(hash, Murmur3.hash(text));
  }
}
