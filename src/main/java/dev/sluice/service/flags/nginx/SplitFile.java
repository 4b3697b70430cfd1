package dev.sluice.service.flags.nginx;

import dev.sluice.gates.plan.Exposure;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The file that nginx includes: one {@code split_clients} block for each flag.
 *
 * <p>nginx hashes the text of the block (MurmurHash2) and takes the first part whose share, added
 * to those before it, is larger than the hash's. The canary comes first and the text never changes,
 * so users join as its share grows and nobody leaves. The flag's key is in the text: who is first
 * at one flag is not first at the next.
 *
 * @param exposures by the flag's key
 */
record SplitFile(Map<String, Exposure> exposures) {
  private static final Pattern KEY = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
  private static final Pattern BLOCK =
      Pattern.compile(
          "split_clients\\s+\"([A-Za-z0-9._-]+):([^\"]*)\"\\s+\\$(\\w+)\\s*\\{([^}]*)}");
  private static final Pattern SHARE = Pattern.compile("([0-9.]+)%\\s+\"?([^\\s;\"]+)\"?\\s*;");
  private static final Pattern REST = Pattern.compile("\\*\\s+\"?([^\\s;\"]+)\"?\\s*;");
  private static final Pattern SUM = Pattern.compile("(?m)^# sum: ([0-9a-f]{64})\\n");
  private static final double ALL = 100;

  SplitFile {
    exposures = Map.copyOf(exposures);
  }

  static final SplitFile EMPTY = new SplitFile(Map.of());

  /** How the blocks are written. */
  record Way(String name, String splitBy, String canary, String baseline) {}

  static boolean canHold(String key) {
    return KEY.matcher(key).matches();
  }

  /** The variable that nginx's own configuration asks; nginx knows no capitals in names. */
  static String variable(String key) {
    return "sluice_" + key.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "_");
  }

  /** Another flag whose variable is the same. */
  Optional<String> namesake(String key) {
    return exposures.keySet().stream()
        .filter(other -> !other.equals(key) && variable(other).equals(variable(key)))
        .findFirst();
  }

  Exposure exposure(String key) {
    return exposures.getOrDefault(key, Exposure.NONE);
  }

  SplitFile with(String key, Exposure exposure) {
    Map<String, Exposure> next = new TreeMap<>(exposures);
    next.put(key, exposure);
    return new SplitFile(next);
  }

  String text(Way way) {
    StringBuilder blocks = new StringBuilder();
    new TreeMap<>(exposures).forEach((key, exposure) -> block(blocks, key, exposure, way));
    String begin =
        """
        # Written by Sluice for its flag system '%s', and overwritten by it. Change the exposure
        # with the rollout, not here.
        """
            .formatted(way.name());
    return begin + "# sum: " + sum(blocks.toString()) + "\n" + blocks;
  }

  private static void block(StringBuilder out, String key, Exposure exposure, Way way) {
    out.append("\nsplit_clients \"%s:%s\" $%s {\n".formatted(key, way.splitBy(), variable(key)));
    if (exposure.percent() >= ALL) {
      out.append("    * %s;\n".formatted(way.canary()));
    } else {
      String percent = percent(exposure);
      if (!percent.equals("0")) {
        out.append("    %s%% %s;\n".formatted(percent, way.canary()));
      }
      out.append("    * %s;\n".formatted(way.baseline()));
    }
    out.append("}\n");
  }

  /** In hundredths, which is as fine as nginx reads them. */
  private static String percent(Exposure exposure) {
    BigDecimal rounded = BigDecimal.valueOf(exposure.percent()).setScale(2, RoundingMode.HALF_UP);
    return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
  }

  /** Whether a text is as we wrote it: its sum is that of its blocks. */
  static boolean untouched(String text) {
    Matcher sum = SUM.matcher(text);
    return sum.find() && sum(text.substring(sum.end())).equals(sum.group(1));
  }

  /** What a text says, whoever wrote it: of each flag the share that goes to the canary. */
  static SplitFile read(String text, String canary) {
    Map<String, Exposure> exposures = new TreeMap<>();
    Matcher blocks = BLOCK.matcher(text);
    while (blocks.find()) {
      exposures.put(blocks.group(1), share(blocks.group(4), canary));
    }
    return new SplitFile(exposures);
  }

  /** By what a text tells the clients of this flag apart; absent where it has no such block. */
  static Optional<String> splitBy(String text, String key) {
    Matcher blocks = BLOCK.matcher(text);
    while (blocks.find()) {
      if (blocks.group(1).equals(key)) {
        return Optional.of(blocks.group(2));
      }
    }
    return Optional.empty();
  }

  private static Exposure share(String block, String canary) {
    double to = 0;
    double all = 0;
    Matcher shares = SHARE.matcher(block);
    while (shares.find()) {
      double share = number(shares.group(1));
      all += share;
      to += shares.group(2).equals(canary) ? share : 0;
    }
    Matcher rest = REST.matcher(block);
    if (rest.find() && rest.group(1).equals(canary)) {
      to += Math.max(0, ALL - all);
    }
    return new Exposure(Math.min(ALL, to));
  }

  private static double number(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  static String sum(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
