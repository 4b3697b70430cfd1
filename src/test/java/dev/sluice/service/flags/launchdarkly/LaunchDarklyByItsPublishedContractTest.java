package dev.sluice.service.flags.launchdarkly;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gates.plan.Exposure;
import dev.sluice.service.config.LaunchDarklyEndpoint;
import dev.sluice.service.config.LaunchDarklyEndpoint.KillTrigger;
import dev.sluice.service.config.Secret;
import dev.sluice.service.flags.Finding;
import dev.sluice.service.flags.Flag;
import dev.sluice.service.flags.FlagSystem;
import dev.sluice.service.flags.FlagSystemContract;
import dev.sluice.service.flags.Reading;
import dev.sluice.service.flags.Trouble;
import dev.sluice.service.flags.Written;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Against an emulator of what LaunchDarkly publishes; no account of theirs took part. */
class LaunchDarklyByItsPublishedContractTest extends FlagSystemContract {
  private static final Flag FLAG = flag("checkout-v2", Optional.empty());
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.ofEpochMilli(1_795_428_930_000L));

  private final Vertx vertx = Vertx.vertx();
  private final LaunchDarklyEmulator emulator = new LaunchDarklyEmulator(vertx);
  private final LaunchDarklyFlags near = flags(emulator.url(), LaunchDarklyEmulator.TOKEN, false);
  private final LaunchDarklyFlags away =
      flags(URI.create("http://127.0.0.1:1"), LaunchDarklyEmulator.TOKEN, false);
  private FlagSystem system = near;

  LaunchDarklyByItsPublishedContractTest() {
    emulator.with("checkout-v2");
  }

  @AfterEach
  void end() {
    await(vertx.close());
  }

  private LaunchDarklyFlags flags(URI url, String token, boolean withTrigger) {
    Optional<KillTrigger> trigger =
        withTrigger
            ? Optional.of(new KillTrigger("checkout-v2", new Secret(emulator.trigger())))
            : Optional.empty();
    return new LaunchDarklyFlags(
        vertx,
        "ld",
        new LaunchDarklyEndpoint(
            url,
            new Secret(token),
            Optional.of("shop"),
            Optional.of("production"),
            "user",
            "true",
            "false",
            trigger,
            Duration.ofSeconds(10)),
        CLOCK,
        "1.2.3");
  }

  private static Flag flag(String key, Optional<String> owned) {
    return new Flag(key, Optional.empty(), Optional.empty(), owned);
  }

  @Override
  protected FlagSystem system() {
    return system;
  }

  @Override
  protected Flag freshFlag() {
    return FLAG;
  }

  @Override
  protected Flag missingFlag() {
    return flag("nowhere", Optional.empty());
  }

  @Override
  protected void somebodyElseSets(Flag flag, Exposure exposure) {
    emulator.sets(flag.key(), (int) Math.round(exposure.percent() * 1000));
  }

  @Override
  protected void reachable(boolean yes) {
    system = yes ? near : away;
  }

  private Written set(Flag flag, double percent) {
    return await(system.set(flag, seen(flag), new Exposure(percent), NOTE));
  }

  private static Trouble trouble(Written written) {
    return assertInstanceOf(Written.NotDone.class, written).trouble();
  }

  private JsonNode lastPatch() {
    return LaunchDarklyEmulator.parsed(emulator.patches().getLast().replaceFirst("^dry ", ""));
  }

  @Test
  void aRaiseIsOneSemanticPatchWithTheDecisionAsItsComment() {
    set(FLAG, 10);

    assertEquals(
        "{\"environmentKey\":\"production\",\"comment\":\"because the test says so (decision checkout-v2-1)\","
            + "\"instructions\":[{\"kind\":\"updateFallthroughVariationOrRollout\",\"rolloutContextKind\":\"user\","
            + "\"rolloutWeights\":{\"var-new\":10000,\"var-old\":90000}},{\"kind\":\"turnFlagOn\"}]}",
        emulator.patches().getLast());
    set(FLAG, 0.001);
    assertEquals(1, lastPatch().at("/instructions/0/rolloutWeights/var-new").intValue());
  }

  @Test
  void theRuleThatThePlanOwnsIsMovedAndNoOther() {
    Flag owned = flag("checkout-v2", Optional.of("rule-1"));
    assertInstanceOf(Written.Done.class, set(owned, 1));

    assertEquals("rule-1", lastPatch().at("/instructions/0/ruleId").asText());
    assertEquals(new Exposure(1), seen(owned).exposure());
    assertEquals(1, emulator.environment("checkout-v2").at("/fallthrough/variation").intValue());
    assertEquals(new Exposure(1), seen(flag("checkout-v2", Optional.of("beta"))).exposure());
  }

  @Test
  void anApprovalIsAskedForAndNotForced() {
    emulator.refusesOnce(405, "method_not_allowed", "approval is required");

    assertEquals(Trouble.Kind.ASKS, trouble(set(FLAG, 10)).kind());
  }

  @Test
  void aConflictIsAnOvertakenWrite() {
    emulator.refusesOnce(409, "optimistic_locking_error", "try again");

    assertInstanceOf(Written.Overtaken.class, set(FLAG, 10));
    assertInstanceOf(Written.Done.class, set(FLAG, 10));
  }

  @Test
  void aChangeBetweenTheReadingAndTheWriteIsSeen() {
    Reading.Seen old = seen(FLAG);
    emulator.sets("checkout-v2", 25_000);
    assertInstanceOf(Written.Overtaken.class, await(system.set(FLAG, old, new Exposure(10), NOTE)));
  }

  @Test
  void whoAsksTooOftenWaitsUntilTheResetThatIsNamed() {
    emulator.refusesOnce(
        new LaunchDarklyEmulator.Refusal(
            429,
            "rate_limited",
            "slow down",
            Map.of("X-Ratelimit-Reset", Long.toString(1_795_428_930_000L + 7_000))));

    Trouble trouble = trouble(set(FLAG, 10));

    assertEquals(Trouble.Kind.BUSY, trouble.kind());
    assertEquals(Optional.of(Duration.ofSeconds(7)), trouble.after());
  }

  @Test
  void aTokenThatIsUnknownIsTheTroubleAndIsNotShown() {
    LaunchDarklyFlags stranger = flags(emulator.url(), "api-wrong-token", false);

    Trouble trouble = assertInstanceOf(Reading.Unread.class, await(stranger.read(FLAG))).trouble();

    assertEquals(Trouble.Kind.DENIED, trouble.kind());
    assertTrue(trouble.sentence().contains("flags.ld.token"), trouble.sentence());
    assertTrue(!trouble.sentence().contains("api-wrong-token"));
  }

  @Test
  void aCheckAsksWithADryRunForBothWays() {
    emulator.sets("checkout-v2", 10_000);

    List<Finding> findings = await(system.preflight(FLAG));

    assertTrue(emulator.patches().getLast().startsWith("dry "));
    assertEquals("turnFlagOff", lastPatch().at("/instructions/1/kind").asText());
    assertEquals(10_000, lastPatch().at("/instructions/0/rolloutWeights/var-new").intValue());
    assertTrue(findings.stream().noneMatch(f -> f.level() == Finding.Level.PROBLEM));
    assertEquals(new Exposure(10), seen(FLAG).exposure(), "nothing was done");

    emulator.refusesOnce(405, "method_not_allowed", "approval is required");
    assertTrue(
        await(system.preflight(FLAG)).stream()
            .anyMatch(
                f -> f.level() == Finding.Level.PROBLEM && f.what().contains("need an approval")));
  }

  @Test
  void whatLaunchDarklyMovesItselfIsRefused() {
    Map<String, String> rules =
        Map.of(
            "a guarded rollout",
            "{\"rollout\":{\"experimentAllocation\":{\"type\":\"measuredRollout\"},\"variations\":[{\"variation\":1,\"weight\":100000}]}}",
            "a progressive rollout",
            "{\"variation\":1,\"progressiveRolloutConfig\":{\"controlVariation\":1}}",
            "an experiment",
            "{\"rollout\":{\"experimentAllocation\":{\"defaultVariation\":1},\"variations\":[{\"variation\":1,\"weight\":100000}]}}");
    rules.forEach(
        (what, rule) -> {
          emulator.environment("checkout-v2").set("fallthrough", LaunchDarklyEmulator.parsed(rule));

          assertTrue(seen(FLAG).oddities().getFirst().contains(what), what);
          assertEquals(Trouble.Kind.UNFIT, trouble(set(FLAG, 10)).kind(), what);
        });
  }

  @Test
  void whatWouldShowTheCanaryPastThePlanIsRefused() {
    emulator
        .environment("checkout-v2")
        .set("targets", LaunchDarklyEmulator.parsed("[{\"variation\":0,\"values\":[\"anna\"]}]"));
    assertTrue(seen(FLAG).oddities().getFirst().contains("Individual targets"));
    emulator.with("checkout-v2");
    emulator
        .environment("checkout-v2")
        .set("rules", LaunchDarklyEmulator.parsed("[{\"_id\":\"r\",\"variation\":0}]"));
    assertTrue(seen(FLAG).oddities().getFirst().contains("Another rule"));
    emulator.with("checkout-v2");
    emulator.environment("checkout-v2").put("offVariation", 0);
    assertEquals(Exposure.ALL, seen(FLAG).exposure());
    assertEquals(Trouble.Kind.UNFIT, trouble(await(system.kill(FLAG, NOTE))).kind());
  }

  @Test
  void whenTheApiFailsTheTriggerTurnsTheFlagOff() {
    emulator.sets("checkout-v2", 50_000);
    emulator.refuses(405, "method_not_allowed", "approval is required");
    LaunchDarklyFlags withTrigger = flags(emulator.url(), LaunchDarklyEmulator.TOKEN, true);

    assertInstanceOf(Written.Done.class, await(withTrigger.kill(FLAG, NOTE)));

    assertEquals(List.of("{}"), emulator.triggered());
    assertEquals(Exposure.NONE, seen(FLAG).exposure());
    assertEquals(Trouble.Kind.ASKS, trouble(await(near.kill(FLAG, NOTE))).kind());
  }

  @Test
  void theTriggerWorksWithoutAnyToken() {
    emulator.sets("checkout-v2", 50_000);
    assertInstanceOf(
        Written.Done.class, await(flags(emulator.url(), "expired", true).kill(FLAG, NOTE)));
    assertEquals(Exposure.NONE, seen(FLAG).exposure());
  }

  @Test
  void theTriggerIsForItsOwnFlagAndEnvironmentOnly() {
    LaunchDarklyFlags withTrigger = flags(emulator.url(), "expired", true);

    trouble(await(withTrigger.kill(flag("other", Optional.empty()), NOTE)));
    trouble(
        await(
            withTrigger.kill(
                new Flag("checkout-v2", Optional.empty(), Optional.of("staging"), Optional.empty()),
                NOTE)));

    assertEquals(List.of(), emulator.triggered());
  }
}
