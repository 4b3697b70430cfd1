package dev.sluice.gates.look;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What was learned before the first look, kept as numbers among the rest of the evidence. */
final class Lessons {
  private static final String NAME = "lesson:";
  private static final int SHAPE = 1;
  private static final int NOISE = 2;
  private static final int NOTHING = 3;

  private final List<String> metricIds;
  private final Map<String, Lesson> lessons = new HashMap<>();

  /**
   * @param metricIds in the order of the plan, which is the order of the lessons
   */
  Lessons(List<String> metricIds) {
    this.metricIds = List.copyOf(metricIds);
  }

  void add(Lesson lesson) {
    lessons.put(lesson.metricId(), lesson);
  }

  List<Lesson> all() {
    return metricIds.stream().flatMap(id -> Optional.ofNullable(lessons.get(id)).stream()).toList();
  }

  void save(Map<String, double[]> parts) {
    all().forEach(l -> parts.put(NAME + l.metricId(), numbers(l)));
  }

  /** Of a metric that has none nothing is told: it was stored before lessons were. */
  void load(Map<String, double[]> parts) {
    for (String id : metricIds) {
      double[] numbers = parts.get(NAME + id);
      if (numbers != null) {
        add(lesson(id, numbers));
      }
    }
  }

  private static double[] numbers(Lesson lesson) {
    double from = lesson.window().from().toEpochMilli();
    double to = lesson.window().to().toEpochMilli();
    return switch (lesson) {
      case Lesson.Shape l -> new double[] {SHAPE, from, to, l.requests()};
      case Lesson.Noise l -> new double[] {NOISE, from, to, l.pods(), l.intervals(), l.inflation()};
      case Lesson.Nothing l -> new double[] {NOTHING, from, to, number(l.why())};
    };
  }

  private static Lesson lesson(String id, double[] n) {
    int kind = n.length < 4 ? 0 : (int) n[0];
    if (kind < SHAPE || kind > NOTHING || (kind == NOISE && n.length < 6)) {
      throw new IllegalArgumentException("the stored lesson of '" + id + "' is none");
    }
    Window window =
        new Window(Instant.ofEpochMilli((long) n[1]), Instant.ofEpochMilli((long) n[2]));
    return switch (kind) {
      case SHAPE -> new Lesson.Shape(id, window, n[3]);
      case NOISE -> new Lesson.Noise(id, window, (int) n[3], (long) n[4], n[5]);
      default -> new Lesson.Nothing(id, window, why(n[3]));
    };
  }

  /** Written down, not counted off: the numbers outlive the order of the names. */
  private static int number(Lesson.Why why) {
    return switch (why) {
      case NO_ANSWER -> 1;
      case NO_DATA -> 2;
      case NO_PODS -> 3;
      case TOO_LITTLE -> 4;
    };
  }

  private static Lesson.Why why(double number) {
    for (Lesson.Why why : Lesson.Why.values()) {
      if (number(why) == number) {
        return why;
      }
    }
    throw new IllegalArgumentException("no reason has the number " + number);
  }
}
