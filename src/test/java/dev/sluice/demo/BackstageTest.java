package dev.sluice.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BackstageTest {
  private final Backstage backstage = new Backstage();
  private final List<String> ended = new ArrayList<>();

  private AutoCloseable thing(String name) {
    return () -> ended.add(name);
  }

  @Test
  void theLastToComeIsTheFirstToGoAndGoesOnce() {
    backstage.keep(thing("folder"));
    backstage.keep(thing("prometheus"));

    backstage.close();
    backstage.close();

    assertEquals(List.of("prometheus", "folder"), ended);
  }

  @Test
  void whatComesAfterTheEndGoesAtOnce() {
    backstage.close();

    assertThrows(Trouble.class, () -> backstage.keep(thing("late")));

    assertEquals(List.of("late"), ended);
  }

  @Test
  void oneThingThatCannotBeEndedDoesNotKeepTheOthersAlive() {
    backstage.keep(thing("folder"));
    backstage.keep(
        () -> {
          throw new IllegalStateException("stuck");
        });

    backstage.close();

    assertEquals(List.of("folder"), ended);
  }
}
