package dev.sluice.service.store.sqlite;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Evidence as bytes, every bit of every double kept.
 *
 * <pre>
 *   1 byte   form, 1
 *   then for each name: 4 bytes length, the name in UTF-8, 4 bytes count, count x 8 bytes (IEEE 754)
 * </pre>
 *
 * Big-endian throughout.
 */
final class Evidence {
  private static final byte FORM = 1;

  private Evidence() {}

  static byte[] write(Map<String, double[]> evidence) {
    Map<byte[], double[]> entries = new LinkedHashMap<>();
    evidence.forEach(
        (name, numbers) -> entries.put(name.getBytes(StandardCharsets.UTF_8), numbers));
    int size =
        entries.entrySet().stream()
            .mapToInt(
                e -> 2 * Integer.BYTES + e.getKey().length + e.getValue().length * Double.BYTES)
            .sum();
    ByteBuffer to = ByteBuffer.allocate(1 + size).put(FORM);
    entries.forEach(
        (name, numbers) -> {
          to.putInt(name.length).put(name).putInt(numbers.length);
          for (double number : numbers) {
            to.putLong(Double.doubleToRawLongBits(number));
          }
        });
    return to.array();
  }

  static Map<String, double[]> read(byte[] bytes) {
    ByteBuffer from = ByteBuffer.wrap(bytes);
    byte form = from.get();
    if (form != FORM) {
      throw new IllegalStateException("evidence in form " + form + ", only " + FORM + " is known");
    }
    Map<String, double[]> evidence = new LinkedHashMap<>();
    while (from.hasRemaining()) {
      byte[] name = new byte[from.getInt()];
      from.get(name);
      double[] numbers = new double[from.getInt()];
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = Double.longBitsToDouble(from.getLong());
      }
      evidence.put(new String(name, StandardCharsets.UTF_8), numbers);
    }
    return evidence;
  }
}
