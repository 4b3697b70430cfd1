package dev.sluice.service.plan;

import dev.sluice.gates.plan.DeadMan;
import dev.sluice.gates.plan.Exposure;
import dev.sluice.gates.plan.ExposureRule;
import dev.sluice.gates.plan.ExposureRule.OnTrouble;
import dev.sluice.gates.plan.FlagTarget;
import dev.sluice.gates.plan.FourEyes;
import dev.sluice.gates.plan.Notify;
import dev.sluice.gates.plan.Policy;
import dev.sluice.gates.plan.RollbackRule;
import dev.sluice.gates.plan.Source;
import dev.sluice.gates.rollout.Durations;
import dev.sluice.service.plan.yaml.Field;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the small sections of a plan, with the defaults of the format. */
final class Sections {
  static final String LONGEST = "366d";
  private static final double FALSE_ALARM = 0.05;
  private static final double FALSE_PASS = 0.05;

  private Sections() {}

  static Optional<Source> source(Field field) {
    Duration every = field.at("every").duration("1s", "1h").orElse(Duration.ofSeconds(30));
    Duration settle = field.at("settle").duration("0s", "1h").orElse(Duration.ofSeconds(45));
    Optional<Duration> history = field.at("history").duration("0s", "7d");
    return field.at("prometheus").text().map(name -> new Source(name, every, settle, history));
  }

  static Optional<ExposureRule> exposure(Field field, Queries queries) {
    OnTrouble mismatch = field.at("onMismatch").oneOf(OnTrouble.class).orElse(OnTrouble.HOLD);
    OnTrouble silence = field.at("onNoTraffic").oneOf(OnTrouble.class).orElse(OnTrouble.HOLD);
    Duration grace = field.at("grace").duration("0s", LONGEST).orElse(Duration.ofMinutes(15));
    return queries
        .counter(field.at("counter"))
        .map(counter -> new ExposureRule(counter, mismatch, silence, grace));
  }

  static Policy policy(Field field) {
    return new Policy(
        field.at("falseAlarm").number().orElse(FALSE_ALARM),
        field.at("falsePass").number().orElse(FALSE_PASS),
        field.at("dryRun").flag().orElse(false),
        field.at("onServiceRestart").oneOf(Policy.OnRestart.class).orElse(Policy.OnRestart.RESUME),
        Optional.of(field.at("fourEyes").oneOf(FourEyes.class).orElse(FourEyes.NEVER)),
        Optional.of(deadMan(field.at("deadMan"))));
  }

  private static DeadMan deadMan(Field field) {
    Field back = field.at("rollbackAfter");
    Duration hold =
        field.at("holdAfter").duration("1m", LONGEST).orElse(DeadMan.DEFAULT.holdAfter());
    Optional<Duration> rollback = back.duration("1m", LONGEST);
    if (rollback.filter(after -> after.compareTo(hold) < 0).isPresent()) {
      back.problem(
          "'rollbackAfter' is shorter than 'holdAfter', which is " + words(hold),
          "hold first, and take back what stays silent");
    }
    Field most = field.at("rollbackUpTo");
    if (most.given() && !back.given()) {
      most.problemOfKey(
          "'rollbackUpTo' bounds a rollback that the plan does not ask for",
          "say after how long: rollbackAfter: 30m");
    }
    double percent = most.number().orElse(DeadMan.DEFAULT.rollbackUpTo().percent());
    return new DeadMan(
        hold,
        rollback,
        percent >= 0 && percent <= 100 ? new Exposure(percent) : DeadMan.DEFAULT.rollbackUpTo());
  }

  private static String words(Duration duration) {
    return Durations.words(duration);
  }

  static Optional<FlagTarget> flag(Field field) {
    Optional<String> target = field.at("target").text();
    Optional<String> key = field.at("key").text();
    return target.isEmpty() || key.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new FlagTarget(
                target.get(),
                key.get(),
                field.at("environment").text(),
                field.at("project").text(),
                field.at("owned").text(),
                field
                    .at("onDrift")
                    .oneOf(FlagTarget.OnDrift.class)
                    .orElse(FlagTarget.OnDrift.HOLD)));
  }

  static RollbackRule rollback(Field field) {
    double percent = field.at("to").number().orElse(0);
    Exposure to = percent >= 0 && percent <= 100 ? new Exposure(percent) : Exposure.NONE;
    RollbackRule.Action action =
        field.at("action").oneOf(RollbackRule.Action.class).orElse(RollbackRule.Action.DISABLE);
    if (action == RollbackRule.Action.DISABLE && to.percent() > 0) {
      field
          .at("to")
          .problem(
              "a flag that is disabled leaves nobody on the canary, and 'to' says " + to,
              "write action: percent, or leave 'to' out");
    }
    return new RollbackRule(
        to,
        action,
        field.at("confirmWithin").duration("1s", "1d").orElse(Duration.ofMinutes(2)),
        field.at("freeze").duration("0s", LONGEST).orElse(Duration.ZERO));
  }

  static List<Notify> notifications(Field field) {
    return field.items().stream().flatMap(item -> notification(item).stream()).toList();
  }

  private static Optional<Notify> notification(Field field) {
    Set<Notify.Topic> topics = new LinkedHashSet<>();
    field.at("events").items().forEach(i -> i.oneOf(Notify.Topic.class).ifPresent(topics::add));
    return field
        .at("sink")
        .text()
        .map(
            sink ->
                new Notify(sink, field.at("channel").text(), topics, field.at("mention").texts()));
  }

  static Map<String, String> links(Field field) {
    field
        .entries()
        .values()
        .forEach(
            link -> {
              if (link.text().filter(Sections::isNoAddress).isPresent()) {
                link.problem(
                    "'" + link.name() + "' is no address that a browser opens",
                    "like https://wiki.example/runbook");
              }
            });
    return field.textByName();
  }

  private static boolean isNoAddress(String text) {
    try {
      URI uri = new URI(text);
      boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      return !web || uri.getHost() == null;
    } catch (URISyntaxException e) {
      return true;
    }
  }
}
