package dev.sluice.analyzer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.stream.StreamSupport;

/**
 * Inputs and outputs of every sequential statistic, computed with 40 digits (mpmath) by the
 * project's reference implementation in Python.
 */
public final class Vectors {
  private static final double TOLERANCE = 1e-9;
  private static final JsonNode ALL = read();

  private Vectors() {}

  private static JsonNode read() {
    try (InputStream in =
        Objects.requireNonNull(
            Vectors.class.getResourceAsStream("/stats/reference-vectors.json"))) {
      return new ObjectMapper().readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static JsonNode of(String kind) {
    return Objects.requireNonNull(ALL.get(kind), kind);
  }

  /** A number, or one of the words for infinity. */
  public static double number(JsonNode node) {
    return node.isTextual() ? Double.parseDouble(node.asText()) : node.asDouble();
  }

  public static double[] numbers(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).mapToDouble(Vectors::number).toArray();
  }

  /** Relative to 1e-9, absolute near 0. */
  public static void assertClose(double expected, double actual, String what) {
    if (Double.isInfinite(expected)) {
      assertEquals(expected, actual, what);
    } else {
      assertEquals(expected, actual, TOLERANCE * Math.max(1, Math.abs(expected)), what);
    }
  }

  public static void assertClose(JsonNode expected, double[] actual, String what) {
    double[] numbers = numbers(expected);
    assertEquals(numbers.length, actual.length, what);
    for (int i = 0; i < numbers.length; i++) {
      assertClose(numbers[i], actual[i], what + " [" + i + "]");
    }
  }
}
