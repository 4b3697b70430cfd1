package dev.sluice.gates.look;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.analyzer.Counts;
import dev.sluice.analyzer.Pods;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PodRosterTest {
  private static final Counts NONE = new Counts(0, 0);

  private final PodRoster roster = new PodRoster();

  private static Counts counts(double events) {
    return new Counts(events, 100);
  }

  private List<Counts> seat(Map<String, Counts> pods) {
    return roster.seat(ByPod.of(pods, 1), 10).map(Pods::baseline).orElse(List.of());
  }

  @Test
  void aPodKeepsItsPlaceWhoeverComesAndGoes() {
    assertEquals(List.of(counts(1), counts(2)), seat(Map.of("a", counts(1), "b", counts(2))));
    assertEquals(
        List.of(NONE, counts(3), counts(4)),
        seat(Map.of("b", counts(3), "aa", counts(4))),
        "a is gone and aa is new, whatever the alphabet says");
    assertEquals(List.of(counts(7), counts(5), NONE), seat(Map.of("a", counts(7), "b", counts(5))));
  }

  @Test
  void onePodAloneSaysNothingOfNoise() {
    assertTrue(roster.seat(ByPod.of(Map.of("a", counts(1)), 1), 10).isEmpty());
    assertTrue(roster.seat(ByPod.of(Map.of("a", NONE, "b", NONE), 1), 10).isEmpty());
    assertTrue(
        roster.seat(ByPod.of(Map.of("a", counts(1), "b", counts(1)), 1), 0).isEmpty(),
        "and nothing is known of the canary's load");
  }

  @Test
  void theLoadOfAPodIsComparedWithTheLoadOfAPod() {
    ByPod seen = ByPod.of(Map.of("a", counts(1), "b", counts(1)), 4);
    Pods pods = roster.seat(seen, 40).orElseThrow();
    assertEquals(0.1, pods.exposureRatio(), 1e-12, "10 a canary pod, 100 a baseline pod");
  }

  @Test
  void placesAreDealtOutAnewWhenTooManyPodsHaveBeenSeen() {
    int places = 0;
    for (int day = 0; day < 20; day++) {
      Map<String, Counts> pods = new HashMap<>();
      for (int i = 0; i < 30; i++) {
        pods.put("pod-" + day + "-" + i, counts(i));
      }
      List<Counts> seated = seat(pods);
      assertTrue(seated.size() <= 2 * ByPod.MOST, "bounded");
      assertTrue(seated.size() != places, "the judge notices that others sit there");
      assertEquals(30, seated.stream().filter(c -> c.exposure() > 0).count());
      places = seated.size();
    }
  }

  @Test
  void aRestoredRosterSeatsAlike() {
    seat(Map.of("x", counts(1), "y", counts(1)));
    PodRoster other = new PodRoster();
    other.restore(roster.snapshot());

    Map<String, Counts> now = Map.of("y", counts(2), "a", counts(3));
    assertEquals(roster.seat(ByPod.of(now, 1), 10), other.seat(ByPod.of(now, 1), 10));
  }

  @Test
  void thereIsNoNoiseBetweenFewerThanTwoPods() {
    assertEquals(Optional.empty(), PodRoster.noise(List.of()));
    assertEquals(Optional.empty(), PodRoster.noise(List.of(ByPod.of(Map.of("a", counts(1)), 1))));
  }
}
