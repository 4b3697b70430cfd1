package dev.sluice.service.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.service.http.Golden;
import dev.sluice.service.plan.PlanReader;
import dev.sluice.service.plan.PlanReading;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import picocli.CommandLine;

class PlanImportTest {
  private record Ran(int code, String out, String err) {}

  private static Ran run(String tool, String text) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    InputStream in = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    int code =
        new CommandLine(new PlanImport(in))
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(tool, "-");
    return new Ran(code, out.toString(), err.toString());
  }

  private static String example(String file) {
    try (InputStream in = PlanImportTest.class.getResourceAsStream("/imports/" + file)) {
      return new String(Objects.requireNonNull(in, file).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @TestFactory
  Stream<DynamicTest> anExampleOfEachToolBecomesAPlanThatIsValid() {
    return Stream.of("kayenta.json", "argo.yaml", "flagger.yaml", "keptn.yaml")
        .map(
            file ->
                DynamicTest.dynamicTest(
                    file,
                    () -> {
                      String tool = file.replaceFirst("\\..*", "");
                      Ran ran = run(tool, example(file));

                      Golden.check("imports/" + tool + ".plan.yaml", ran.out());
                      assertEquals(3, ran.code(), ran.err());
                      PlanReading reading = new PlanReader().read(ran.out());
                      assertInstanceOf(PlanReading.Ok.class, reading, ran.out() + reading);
                    }));
  }

  /** Once for who runs it, and once for who reads the plan in a year. */
  @TestFactory
  Stream<DynamicTest> whatIsLostIsNamedInThePlanAndOnStandardError() {
    return Stream.of("kayenta.json", "argo.yaml", "flagger.yaml", "keptn.yaml")
        .map(
            file ->
                DynamicTest.dynamicTest(
                    file,
                    () -> {
                      Ran ran = run(file.replaceFirst("\\..*", ""), example(file));
                      List<String> said =
                          ran.err().lines().map(l -> l.replace("not carried over: ", "")).toList();
                      List<String> noted =
                          ran.out()
                              .lines()
                              .filter(l -> l.startsWith("#  - "))
                              .map(l -> l.substring(5))
                              .toList();
                      assertEquals(noted, said);
                      assertTrue(said.size() > 2, ran.err());
                    }));
  }

  @Test
  void aTextOfAnotherToolIsRefusedWithWhatWasLookedFor() {
    for (String tool : List.of("kayenta", "argo", "flagger", "keptn")) {
      Ran other = run(tool, example(tool.equals("argo") ? "keptn.yaml" : "argo.yaml"));
      assertEquals(2, other.code(), tool);
      assertTrue(other.err().startsWith("standard input: th"), other.err());
      assertEquals("", other.out());
    }
    assertEquals(2, run("argo", "a: [").code());
    assertEquals(2, run("argo", "").code());
    assertEquals(2, run("spinnaker", "a: 1").code());
  }
}
