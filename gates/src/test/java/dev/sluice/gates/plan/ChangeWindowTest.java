package dev.sluice.gates.plan;

import static java.time.DayOfWeek.FRIDAY;
import static java.time.DayOfWeek.MONDAY;
import static java.time.DayOfWeek.SATURDAY;
import static java.time.DayOfWeek.SUNDAY;
import static java.time.DayOfWeek.THURSDAY;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChangeWindowTest {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  private static boolean contains(ChangeWindow window, String local) {
    return window.contains(LocalDateTime.parse(local).atZone(ZoneOffset.UTC));
  }

  /** 2026-03-02 is a Monday. */
  @ParameterizedTest
  @CsvSource({
    "2026-03-02T08:59:59, false", "2026-03-02T09:00:00, true", "2026-03-05T15:59:59, true",
    "2026-03-05T16:00:00, false", "2026-03-06T10:00:00, false", "2026-03-01T10:00:00, false",
  })
  void anOfficeDayOpensInclusiveAndClosesExclusive(String local, boolean inside) {
    ChangeWindow office =
        new ChangeWindow(MONDAY, THURSDAY, LocalTime.of(9, 0), LocalTime.of(16, 0));
    assertEquals(inside, contains(office, local));
  }

  @ParameterizedTest
  @CsvSource({
    // Friday evening and the night that follows it.
    "2026-03-06T21:59:59, false", "2026-03-06T22:00:00, true", "2026-03-07T01:59:59, true",
    "2026-03-07T02:00:00, false", "2026-03-07T23:00:00, false", "2026-03-06T01:00:00, false",
  })
  void aWindowOverMidnightBelongsToTheDayOnWhichItOpened(String local, boolean inside) {
    ChangeWindow night = new ChangeWindow(FRIDAY, FRIDAY, LocalTime.of(22, 0), LocalTime.of(2, 0));
    assertEquals(inside, contains(night, local));
  }

  @ParameterizedTest
  @CsvSource({
    "2026-03-07T12:00:00, true",
    "2026-03-08T12:00:00, true",
    "2026-03-02T12:00:00, true",
    "2026-03-03T12:00:00, false",
    "2026-03-06T12:00:00, false",
  })
  void theDaysMayWrapOverTheEndOfTheWeek(String local, boolean inside) {
    ChangeWindow weekend =
        new ChangeWindow(SATURDAY, MONDAY, LocalTime.of(10, 0), LocalTime.of(14, 0));
    assertEquals(inside, contains(weekend, local));
  }

  @Test
  void aWindowThatWrapsBothTheWeekAndMidnightHoldsItsLastMorning() {
    ChangeWindow window =
        new ChangeWindow(SATURDAY, SUNDAY, LocalTime.of(20, 0), LocalTime.of(6, 0));
    assertTrue(contains(window, "2026-03-09T05:59:00"), "Monday morning belongs to Sunday");
    assertFalse(contains(window, "2026-03-09T20:00:00"));
    assertFalse(contains(window, "2026-03-07T05:00:00"), "Saturday morning belongs to Friday");
  }

  @Test
  void aDayThatClosesAtMidnightIsOpenUntilThen() {
    ChangeWindow late = new ChangeWindow(MONDAY, MONDAY, LocalTime.of(9, 0), LocalTime.MIDNIGHT);
    assertTrue(contains(late, "2026-03-02T23:59:59"));
    assertFalse(contains(late, "2026-03-03T00:00:00"));
  }

  @Test
  void equalTimesAreAWholeDay() {
    ChangeWindow day = new ChangeWindow(MONDAY, MONDAY, LocalTime.MIDNIGHT, LocalTime.MIDNIGHT);
    assertTrue(contains(day, "2026-03-02T00:00:00"));
    assertTrue(contains(day, "2026-03-02T23:59:59"));
    assertFalse(contains(day, "2026-03-03T00:00:00"));
  }

  @Test
  void localTimesAreMeantWhenTheClocksChange() {
    ChangeWindow sunday = new ChangeWindow(SUNDAY, SUNDAY, LocalTime.of(2, 30), LocalTime.of(4, 0));
    // 29 March 2026: two o'clock becomes three o'clock; half past two does not exist.
    assertFalse(sunday.contains(Instant.parse("2026-03-29T00:59:59Z").atZone(BERLIN)));
    assertTrue(sunday.contains(Instant.parse("2026-03-29T01:00:00Z").atZone(BERLIN)));
    assertFalse(sunday.contains(Instant.parse("2026-03-29T02:00:00Z").atZone(BERLIN)));
    // 25 October 2026: three o'clock becomes two o'clock; half past two comes twice.
    assertTrue(sunday.contains(Instant.parse("2026-10-25T00:30:00Z").atZone(BERLIN)));
    assertFalse(sunday.contains(Instant.parse("2026-10-25T01:15:00Z").atZone(BERLIN)));
    assertTrue(sunday.contains(Instant.parse("2026-10-25T01:30:00Z").atZone(BERLIN)));
  }
}
