package dev.sluice.service.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every mistake of the golden table is said with its place and its remedy, and nothing else. */
class BrokenPlansTest {
  private static final PlanReader READER = new PlanReader();
  private static final List<GoldenCase> CASES =
      GoldenCase.read(Texts.resource("/plan/broken.txt"), Texts.resource("/plan/base.plan.yaml"));

  @TestFactory
  Stream<DynamicTest> everyMistakeIsSaidWithItsPlaceAndItsRemedy() {
    return CASES.stream().map(c -> DynamicTest.dynamicTest(c.title(), () -> check(c)));
  }

  private static void check(GoldenCase golden) {
    assertEquals(String.join("\n", golden.expected()), String.join("\n", said(golden.text())));
  }

  static List<String> said(String text) {
    return switch (READER.read(text)) {
      case PlanReading.Ok ok -> List.of("nothing");
      case PlanReading.Broken broken ->
          broken.problems().stream().map(p -> p.at("").substring(1)).toList();
    };
  }

  @Test
  void theTableIsAsLongAsPromised() {
    assertTrue(CASES.size() >= 100, "only " + CASES.size());
  }

  @Test
  void thePlanThatTheTableBreaksIsWhole() {
    assertEquals(List.of("nothing"), said(Texts.resource("/plan/base.plan.yaml")));
  }

  /** The first hundred are shown, and how many there are more. */
  @Test
  void aFloodOfProblemsIsCutOff() {
    StringBuilder text = new StringBuilder(Texts.resource("/plan/base.plan.yaml"));
    for (int i = 0; i < 150; i++) {
      text.append("field").append(i).append(": 1\n");
    }
    List<String> said = new ArrayList<>(said(text.toString()));
    assertEquals(101, said.size());
    assertTrue(said.getLast().endsWith("50 more problems from here on are not shown"));
  }

  @Test
  void aTextOfAMegabyteIsRefusedUnread() {
    assertEquals(List.of("1:1: the text is longer than 256 KiB"), said("#".repeat(1024 * 1024)));
  }
}
