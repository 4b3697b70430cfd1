package dev.sluice.service.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.service.plan.PlanReader;
import dev.sluice.service.plan.PlanReading;
import dev.sluice.service.plan.Texts;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A plan's names are held against the configuration. */
class PlanNamesTest {
  private static final PlanReading.Ok BASE =
      assertInstanceOf(
          PlanReading.Ok.class, new PlanReader().read(Texts.resource("/plan/base.plan.yaml")));

  private static List<String> said(PlanReading.Ok reading, ConfiguredNames names) {
    return PlanNames.check(reading, names).stream().map(p -> p.at("base")).toList();
  }

  @Test
  void knownNamesAreFine() {
    assertEquals(
        List.of(),
        said(BASE, new ConfiguredNames(Set.of("prod"), Set.of("unleash"), Set.of("slack"))));
  }

  @Test
  void unknownNamesAreSaidWithTheirPlaces() {
    assertEquals(
        List.of(
            "base:10:17: no data source is called 'prod' in the server configuration"
                + " (did you mean 'prd'?)",
            "base:80:13: no flag system is called 'unleash' in the server configuration"
                + " (configured: none)",
            "base:87:13: no sink is called 'slack' in the server configuration"
                + " (configured: mail, pager)"),
        said(BASE, new ConfiguredNames(Set.of("prd"), Set.of(), Set.of("pager", "mail"))));
  }

  @Test
  void anExposureThatTheFlagSystemCannotBeToldIsSaidWithItsPlace() {
    PlanReading.Ok half =
        assertInstanceOf(
            PlanReading.Ok.class,
            new PlanReader()
                .read(
                    Texts.resource("/plan/base.plan.yaml")
                        .replaceFirst("(?m)^( *)percent: [0-9]+$", "$1percent: 0.5")));
    Map<String, Granularity> whole = Map.of("unleash", Granularity.WHOLE_PERCENT);
    Set<String> flags = Set.of("unleash");

    List<String> said =
        said(half, new ConfiguredNames(Set.of("prod"), flags, Set.of("slack"), whole));

    assertEquals(1, said.size(), said.toString());
    assertTrue(
        said.getFirst()
            .matches(
                "base:[0-9]+:[0-9]+: flag system 'unleash' cannot be set to 0.5 %"
                    + " \\(it takes whole percents only\\)"),
        said.toString());
    assertEquals(
        List.of(), said(half, new ConfiguredNames(Set.of("prod"), flags, Set.of("slack"))));
  }

  /** A plan that came from the store has no text any more; its names are checked all the same. */
  @Test
  void aPlanWithoutItsTextIsCheckedWithoutPlaces() {
    List<String> said =
        said(
            new PlanReading.Ok(BASE.plan()),
            new ConfiguredNames(Set.of("prod"), Set.of("unleash"), Set.of()));
    assertEquals(
        List.of("base: no sink is called 'slack' in the server configuration (configured: none)"),
        said);
  }
}
