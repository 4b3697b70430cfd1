package dev.sluice.service.plan;

import dev.sluice.gates.plan.ChangeWindow;
import dev.sluice.gates.plan.Exposure;
import dev.sluice.gates.plan.Step;
import dev.sluice.gates.plan.Step.Kind;
import dev.sluice.service.plan.yaml.Field;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the steps in order: each takes over from the one before what it does not say.
 *
 * <p>A step that moves no users carries their share on; mirrored traffic is not theirs, so a shadow
 * step's percentage is not carried. An approval is a pause and no level of its own: it goes on
 * watching what the step before watched. One that comes first has the cohorts of the step behind
 * it, and watches nothing: nothing was begun yet.
 */
final class StepReader {
  private static final Pattern WINDOW =
      Pattern.compile("([a-z]{3})(?:-([a-z]{3}))? ([0-9]{2}):([0-9]{2})-([0-9]{2}):([0-9]{2})");
  private static final List<String> DAYS = List.of("mon", "tue", "wed", "thu", "fri", "sat", "sun");

  private final List<String> allMetrics;
  private final Optional<Field> firstLevel;
  private final List<PlacedStep> read = new ArrayList<>();
  private Exposure users = Exposure.NONE;

  /**
   * @param field where it stands in the text
   */
  record PlacedStep(Field field, Step step) {}

  private StepReader(Field steps, List<String> allMetrics) {
    this.allMetrics = allMetrics;
    firstLevel = steps.items().stream().filter(s -> !isApproval(s)).findFirst();
  }

  private static boolean isApproval(Field step) {
    return step.at("kind").text().filter("approve"::equals).isPresent();
  }

  /**
   * @param allMetrics ids of all metrics of the plan
   */
  static List<PlacedStep> read(Field steps, List<String> allMetrics) {
    StepReader reader = new StepReader(steps, allMetrics);
    steps.items().forEach(reader::step);
    return List.copyOf(reader.read);
  }

  private void step(Field field) {
    Optional<String> id = field.at("id").text();
    Optional<Kind> kind = field.at("kind").oneOf(Kind.class);
    if (id.isEmpty() || kind.isEmpty()) {
      return;
    }
    Step step =
        new Step(
            id.get(),
            kind.get(),
            exposure(kind.get(), field.at("percent")),
            canary(kind.get(), field.at("canary")),
            baseline(kind.get(), field.at("baseline")),
            field.at("hold").at("atLeast").duration("0s", Sections.LONGEST).orElse(Duration.ZERO),
            field.at("hold").at("atMost").duration("1s", Sections.LONGEST),
            metrics(kind.get(), field.at("metrics")),
            field
                .at("advanceWhen")
                .oneOf(Step.AdvanceWhen.class)
                .orElse(Step.AdvanceWhen.PROVEN_SAFE),
            field
                .at("onInconclusive")
                .oneOf(Step.OnInconclusive.class)
                .orElse(Step.OnInconclusive.ASK),
            field
                .at("onRegression")
                .oneOf(Step.OnRegression.class)
                .orElse(Step.OnRegression.ROLLBACK),
            windows(field.at("window")),
            field.at("approvers").texts(),
            field.at("minSamples").whole());
    read.add(new PlacedStep(field, step));
  }

  private Exposure exposure(Kind kind, Field field) {
    double percent = field.number().orElse(users.percent());
    Exposure own = percent >= 0 && percent <= 100 ? new Exposure(percent) : users;
    return switch (kind) {
      case SHADOW -> own;
      case EXPOSE -> {
        users = own;
        yield own;
      }
      case VERIFY, APPROVE, RETAIN -> users;
    };
  }

  /** The step that an approval goes on with. */
  private Optional<Step> before(Kind kind) {
    return kind == Kind.APPROVE && !read.isEmpty()
        ? Optional.of(read.getLast().step())
        : Optional.empty();
  }

  private String canary(Kind kind, Field field) {
    String own = field.text().orElse("canary");
    if (field.given() || kind != Kind.APPROVE) {
      return own;
    }
    return before(kind)
        .map(Step::canary)
        .or(() -> firstLevel.map(f -> canary(Kind.EXPOSE, f.at("canary"))))
        .orElse(own);
  }

  private Optional<String> baseline(Kind kind, Field field) {
    Optional<String> own = field.isNull() ? Optional.empty() : Optional.of(named(field));
    if (field.given() || kind != Kind.APPROVE) {
      return own;
    }
    Optional<Step> before = before(kind);
    if (before.isPresent()) {
      return before.get().baseline();
    }
    return firstLevel.isPresent() ? baseline(Kind.EXPOSE, firstLevel.get().at("baseline")) : own;
  }

  private static String named(Field baseline) {
    return baseline.text().orElse("baseline");
  }

  private List<String> metrics(Kind kind, Field field) {
    if (field.given()) {
      return field.texts();
    }
    if (kind == Kind.APPROVE) {
      return before(kind).map(Step::metrics).orElse(List.of());
    }
    return allMetrics;
  }

  private static List<ChangeWindow> windows(Field field) {
    return field.texts().stream().flatMap(text -> window(text).stream()).toList();
  }

  private static Optional<ChangeWindow> window(String text) {
    Matcher m = WINDOW.matcher(text.toLowerCase(Locale.ROOT));
    if (!m.matches()) {
      return Optional.empty();
    }
    int from = DAYS.indexOf(m.group(1));
    int to = m.group(2) == null ? from : DAYS.indexOf(m.group(2));
    Optional<LocalTime> opens = time(m.group(3), m.group(4));
    Optional<LocalTime> closes = time(m.group(5), m.group(6));
    return from < 0 || to < 0 || opens.isEmpty() || closes.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new ChangeWindow(
                DayOfWeek.of(from + 1), DayOfWeek.of(to + 1), opens.get(), closes.get()));
  }

  private static Optional<LocalTime> time(String hour, String minute) {
    int h = Integer.parseInt(hour);
    int m = Integer.parseInt(minute);
    return h < 24 && m < 60 ? Optional.of(LocalTime.of(h, m)) : Optional.empty();
  }
}
