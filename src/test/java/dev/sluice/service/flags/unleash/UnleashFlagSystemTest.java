package dev.sluice.service.flags.unleash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.gates.plan.Exposure;
import dev.sluice.service.config.FlagEndpoint;
import dev.sluice.service.flags.Finding;
import dev.sluice.service.flags.Flag;
import dev.sluice.service.flags.FlagSystem;
import dev.sluice.service.flags.FlagSystemContract;
import dev.sluice.service.flags.Reading;
import dev.sluice.service.flags.Trouble;
import dev.sluice.service.flags.Written;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Against a real Unleash: the contract, and what is Unleash's own. */
class UnleashFlagSystemTest extends FlagSystemContract {
  private static final String OURS = "sluice";
  private static final Exposure TEN = new Exposure(10);

  private final RealUnleash unleash = RealUnleash.shared();
  private final Vertx vertx = Vertx.vertx();
  private final Wire wire = new Wire(vertx, unleash.port());
  private final FlagSystem system =
      system(RealUnleash.endpoint(wire.url(), RealUnleash.ADMIN_TOKEN));

  @AfterEach
  void end() {
    await(vertx.close());
  }

  private UnleashFlagSystem system(FlagEndpoint.Unleash config) {
    return new UnleashFlagSystem(vertx, "prod", config, InstantSource.system(), "1");
  }

  private UnleashFlagSystem withToken(String token) {
    return system(RealUnleash.endpoint(wire.url(), token));
  }

  @Override
  protected FlagSystem system() {
    return system;
  }

  private static Flag flag(String key) {
    return new Flag(key, Optional.empty(), Optional.empty(), Optional.of(OURS));
  }

  @Override
  protected Flag freshFlag() {
    return flag(unleash.newFlag(OURS));
  }

  @Override
  protected Flag missingFlag() {
    return flag(unleash.newName());
  }

  @Override
  protected void somebodyElseSets(Flag flag, Exposure exposure) {
    unleash.patch(flag.key(), "/parameters/rollout", "\"" + Math.round(exposure.percent()) + "\"");
  }

  @Override
  protected void reachable(boolean yes) {
    wire.fault(yes ? Wire.Fault.NONE : Wire.Fault.DOWN);
  }

  private String oddity(Flag flag) {
    Reading.Seen seen = seen(flag);
    assertEquals(1, seen.oddities().size(), seen.toString());
    return seen.oddities().getFirst();
  }

  private Trouble notSet(FlagSystem system, Flag flag, Exposure exposure) {
    return assertInstanceOf(
            Written.NotDone.class, await(system.set(flag, seen(flag), exposure, NOTE)))
        .trouble();
  }

  private static List<Finding> of(Finding.Level level, List<Finding> findings) {
    return findings.stream().filter(f -> f.level() == level).toList();
  }

  @Test
  void aStrategyOfOthersThatServesEverybodyForbidsAnyRaiseAndIsNamed() {
    Flag flag = freshFlag();
    unleash.strategy(flag.key(), "old way", "100");

    assertEquals(Exposure.ALL, seen(flag).exposure());
    assertTrue(oddity(flag).contains("'old way' (flexibleRollout)"), oddity(flag));
    assertTrue(oddity(flag).contains("100 % of the users"), oddity(flag));
    Trouble trouble = notSet(system, flag, Exposure.ALL);
    assertEquals(Trouble.Kind.UNFIT, trouble.kind());
    assertEquals("0", rollout(flag));
    List<Finding> problems = of(Finding.Level.PROBLEM, await(system.preflight(flag)));
    assertEquals(1, problems.size());
    assertTrue(problems.getFirst().remedy().startsWith("Disable it"), problems.toString());
  }

  private String rollout(Flag flag) {
    String all = unleash.call("GET", RealUnleash.environment(flag.key()) + "/strategies", "");
    int at = all.indexOf("\"rollout\":\"") + 11;
    return all.substring(at, all.indexOf('"', at));
  }

  @Test
  void aStrategyOfOthersThatIsDisabledOrForSomeOnlyIsInNobodysWay() {
    Flag flag = freshFlag();
    unleash.call(
        "POST",
        RealUnleash.environment(flag.key()) + "/strategies",
        """
        {"name": "flexibleRollout", "title": "testers", "parameters": {"rollout": "100"},
         "constraints": [{"contextName": "userId", "operator": "IN", "values": ["7"]}]}
        """);

    assertTrue(seen(flag).whole());
    List<Finding> warnings = of(Finding.Level.WARNING, await(system.preflight(flag)));
    assertEquals(1, warnings.size(), warnings.toString());
    assertTrue(warnings.getFirst().what().contains("'testers'"));
  }

