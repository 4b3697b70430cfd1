package dev.sluice.service.plan.yaml;

import dev.sluice.service.plan.Problem;
import java.util.List;
import java.util.Optional;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.ReaderException;
import org.yaml.snakeyaml.reader.StreamReader;

/**
 * Reads one YAML document, bounded in length, depth and number of values, whatever the aliases
 * multiply. Values follow the core schema of YAML 1.2, of which JSON is a part; what YAML 1.1 and
 * 1.2 understand differently is a problem and no guess.
 */
public final class YamlReader {
  /** More than a hundred times what the longest plan needs. */
  public static final int MOST_CHARACTERS = 256 * 1024;

  private YamlReader() {}

  public static Yaml read(String text) {
    Problems problems = new Problems();
    return new Yaml(text, root(text, problems), problems);
  }

  private static Optional<Node> root(String text, Problems problems) {
    if (text.length() > MOST_CHARACTERS) {
      problems.add("", Place.START, "the text is longer than " + MOST_CHARACTERS / 1024 + " KiB");
      return Optional.empty();
    }
    ParserImpl parser = new ParserImpl(new StreamReader(text), new LoaderOptions());
    try {
      return document(parser, problems);
    } catch (Composer.Stopped stopped) {
      problems.add(stopped.problem());
    } catch (ReaderException e) {
      problems.add(unprintable(text, e));
    } catch (MarkedYAMLException e) {
      problems.add(SyntaxWords.of(e));
    } catch (YAMLException | IndexOutOfBoundsException | IllegalArgumentException e) {
      // The parser is not proven against every text; what it throws is a fault of the text.
      problems.add("", Place.START, "this cannot be read as YAML");
    }
    return Optional.empty();
  }

  private static Optional<Node> document(ParserImpl parser, Problems problems) {
    parser.getEvent(); // the stream begins
    if (parser.checkEvent(Event.ID.StreamEnd)) {
      return Optional.empty();
    }
    parser.getEvent(); // the document begins
    Node root = new Composer(parser, problems).compose();
    parser.getEvent(); // the document ends
    if (!parser.checkEvent(Event.ID.StreamEnd)) {
      problems.add(
          "",
          place(parser.peekEvent().getStartMark()),
          "a second document begins here",
          "one document to a file: take the line '---' out, or split the file");
    }
    return Optional.of(root);
  }

  static Place place(Mark mark) {
    return new Place(mark.getLine() + 1, mark.getColumn() + 1);
  }

  private static Problem unprintable(String text, ReaderException e) {
    int end = Math.min(text.length(), text.offsetByCodePoints(0, position(text, e)));
    List<String> lines = text.substring(0, end).lines().toList();
    boolean newLine = lines.isEmpty() || text.charAt(end - 1) == '\n';
    int line = lines.size() + (newLine ? 1 : 0);
    int column = newLine ? 1 : lines.getLast().codePointCount(0, lines.getLast().length()) + 1;
    String code = String.format("U+%04X", e.getCodePoint());
    return new Problem(
        "",
        line,
        column,
        "the character " + code + " cannot be part of a YAML text",
        Optional.of("is this a text file, encoded in UTF-8?"));
  }

  private static int position(String text, ReaderException e) {
    return Math.max(0, Math.min(e.getPosition(), text.codePointCount(0, text.length())));
  }
}
