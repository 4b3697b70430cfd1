package dev.sluice.service.template;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * A text with gaps: {@code {{flag.key}}} is the value of that name, escaped; {@code {{json
 * reason}}} is it as JSON; {@code {{#rollback}}...{{/rollback}}} is there if it is true, {@code
 * {{^rollback}}...{{/rollback}}} if it is not, and a list gives the section once for each item, in
 * which {@code {{.}}} is the item and {@code -first} and {@code -last} are true at the ends; {@code
 * {{! }}} is left out. {@code ${env:NAME}} and {@code ${file:/path}} are filled in when it is sent.
 *
 * <p>A name that is not there is a mistake and not an empty text: nobody wants to set a flag to
 * nothing.
 */
public final class Template {
  private final String text;
  private final List<Part> parts;
  private final Escaping escaping;

  private Template(String text, List<Part> parts, Escaping escaping) {
    this.text = text;
    this.parts = List.copyOf(parts);
    this.escaping = escaping;
  }

  /** What came of reading a template. */
  public sealed interface Reading {
    record Ok(Template template) implements Reading {}

    /**
     * @param slips at least one, in the order of the text
     */
    record Broken(List<Slip> slips) implements Reading {
      public Broken {
        slips = List.copyOf(slips);
      }
    }
  }

  public static Reading read(String text, Escaping escaping) {
    Parser.Parsed parsed = Parser.parse(text);
    return parsed.slips().isEmpty()
        ? new Reading.Ok(new Template(text, parsed.parts(), escaping))
        : new Reading.Broken(parsed.slips());
  }

  /** What came of filling one in. */
  public sealed interface Filled {
    record Ok(String text) implements Filled {}

    record Failed(Slip slip) implements Filled {}
  }

  /**
   * Fills in the gaps.
   *
   * @param references what stands for "env:NAME"; empty where it cannot be read
   */
  public Filled fill(JsonNode values, Function<String, Optional<String>> references) {
    try {
      return new Filled.Ok(new Filling(escaping, references).fill(parts, values));
    } catch (Filling.Stuck stuck) {
      return new Filled.Failed(stuck.slip());
    }
  }

  /** What is to be filled in when it is sent: "env:NAME", "file:/path". */
  public Set<String> references() {
    Set<String> references = new LinkedHashSet<>();
    every(parts)
        .forEach(
            part -> {
              if (part instanceof Part.Reference reference) {
                references.add(reference.reference());
              }
            });
    return references;
  }

  /**
   * The names of sections that no value of this one ever has: a section whose name is misspelt is
   * left out without a word. Only names that stand outside of all sections can be told.
   *
   * @param fullest an event in which everything is there that can be
   */
  public List<Slip> unknownSections(JsonNode fullest) {
    List<Slip> unknown = new ArrayList<>();
    for (Part part : parts) {
      if (part instanceof Part.Section section
          && Filling.found(List.of(fullest), section.name()).isEmpty()) {
        unknown.add(Filling.unknown(section.name(), fullest));
      }
    }
    return unknown;
  }

  private static List<Part> every(List<Part> parts) {
    List<Part> all = new ArrayList<>();
    for (Part part : parts) {
      all.add(part);
      if (part instanceof Part.Section section) {
        all.addAll(every(section.parts()));
      }
    }
    return all;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Template t && t.text.equals(text) && t.escaping == escaping;
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }
}