  @Test
  void nonsenseAsAPercentageIsSeenForWhatSdksMakeOfIt() {
    for (String[] each :
        new String[][] {{"abc", "0"}, {"101", "100"}, {"0.5", "0.5"}, {"-3", "0"}}) {
      Flag flag = freshFlag();
      unleash.patch(flag.key(), "/parameters/rollout", "\"" + each[0] + "\"");

      assertEquals(new Exposure(Double.parseDouble(each[1])), seen(flag).exposure());
      assertTrue(oddity(flag).contains("'" + each[0] + "', which is no whole percent"));
    }
  }

  @Test
  void aHalfPercentIsNotEvenTried() {
    Flag flag = freshFlag();

    Trouble trouble = notSet(system, flag, new Exposure(0.5));

    assertEquals(Trouble.Kind.UNFIT, trouble.kind());
    assertTrue(trouble.sentence().contains("whole percents only, and not 0.5 %"));
  }

  @Test
  void anotherGroupIsAnotherShapeAndSpoilsAWrite() {
    Flag flag = freshFlag();
    Reading.Seen before = seen(flag);
    unleash.patch(flag.key(), "/parameters/groupId", "\"elsewhere\"");

    assertNotEquals(before.shape(), seen(flag).shape());
    assertEquals(before.exposure(), seen(flag).exposure());
    assertInstanceOf(Written.Overtaken.class, await(system.set(flag, before, TEN, NOTE)));
  }

  @Test
  void aGroupThatIsLostIsSaid() {
    Flag flag = freshFlag();
    unleash.call(
        "PUT",
        RealUnleash.environment(flag.key()) + "/strategies/" + unleash.strategyId(flag.key()),
        "{\"parameters\": {\"rollout\": \"10\"}}");

    assertTrue(oddity(flag).contains("lost its groupId"), oddity(flag));
  }

  @Test
  void aFlagThatWasOffServesAfterASetAndOnlyWhatWasAsked() {
    Flag flag = freshFlag();
    unleash.patch(flag.key(), "/parameters/rollout", "\"80\"");
    unleash.call("POST", RealUnleash.environment(flag.key()) + "/off", "");
    assertEquals(Exposure.NONE, seen(flag).exposure());

    assertInstanceOf(Written.Done.class, await(system.set(flag, seen(flag), TEN, NOTE)));

    assertEquals(TEN, seen(flag).exposure());
  }

  @Test
  void aStrategyOfOursThatIsDisabledIsEnabledByASet() {
    Flag flag = freshFlag();
    unleash.patch(flag.key(), "/disabled", "true");
    assertEquals(Exposure.NONE, seen(flag).exposure());

    assertInstanceOf(Written.Done.class, await(system.set(flag, seen(flag), TEN, NOTE)));

    assertEquals(TEN, seen(flag).exposure());
  }

  @Test
  void aStrategyThatIsNotThereIsMadeOnlyWhereTheConfigurationSaysSo() {
    Flag flag = flag(unleash.newFlag());
    assertTrue(oddity(flag).contains("has no strategy 'sluice'"), oddity(flag));
    assertEquals(Trouble.Kind.UNFIT, notSet(system, flag, TEN).kind());

    FlagEndpoint.Unleash c = unleash.endpoint();
    UnleashFlagSystem making =
        system(
            new FlagEndpoint.Unleash(
                c.url(),
                c.token(),
                c.tls(),
                c.project(),
                c.environment(),
                true,
                "userId",
                c.timeout()));
    Reading.Seen seen = assertInstanceOf(Reading.Seen.class, await(making.read(flag)));
    assertTrue(seen.whole());
    assertEquals(List.of(), of(Finding.Level.PROBLEM, await(making.preflight(flag))));
    assertInstanceOf(Written.Done.class, await(making.set(flag, seen, TEN, NOTE)));

    assertEquals(TEN, seen(flag).exposure());
    String made = unleash.call("GET", RealUnleash.environment(flag.key()) + "/strategies", "");
    assertTrue(made.contains("\"stickiness\":\"userId\""), made);
    assertTrue(made.contains("\"groupId\":\"" + flag.key() + "\""), made);
  }

  @Test
  void ofSeveralStrategiesOfOneTitleNoneIsTakenForOurs() {
    Flag flag = freshFlag();
    unleash.strategy(flag.key(), OURS, "0");

    assertTrue(seen(flag).oddities().getFirst().contains("2 strategies with the title 'sluice'"));
    assertEquals(Trouble.Kind.UNFIT, notSet(system, flag, TEN).kind());
  }

  @Test
  void withoutATitleThePlanMeansTheOnlyGradualStrategy() {
    String key = unleash.newFlag("whatever");
    Flag unnamed = new Flag(key, Optional.empty(), Optional.empty(), Optional.empty());
    assertTrue(seen(unnamed).whole());

    unleash.strategy(key, "another", "0");

    assertTrue(seen(unnamed).oddities().getFirst().contains("flag.owned of the plan"));
  }

