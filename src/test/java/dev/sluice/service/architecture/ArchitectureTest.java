package dev.sluice.service.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import dev.sluice.service.loop.VertxScheduler;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The walls that the compiler does not see. */
class ArchitectureTest {
  private static final JavaClasses HOUSE = house();

  private static JavaClasses house() {
    // The rules go by the names of what is called; what those look like inside is not read.
    ArchConfiguration.get().setResolveMissingDependenciesFromClassPath(false);
    return new ClassFileImporter()
        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
        .importPackages("dev.sluice");
  }

  private static final DescribedPredicate<JavaClass> PURE =
      resideInAnyPackage(Rules.ANALYZER, Rules.GATES).as("the pure rooms");

  /** The wiring, the command line, and the shop that the demonstration watches. */
  private static final DescribedPredicate<JavaClass> OUTSIDE =
      resideInAnyPackage(
          "dev.sluice.service.app..", "dev.sluice.service.cli..", "dev.sluice.demo..");

  private static final DescribedPredicate<JavaClass> INSIDE =
      not(OUTSIDE).as("all but app, cli and the demonstration");

  private static final DescribedPredicate<JavaClass> THE_SCHEDULER =
      DescribedPredicate.describe(
          "the scheduler", c -> c.getName().startsWith(VertxScheduler.class.getName()));

  private static DescribedPredicate<JavaClass> in(String room) {
    return resideInAPackage(room).as(room);
  }

  @Test
  void theWholeHouseIsLookedAt() {
    assertRoom(Rules.ANALYZER, 20);
    assertRoom(Rules.GATES, 80);
    assertRoom("dev.sluice.service.loop..", 20);
    assertRoom("dev.sluice.service.store..", 10);
    assertRoom("dev.sluice.service.http..", 20);
    assertRoom("dev.sluice.service.metrics.prometheus..", 20);
    assertTrue(
        HOUSE.stream()
            .noneMatch(
                c -> c.getSimpleName().endsWith("Test") && c.getPackageName().contains("loop")),
        "tests are not part of the house");
  }

  private static void assertRoom(String room, int atLeast) {
    long classes = HOUSE.stream().filter(in(room)).count();
    assertTrue(classes >= atLeast, room + " has only " + classes + " classes");
  }

  @Test
  void theAnalyzerComputesAndNothingElse() {
    Rules.isPure(
            in(Rules.ANALYZER),
            Rules.ANALYZER,
            "org.apache.commons.math3..",
            "org.apache.commons.statistics..",
            "org.apache.commons.numbers..")
        .check(HOUSE);
  }

  @Test
  void theGatesDecideAndNothingElse() {
    Rules.isPure(in(Rules.GATES), Rules.GATES, Rules.ANALYZER).check(HOUSE);
  }

  @Test
  void thePureRoomsReadNoClock() {
    Rules.readsNoClock(PURE).check(HOUSE);
    Rules.holdsNoStopwatch(PURE).check(HOUSE);
  }

  @Test
  void thePureRoomsThrowNoDice() {
    Rules.throwsNoDice(PURE).check(HOUSE);
  }

  @Test
  void thePureRoomsAskTheSystemNothing() {
    Rules.asksTheSystemNothing(PURE).check(HOUSE);
  }

  @Test
  void eachRoomKnowsOnlyTheRoomsBelowIt() {
    Rules.knowsNothingOf(in(Rules.ANALYZER), Rules.GATES, Rules.SERVICE).check(HOUSE);
    Rules.knowsNothingOf(in(Rules.GATES), Rules.SERVICE).check(HOUSE);
  }

  @Test
  void thePackagesOfThePureRoomsStandOnOneAnotherInOneOrder() {
    slices().matching("dev.sluice.gates.(*)..").should().beFreeOfCycles().check(HOUSE);
    slices().matching("dev.sluice.analyzer.(*)..").should().beFreeOfCycles().check(HOUSE);
    Rules.knowsNothingOf(in("dev.sluice.gates.plan.."), "dev.sluice.gates.look..").check(HOUSE);
    Rules.knowsNothingOf(in("dev.sluice.gates.look.."), "dev.sluice.gates.rollout..").check(HOUSE);
  }

  @Test
  void onlyTheWiringReadsTheClockOrMakesAVertx() {
    Rules.readsNoClock(INSIDE).check(HOUSE);
    Rules.makesNoVertx(INSIDE).check(HOUSE);
  }

  @Test
  void theLoopAndTheOutboxWaitOnlyOnTheSchedulerTheyAreGiven() {
    Rules.setsNoTimer(
            resideInAnyPackage(
                    "dev.sluice.service.loop..",
                    "dev.sluice.service.outbox..",
                    "dev.sluice.service.flags..",
                    "dev.sluice.service.store..",
                    "dev.sluice.service.notify..")
                .and(not(THE_SCHEDULER))
                .as("what tests drive on virtual time"))
        .check(HOUSE);
  }

  @Test
  void noAdapterKnowsAnother() {
    for (String adapter : Rules.ADAPTERS) {
      for (String other : Rules.ADAPTERS) {
        if (!other.equals(adapter)) {
          Rules.knowsNothingOf(in(adapter), other).allowEmptyShould(true).check(HOUSE);
        }
      }
    }
  }

  @Test
  void whatDecidesKnowsNoAdapter() {
    Rules.knowsNothingOf(
            resideInAnyPackage(
                    "dev.sluice.service.loop..",
                    "dev.sluice.service.outbox..",
                    "dev.sluice.service.plan..",
                    "dev.sluice.service.json..",
                    "dev.sluice.service.config..",
                    "dev.sluice.service.store",
                    "dev.sluice.service.flags",
                    "dev.sluice.service.metrics")
                .as("loop, outbox, plan, config, json and the seams"),
            Rules.ADAPTERS)
        .check(HOUSE);
  }

  // That a rule is kept says nothing unless it can be broken.

  private static final JavaClasses OFFENCES =
      new ClassFileImporter().importClasses(Offence.class, Offence.InTheLoop.class);

  private static final DescribedPredicate<JavaClass> ANYBODY = DescribedPredicate.alwaysTrue();

  @Test
  void everyRuleSeesItsViolation() {
    List<ArchRule> rules =
        List.of(
            Rules.readsNoClock(ANYBODY),
            Rules.holdsNoStopwatch(ANYBODY),
            Rules.throwsNoDice(ANYBODY),
            Rules.asksTheSystemNothing(ANYBODY),
            Rules.setsNoTimer(ANYBODY),
            Rules.makesNoVertx(ANYBODY),
            Rules.isPure(ANYBODY, "dev.sluice.."),
            Rules.knowsNothingOf(ANYBODY, Rules.GATES));
    for (ArchRule rule : rules) {
      assertThrows(AssertionError.class, () -> rule.check(OFFENCES), rule.getDescription());
    }
  }

  @Test
  void aClockBehindAMethodReferenceIsSeenToo() {
    JavaClasses hidden = new ClassFileImporter().importClasses(Offence.InTheLoop.class);
    assertThrows(AssertionError.class, () -> Rules.readsNoClock(ANYBODY).check(hidden));
  }
}
