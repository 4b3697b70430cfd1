package dev.sluice.service.cases;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.analyzer.Absence;
import dev.sluice.analyzer.Buckets;
import dev.sluice.analyzer.Counts;
import dev.sluice.analyzer.Moments;
import dev.sluice.analyzer.Observed;
import dev.sluice.analyzer.Values;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CaseReaderTest {
  @TempDir Path folder;

  private static String caseOf(String id, String type, String baseline, String canary) {
    return """
        {"id":"%s","intervalSeconds":60,"metric":{"name":"m","type":"%s","direction":"lower-is-better"},
         "baseline":%s,"canary":%s}"""
        .formatted(id, type, baseline, canary);
  }

  private List<CaseReading> read(String text) {
    try {
      Path file = Files.writeString(folder.resolve("cases.json"), text);
      List<CaseReading> readings = new ArrayList<>();
      new CaseReader(readings::add).read(file);
      return readings;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Case ok(CaseReading reading) {
    return assertInstanceOf(CaseReading.Ok.class, reading).read();
  }

  @Test
  void onlyTheWordTimeShiftSaysThatTheBaselineIsOfAnotherTime() {
    String plain = caseOf("g", "gauge", "[1]", "[2]");
    for (String mode : List.of("requestSplit", "faultSplice", "timeShift")) {
      String text = plain.replace("{\"id\"", "{\"mode\":\"" + mode + "\",\"id\"");
      assertEquals(mode.equals("timeShift"), ok(read(text).getFirst()).otherPeriod(), mode);
    }
    assertEquals(false, ok(read(plain).getFirst()).otherPeriod());
  }

  @Test
  void everyTypeOfElementBecomesItsSample() {
    List<CaseReading> readings =
        read(
            "["
                + String.join(
                    ",",
                    caseOf("g", "gauge", "[1.5]", "[2]"),
                    caseOf(
                        "r",
                        "ratio",
                        "[{\"total\":9,\"failed\":1}]",
                        "[{\"total\":8,\"failed\":0}]"),
                    caseOf("m", "mean", "[{\"sum\":9,\"count\":3}]", "[{\"sum\":8,\"count\":2}]"),
                    caseOf(
                        "h",
                        "histogram",
                        "[{\"buckets\":{\"+Inf\":5,\"0.1\":2,\"1\":4}}]",
                        "[{\"buckets\":{\"1\":3,\"+Inf\":3,\"0.1\":1}}]"))
                + "]");

    assertEquals(
        List.of(
            Observed.Seen.of(new Values(2), new Values(1.5)),
            Observed.Seen.of(new Counts(0, 8), new Counts(1, 9)),
            Observed.Seen.of(new Moments(8, 2), new Moments(9, 3)),
            Observed.Seen.of(
                new Buckets(new double[] {0.1, 1}, new double[] {1, 2, 0}),
                new Buckets(new double[] {0.1, 1}, new double[] {2, 2, 1}))),
        readings.stream().map(r -> ok(r).looks().getFirst()).toList());
  }

  @Test
  void whatIsMissingIsAnAbsenceAndNotAZero() {
    Case gauge = ok(read(caseOf("g", "gauge", "[1,null]", "[null,2]")).getFirst());
    gauge
        .looks()
        .forEach(
            l -> assertEquals(Absence.STALE, assertInstanceOf(Observed.Absent.class, l).why()));
    Case ratio =
        ok(
            read(caseOf(
                    "r", "ratio", "[{\"total\":9,\"failed\":1}]", "[{\"total\":0,\"failed\":0}]"))
                .getFirst());
    assertEquals(
        Absence.NO_TRAFFIC,
        assertInstanceOf(Observed.Absent.class, ratio.looks().getFirst()).why());
  }

  @Test
  void aBrokenCaseIsNamedAndTheNextOneIsRead() {
    List<CaseReading> readings =
        read(
            "["
                + caseOf("bad", "ratio", "[{\"total\":9}]", "[{\"total\":9,\"failed\":1}]")
                + ",{\"id\":\"worse\"},"
                + caseOf("short", "gauge", "[1,2]", "[1]")
                + ","
                + caseOf("good", "gauge", "[1]", "[1]")
                + "]");

    CaseReading.Broken bad = assertInstanceOf(CaseReading.Broken.class, readings.getFirst());
    assertTrue(bad.where().endsWith("case 'bad'"), bad.where());
    assertTrue(bad.why().startsWith("interval 0: failed must be a number"), bad.why());
    assertInstanceOf(CaseReading.Broken.class, readings.get(1));
    assertTrue(
        assertInstanceOf(CaseReading.Broken.class, readings.get(2)).why().contains("as many"));
    assertEquals("good", ok(readings.get(3)).id());
  }

  @Test
  void aFileThatBreaksOffGivesWhatCameBefore() {
    List<CaseReading> readings = read("[" + caseOf("good", "gauge", "[1]", "[1]") + ",{\"id\":");
    assertEquals("good", ok(readings.getFirst()).id());
    assertTrue(
        assertInstanceOf(CaseReading.Broken.class, readings.getLast()).why().contains("after 1"));
  }

  @Test
  void gzippedFilesAreReadAndFalseOnesAreNamed() throws IOException {
    Path zipped = folder.resolve("a.json.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(zipped))) {
      out.write(caseOf("z", "gauge", "[1]", "[1]").getBytes(StandardCharsets.UTF_8));
    }
    List<CaseReading> readings = new ArrayList<>();
    new CaseReader(readings::add).read(zipped);
    assertEquals("z", ok(readings.getFirst()).id());

    Path fake = Files.writeString(folder.resolve("b.json.gz"), "not gzip");
    List<CaseReading> broken = new ArrayList<>();
    new CaseReader(broken::add).read(fake);
    assertInstanceOf(CaseReading.Broken.class, broken.getFirst());
  }
}
