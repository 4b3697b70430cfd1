package dev.sluice.service.calibration;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.analyzer.JudgeSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What has been measured so far, kept in a file of one line for each row and pace, so that a run
 * that was stopped goes on where it stopped, and one with more rollouts adds to what is there. A
 * line counts only for the same seed; whether the judge is still the same nobody can tell from it:
 * after a change of the judge begin with a new file.
 */
public final class Measured {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private final Optional<Path> file;
  private final long seed;
  private final Map<String, List<OptionalInt>> known = new LinkedHashMap<>();

  private Measured(Optional<Path> file, long seed) {
    this.file = file;
    this.seed = seed;
  }

  /**
   * @param file absent: nothing is kept
   * @param seed lines of other seeds are left alone
   * @throws IOException if the file is there and cannot be read
   */
  public static Measured from(Optional<Path> file, long seed) throws IOException {
    Measured measured = new Measured(file, seed);
    if (file.isPresent() && Files.exists(file.get())) {
      int number = 0;
      for (String line : Files.readAllLines(file.get(), StandardCharsets.UTF_8)) {
        number++;
        measured.take(file.get(), number, line);
      }
    }
    return measured;
  }

  private void take(Path from, int number, String line) throws IOException {
    try {
      JsonNode node = MAPPER.readTree(line);
      if (node.path("seed").asLong() == seed) {
        List<OptionalInt> alarms = new ArrayList<>();
        node.path("alarms")
            .forEach(a -> alarms.add(a.isNull() ? OptionalInt.empty() : OptionalInt.of(a.asInt())));
        known.put(node.path("row").asText() + "|" + node.path("pace").asText(), alarms);
      }
    } catch (JsonProcessingException e) {
      throw new IOException(
          from
              + " is no file of measured rows, at line "
              + number
              + "; name another one, or delete it to begin anew",
          e);
    }
  }

  private static String key(Row row, JudgeSettings.Pace pace) {
    return row.name() + "|" + word(pace);
  }

  private static String word(JudgeSettings.Pace pace) {
    return pace.name().toLowerCase(Locale.ROOT);
  }

  /** Empty where the row has not been measured at this pace. */
  Optional<Outcome> of(Row row, JudgeSettings.Pace pace) {
    return Optional.ofNullable(known.get(key(row, pace)))
        .filter(alarms -> !alarms.isEmpty())
        .map(alarms -> new Outcome(row.onset(), alarms));
  }

  /** The alarms of the rollouts that have been watched, in their order. */
  List<OptionalInt> alarms(Row row, JudgeSettings.Pace pace) {
    return known.getOrDefault(key(row, pace), List.of());
  }

  void put(Row row, JudgeSettings.Pace pace, List<OptionalInt> alarms) throws IOException {
    known.put(key(row, pace), List.copyOf(alarms));
    if (file.isPresent()) {
      Files.writeString(
          file.get(),
          line(row, pace, alarms) + "\n",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    }
  }

  private String line(Row row, JudgeSettings.Pace pace, List<OptionalInt> alarms)
      throws JsonProcessingException {
    ObjectNode node = MAPPER.createObjectNode();
    node.put("row", row.name()).put("pace", word(pace)).put("seed", seed);
    ArrayNode list = node.putArray("alarms");
    for (OptionalInt alarm : alarms) {
      if (alarm.isPresent()) {
        list.add(alarm.getAsInt());
      } else {
        list.addNull();
      }
    }
    return MAPPER.writeValueAsString(node);
  }
}
