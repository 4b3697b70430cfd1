package dev.sluice.service.store.sql;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
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

  private static final class Part {
    private final byte[] name;
    private final double[] numbers;

    Part(String name, double[] numbers) {
      this.name = name.getBytes(StandardCharsets.UTF_8);
      this.numbers = numbers;
    }

    int bytes() {
      return 2 * Integer.BYTES + name.length + numbers.length * Double.BYTES;
    }
  }

  static byte[] write(Map<String, double[]> evidence) {
    List<Part> parts =
        evidence.entrySet().stream().map(e -> new Part(e.getKey(), e.getValue())).toList();
    int size = parts.stream().mapToInt(Part::bytes).sum();
    ByteBuffer to = ByteBuffer.allocate(1 + size).put(FORM);
    for (Part part : parts) {
      to.putInt(part.name.length).put(part.name).putInt(part.numbers.length);
      for (double number : part.numbers) {
        to.putLong(Double.doubleToRawLongBits(number));
      }
    }
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
