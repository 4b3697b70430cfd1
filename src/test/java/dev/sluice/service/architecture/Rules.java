package dev.sluice.service.architecture;

import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;

/** What the rooms of the house may and may not do. */
final class Rules {
  static final String ANALYZER = "dev.sluice.analyzer..";
  static final String GATES = "dev.sluice.gates..";
  static final String SERVICE = "dev.sluice.service..";

  /** Each talks to one foreign system, and knows no other of its kind. */
  static final String[] ADAPTERS = {
    "dev.sluice.service.metrics.prometheus..",
    "dev.sluice.service.store.sqlite..",
    "dev.sluice.service.store.postgresql..",
    "dev.sluice.service.notify..",
    "dev.sluice.service.flags.unleash..",
    "dev.sluice.service.http.."
  };

  private Rules() {}

  private static DescribedPredicate<JavaAccess<?>> call(String owners, String names) {
    return target(owner(nameMatching(owners)))
        .and(target(nameMatching(names)))
        .as("%s.%s", owners, names)
        .forSubtype();
  }

  /** The hour of the day: where it counts it is handed in. */
  static ArchRule readsNoClock(DescribedPredicate<JavaClass> who) {
    return noClasses()
        .that(who)
        .should()
        .accessTargetWhere(
            call("java\\.time\\..*", "now")
                .or(call("java\\.time\\.(Clock|InstantSource)", "(system|tick).*"))
                .or(call("java\\.lang\\.System", "currentTimeMillis"))
                .or(call("java\\.util\\.Date", "<init>"))
                .or(call("java\\.util\\.Calendar", "getInstance")))
        .as(who.getDescription() + " should read no clock");
  }

  /** A difference of two readings of it is no hour of the day, but no pure function either. */
  static ArchRule holdsNoStopwatch(DescribedPredicate<JavaClass> who) {
    return noClasses()
        .that(who)
        .should()
        .accessTargetWhere(call("java\\.lang\\.System", "nanoTime"));
  }

  /** Chance with a seed is a function; without one it is not. */
  static ArchRule throwsNoDice(DescribedPredicate<JavaClass> who) {
    return noClasses()
        .that(who)
        .should()
        .accessTargetWhere(
            call("java\\.lang\\.Math", "random")
                .or(call("java\\.util\\.UUID", "randomUUID"))
                .or(call("java\\.security\\.SecureRandom", ".*"))
                .or(call("java\\.util\\.concurrent\\.ThreadLocalRandom", ".*"))
                .or(call("java\\.util\\.random\\.RandomGenerator", "(getDefault|of)"))
                .or(withoutSeed()))
        .as(who.getDescription() + " should throw no dice");
  }

  private static DescribedPredicate<JavaAccess<?>> withoutSeed() {
    return new DescribedPredicate<>("a generator without a seed") {
      @Override
      public boolean test(JavaAccess<?> access) {
        String made = access.getTargetOwner().getName();
        return (made.equals("java.util.Random") || made.equals("java.util.SplittableRandom"))
            && access.getTarget().getFullName().endsWith("<init>()");
      }
    };
  }

  /**
   * A room of pure functions: of the JDK only what computes, and no thread, process, file, socket
   * or log.
   *
   * @param own what else it may know
   */
  static ArchRule isPure(DescribedPredicate<JavaClass> who, String... own) {
    DescribedPredicate<JavaClass> known =
        resideInAnyPackage(own)
            .or(
                resideInAnyPackage(
                    "", // primitives and their arrays
                    "java.lang..",
                    "java.util..",
                    "java.math..",
                    "java.time..",
                    "java.nio.charset..",
                    "org.jspecify.."));
    return classes()
        .that(who)
        .should()
        .onlyDependOnClassesThat(known.and(DescribedPredicate.not(actsOnTheWorld())))
        .as(who.getDescription() + " should be pure");
  }

  private static DescribedPredicate<JavaClass> actsOnTheWorld() {
    return resideInAnyPackage(
            "java.util.concurrent..", "java.util.logging..", "java.util.prefs..", "java.util.zip..")
        .or(
            nameMatching(
                    "java\\.lang\\.(Thread.*|Process.*|Runtime|InheritableThreadLocal)"
                        + "|java\\.util\\.(Timer|TimerTask|Scanner)")
                .forSubtype())
        .as("act on the world");
  }

  /** Of the system, pure code needs the copying of arrays. */
  static ArchRule asksTheSystemNothing(DescribedPredicate<JavaClass> who) {
    return noClasses()
        .that(who)
        .should()
        .accessTargetWhere(
            call("java\\.lang\\.System", "(?!arraycopy|lineSeparator|identityHashCode).*"))
        .as(who.getDescription() + " should ask the system nothing");
  }

  /** Who waits, waits on the scheduler that was handed in, so that tests own the time. */
  static ArchRule setsNoTimer(DescribedPredicate<JavaClass> who) {
    return noClasses()
        .that(who)
        .should()
        .accessTargetWhere(
            call("io\\.vertx\\.core\\.Vertx", "(setTimer|setPeriodic|timer)")
                .or(call("java\\.lang\\.Thread", "sleep"))
                .or(call("java\\.util\\.Timer", ".*")))
        .as(who.getDescription() + " should set no timer of its own");
  }

  static ArchRule makesNoVertx(DescribedPredicate<JavaClass> who) {
    return noClasses()
        .that(who)
        .should()
        .accessTargetWhere(call("io\\.vertx\\.core\\.Vertx", "(vertx|builder|clusteredVertx)"))
        .as(who.getDescription() + " should make no Vertx");
  }

  static ArchRule knowsNothingOf(DescribedPredicate<JavaClass> who, String... whom) {
    return noClasses().that(who).should().dependOnClassesThat(resideInAnyPackage(whom));
  }
}
