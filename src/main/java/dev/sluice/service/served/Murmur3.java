package dev.sluice.service.served;

import java.nio.charset.StandardCharsets;

/**
 * MurmurHash3 for 32 bits on little-endian blocks (x86_32) with seed 0, as Austin Appleby published
 * it in 2011 (SMHasher, public domain). Every language has it, which is why flagd splits users by
 * it.
 */
final class Murmur3 {
  private static final int C1 = 0xcc9e2d51;
  private static final int C2 = 0x1b873593;
  private static final int BLOCK = 4;

  private Murmur3() {}

  /** Of the text in UTF-8; the 32 bits as a number from 0 to 2^32 - 1. */
  static long hash(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int whole = bytes.length / BLOCK * BLOCK;
    int hash = 0;
    for (int i = 0; i < whole; i += BLOCK) {
      hash = Integer.rotateLeft(hash ^ mixed(block(bytes, i, BLOCK)), 13) * 5 + 0xe6546b64;
    }
    hash ^= mixed(block(bytes, whole, bytes.length - whole));
    return Integer.toUnsignedLong(finished(hash ^ bytes.length));
  }

  /** Up to four bytes, the first in the lowest place. */
  private static int block(byte[] bytes, int from, int count) {
    int block = 0;
    for (int i = 0; i < count; i++) {
      block |= (bytes[from + i] & 0xff) << (8 * i);
    }
    return block;
  }

  private static int mixed(int block) {
    return Integer.rotateLeft(block * C1, 15) * C2;
  }

  private static int finished(int hash) {
    int h = hash;
    h = (h ^ (h >>> 16)) * 0x85ebca6b;
    h = (h ^ (h >>> 13)) * 0xc2b2ae35;
    return h ^ (h >>> 16);
  }
}
