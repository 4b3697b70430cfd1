package dev.sluice.service.plan.yaml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.service.plan.Problem;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** YAML becomes a tree in which everything knows its place. */
class YamlReaderTest {

  private static Node value(String text) {
    Yaml yaml = YamlReader.read("v: " + text);
    assertEquals(List.of(), yaml.problems().list(), text);
    return ((Node.Mapping) yaml.root().orElseThrow()).get("v").orElseThrow();
  }

  private static Problem only(String text) {
    List<Problem> problems = YamlReader.read(text).problems().list();
    assertEquals(1, problems.size(), problems.toString());
    return problems.getFirst();
  }

  @Test
  void unquotedValuesFollowTheCoreSchema() {
    Place place = new Place(1, 4);
    assertEquals(new Node.Flag(true, place), value("true"));
    assertEquals(new Node.Flag(false, place), value("FALSE"));
    assertEquals(new Node.Nothing(place), value("~"));
    assertEquals(new Node.Nothing(place), value("null"));
    assertEquals(new Node.Numeric(12, "12", place), value("12"));
    assertEquals(new Node.Numeric(-0.5, "-.5", place), value("-.5"));
    assertEquals(new Node.Numeric(1000, "1e3", place), value("1e3"));
    for (String text :
        List.of("1_000", "12:30", "0x1F", "0o17", ".inf", ".nan", "2026-11-24", "y")) {
      assertEquals(new Node.Text(text, place), value(text));
    }
  }

  @Test
  void quotedValuesAreText() {
    for (String text : List.of("true", "12", "null", "yes", "")) {
      assertEquals(new Node.Text(text, new Place(1, 4)), value("'" + text + "'"));
    }
    assertEquals(new Node.Text("12", new Place(1, 4)), value("!!str 12"));
  }

  @Test
  void keysAndValuesKnowTheirPlaces() {
    Yaml yaml = YamlReader.read("a: 1\nb:\n  - c: 2\n    'd e': [3, {f: 4}]\n");
    assertEquals(new Place(1, 1), yaml.place("/a"));
    assertEquals(new Place(2, 1), yaml.place("/b"));
    assertEquals(new Place(4, 5), yaml.place("/b/0/d e"));
    assertEquals(new Place(4, 17), yaml.place("/b/0/d e/1/f"));
    assertEquals(Place.UNKNOWN, yaml.place("/b/7"));
    assertEquals(Place.UNKNOWN, yaml.place("/a/b/c"));
  }

  @Test
  void slashesAndTildesInKeysAreEscapedInPointers() {
    Yaml yaml = YamlReader.read("a/b:\n  c~d: 1");
    assertEquals(new Place(2, 3), yaml.place("/a~1b/c~0d"));
  }

  @Test
  void anAnchoredValueStandsWhereItWasWritten() {
    Yaml yaml = YamlReader.read("a: &x {k: 1}\nb: *x\nc: *x");
    Node root = yaml.root().orElseThrow();
    assertEquals(7, root.size());
    assertEquals(new Place(1, 8), yaml.place("/c/k"));
    assertEquals(new Place(3, 1), yaml.place("/c"));
  }

  @Test
  void whatStandsHereIsStrongerThanWhatIsTakenOver() {
    Yaml yaml = YamlReader.read("a: &x {k: 1, l: 2}\nb: &y {k: 3}\nc: {<<: [*y, *x], m: 4, l: 5}");
    Optional<Node> c = Pointer.find(yaml.root().orElseThrow(), "/c");
    Node.Mapping merged = assertInstanceOf(Node.Mapping.class, c.orElseThrow());
    assertEquals(List.of("m", "l", "k"), List.copyOf(merged.entries().keySet()));
    assertEquals("3", ((Node.Numeric) merged.get("k").orElseThrow()).written());
    assertEquals("5", ((Node.Numeric) merged.get("l").orElseThrow()).written());
  }

  @Test
  void aMergeOfSomethingElseIsAProblem() {
    assertEquals("/a/<<", only("a: {<<: text}").pointer());
  }

  @Test
  void windowsLineEndsAndByteOrderMarksChangeNoPlace() {
    Yaml yaml = YamlReader.read("\uFEFFa: 1\r\nb: 2\r\n");
    assertEquals(new Place(2, 1), yaml.place("/b"));
    assertTrue(yaml.problems().isEmpty());
  }

  /** A column is a character, as editors count, whatever its length in the file. */
  @Test
  void columnsCountCharacters() {
    Problem problem = only("a: ['\uD83D\uDEA6 stop', on]");
    assertEquals(15, problem.column());
  }

  @Test
  void aCharacterThatIsNoTextIsFound() {
    Problem problem = only("a: 1\nb: x\u0007y\n");
    assertEquals(2, problem.line());
    assertEquals(5, problem.column());
    assertEquals("the character U+0007 cannot be part of a YAML text", problem.message());
  }

  @Test
  void anEmptyTextHasNoRootAndNoProblem() {
    Yaml yaml = YamlReader.read("");
    assertEquals(Optional.empty(), yaml.root());
    assertTrue(yaml.problems().isEmpty());
  }

  @Test
  void numbersThatDoNotFitAreRefused() {
    assertEquals("this number is too large", only("a: 1e999").message());
  }

  @Test
  void wordsAreNearWhenFingersSlip() {
    List<String> known = List.of("onDrift", "owned", "target", "key", "environment");
    assertEquals(Optional.of("onDrift"), DidYouMean.closest("onDrfit", known));
    assertEquals(Optional.of("onDrift"), DidYouMean.closest("on_drift", known));
    assertEquals(Optional.of("environment"), DidYouMean.closest("enviroment", known));
    assertEquals(Optional.empty(), DidYouMean.closest("colour", known));
    assertEquals(Optional.empty(), DidYouMean.closest("x", List.of("y")));
  }

  @Test
  void durationsAreThoseOfPrometheus() {
    assertEquals(Optional.of(java.time.Duration.ofMinutes(90)), Durations.parse("1h30m"));
    assertEquals(Optional.of(java.time.Duration.ofMillis(500)), Durations.parse("500ms"));
    assertEquals(Optional.of(java.time.Duration.ofDays(7)), Durations.parse("1w"));
    for (String text : List.of("", "1", "h", "1h ", "1.5h", "-1h", "1x")) {
      assertEquals(Optional.empty(), Durations.parse(text), text);
    }
  }
}
