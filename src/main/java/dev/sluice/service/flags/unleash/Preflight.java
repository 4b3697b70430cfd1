package dev.sluice.service.flags.unleash;

import dev.sluice.service.config.Granularity;
import dev.sluice.service.flags.Finding;
import dev.sluice.service.flags.Reading;
import dev.sluice.service.flags.Trouble;
import dev.sluice.service.flags.Written;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;

/** All that can be known of a flag before a rollout moves it, without changing anything. */
final class Preflight {
  private final UnleashApi api;
  private final Place place;
  private final Granularity granularity;
  private final List<Finding> findings = new ArrayList<>();

  Preflight(UnleashApi api, Place place, Granularity granularity) {
    this.api = api;
    this.place = place;
    this.granularity = granularity;
  }

  Future<List<Finding>> of(Future<Asked<View>> view) {
    return view.compose(
        asked ->
            switch (asked) {
              case Asked.Not<View> not -> unread(not.trouble());
              case Asked.Got<View> got -> seen(got.value());
            });
  }

  private Future<List<Finding>> unread(Trouble trouble) {
    return found(Finding.problem("Flag " + place.shown() + " cannot be read.", trouble.sentence()));
  }

  private Future<List<Finding>> seen(View view) {
    Reading.Seen seen = view.reading();
    findings.add(
        Finding.good(
            "%s answers, and flag %s stands at %s."
                .formatted(api.name(), place.shown(), seen.exposure())));
    seen.oddities().forEach(oddity -> findings.add(problem(oddity)));
    view.forSome()
        .forEach(
            s ->
                findings.add(
                    Finding.warning(
                        "Strategy %s serves some users whatever the plan says."
                            .formatted(s.shown()),
                        "They are on the canary from the start. Disable it if that is not meant.")));
    if (view.own().isEmpty()) {
      if (seen.whole()) {
        findings.add(
            Finding.good("Strategy '" + view.title() + "' will be made at the first step."));
      }
      return found(Finding.good("It takes " + granularity.words() + "."));
    }
    findings.add(Finding.good("It takes " + granularity.words() + "."));
    return mayWrite(view.own().get());
  }

  /** "What is so: what to do." */
  private static Finding problem(String oddity) {
    int colon = oddity.indexOf(": ");
    return colon < 0
        ? Finding.problem(oddity, "Put it right in Unleash.")
        : Finding.problem(
            oddity.substring(0, colon) + ".",
            Character.toUpperCase(oddity.charAt(colon + 2)) + oddity.substring(colon + 3));
  }

  /** A patch whose test cannot hold is refused for the test, or for our rights. */
  private Future<List<Finding>> mayWrite(Strategy own) {
    return api.patch(place.strategy(own.id()), Patch.nothing())
        .compose(
            written ->
                found(
                    switch (written) {
                      case Written.Overtaken o ->
                          Finding.good("Our token may write strategy " + own.shown() + ".");
                      case Written.Done d ->
                          Finding.warning(
                              "A write that should have been refused was accepted.",
                              "This is not an Unleash that Sluice was tried with (8.2). Watch the first step.");
                      case Written.NotDone not ->
                          Finding.problem(
                              "Our token may not write strategy " + own.shown() + ".",
                              not.trouble().sentence());
                    }));
  }

  private Future<List<Finding>> found(Finding last) {
    findings.add(last);
    return Future.succeededFuture(List.copyOf(findings));
  }
}