  @Test
  void anArchivedFlagServesNobodyAndIsNoWayToAnywhere() {
    Flag flag = freshFlag();
    await(system.set(flag, seen(flag), TEN, NOTE));
    unleash.call("DELETE", "/api/admin/projects/default/features/" + flag.key(), "");

    assertEquals(Exposure.NONE, seen(flag).exposure());
    assertTrue(oddity(flag).contains("is archived"));
    assertInstanceOf(Written.Done.class, await(system.kill(flag, NOTE)));
    assertEquals(Trouble.Kind.UNFIT, notSet(system, flag, TEN).kind());
  }

  @Test
  void anEnvironmentOrAProjectThatIsNotThereIsSaid() {
    String key = freshFlag().key();
    Flag nowhere = new Flag(key, Optional.empty(), Optional.of("moon"), Optional.of(OURS));
    Flag elsewhere = new Flag(key, Optional.of("other"), Optional.empty(), Optional.of(OURS));
    for (Flag flag : List.of(nowhere, elsewhere)) {
      Reading.Unread unread = assertInstanceOf(Reading.Unread.class, await(system.read(flag)));
      assertEquals(Trouble.Kind.MISSING, unread.trouble().kind(), unread.toString());
    }
    assertTrue(await(system.read(nowhere)).toString().contains("no environment 'moon'"));
  }

  @Test
  void aTokenThatIsWrongOrOfTheWrongKindIsToldWithWhereToPutARightOne() {
    Flag flag = freshFlag();
    for (String token : List.of("*:*.wrong", RealUnleash.CLIENT_TOKEN)) {
      UnleashFlagSystem system = withToken(token);
      Reading.Unread unread = assertInstanceOf(Reading.Unread.class, await(system.read(flag)));
      assertEquals(Trouble.Kind.DENIED, unread.trouble().kind());
      assertEquals(Trouble.Kind.DENIED, notSet(system, flag, TEN).kind());
      String all = unread + " " + await(system.kill(flag, NOTE)) + await(system.preflight(flag));
      assertFalse(all.contains(token), all);
    }
    assertTrue(await(withToken("*:*.wrong").read(flag)).toString().contains("flags.prod.token"));
    assertEquals(Exposure.NONE, seen(flag).exposure());
  }

  @Test
  void whoChangedTheFlagLastIsToldInOneSentence() {
    Flag flag = freshFlag();
    somebodyElseSets(flag, new Exposure(25));

    String who = await(system.lastChange(flag)).orElseThrow();

    assertTrue(who.startsWith("admin set strategy 'sluice' from 0 to 25 % at 20"), who);
    unleash.call("POST", RealUnleash.environment(flag.key()) + "/off", "");
    assertTrue(await(system.lastChange(flag)).orElseThrow().startsWith("admin turned it off at"));
  }

  @Test
  void anAnswerThatIsLostOnItsWayIsATroubleAndWhatItDidIsRead() {
    Flag flag = freshFlag();
    Reading.Seen seen = seen(flag);
    wire.faultAfter(0, Wire.Fault.ANSWER_LOST);

    Written written = await(system.set(flag, seen, TEN, NOTE));
    wire.fault(Wire.Fault.NONE);

    assertInstanceOf(Written.NotDone.class, written);
    assertEquals(TEN, seen(flag).exposure());
    assertInstanceOf(Written.Overtaken.class, await(system.set(flag, seen, TEN, NOTE)));
  }

  @Test
  void aServerThatAcceptsAndNeverAnswersCostsNoMoreThanTheTimeOut() {
    Flag flag = freshFlag();
    FlagEndpoint.Unleash c = RealUnleash.endpoint(wire.url(), RealUnleash.ADMIN_TOKEN);
    UnleashFlagSystem hasty =
        system(
            new FlagEndpoint.Unleash(
                c.url(),
                c.token(),
                c.tls(),
                c.project(),
                c.environment(),
                false,
                "default",
                java.time.Duration.ofSeconds(1)));
    wire.fault(Wire.Fault.SILENT);

    Reading.Unread unread = assertInstanceOf(Reading.Unread.class, await(hasty.read(flag)));

    assertEquals(Trouble.Kind.UNAVAILABLE, unread.trouble().kind());
    assertTrue(unread.trouble().sentence().contains("did not answer within 1 s"), unread + "");
    assertInstanceOf(Written.NotDone.class, await(hasty.kill(flag, NOTE)));
  }

  @Test
  void whatIsNotAnUnleashIsSaidToBeNone() {
    UnleashFlagSystem lost =
        system(RealUnleash.endpoint(URI.create(wire.url() + "/nowhere"), RealUnleash.ADMIN_TOKEN));

    Reading.Unread unread = assertInstanceOf(Reading.Unread.class, await(lost.read(freshFlag())));

    assertTrue(
        Stream.of(Trouble.Kind.MISSING, Trouble.Kind.UNAVAILABLE)
            .anyMatch(unread.trouble().kind()::equals),
        unread.toString());
  }
}
