package dev.sluice.service.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.sluice.gates.plan.Plan;
import dev.sluice.service.plan.Problem;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/**
 * What is to be said of one file.
 *
 * @param plan absent where the file holds none, or where it is no plan's file
 * @param notes what is allowed and probably not meant
 */
record PlanReport(String file, Optional<Plan> plan, List<Problem> problems, List<Problem> notes) {
  PlanReport {
    problems = List.copyOf(problems);
    notes = List.copyOf(notes);
  }

  /** How reports are printed. */
  enum Format {
    TEXT,
    JSON,
    GITHUB
  }

  static PlanReport broken(String file, List<Problem> problems) {
    return new PlanReport(file, Optional.empty(), problems, List.of());
  }

  boolean valid() {
    return problems.isEmpty();
  }

  static void print(List<PlanReport> reports, Format format, PrintWriter out) {
    switch (format) {
      case TEXT -> reports.forEach(report -> report.text(out));
      case JSON -> out.println(json(reports));
      case GITHUB -> reports.forEach(report -> report.github(out));
    }
    out.flush();
  }

  private void text(PrintWriter out) {
    problems.forEach(problem -> out.println(problem.at(file)));
    for (Problem note : notes) {
      out.println(withMessage(note, "note: " + note.message()).at(file));
    }
    summary().ifPresent(out::println);
  }

  private static Problem withMessage(Problem p, String message) {
    return new Problem(p.pointer(), p.line(), p.column(), message, p.hint());
  }

  private Optional<String> summary() {
    return plan.filter(p -> valid())
        .map(
            p ->
                file
                    + " is valid: "
                    + counted(p.steps().size(), "step")
                    + ", "
                    + counted(p.metrics().size(), "metric"));
  }

  private static String counted(int number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }

  /** Workflow commands: they show up beside the line in a pull request. */
  private void github(PrintWriter out) {
    problems.forEach(problem -> out.println(command("error", problem)));
    notes.forEach(note -> out.println(command("notice", note)));
    summary().ifPresent(out::println);
  }

  private String command(String level, Problem p) {
    String place = p.line() > 0 ? ",line=" + p.line() + ",col=" + p.column() : "";
    String message = p.message() + p.hint().map(h -> " (" + h + ")").orElse("");
    return "::" + level + " file=" + property(file) + place + "::" + data(message);
  }

  private static String data(String text) {
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A");
  }

  private static String property(String text) {
    return data(text).replace(":", "%3A").replace(",", "%2C");
  }

  private static String json(List<PlanReport> reports) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.writeStartObject();
      json.writeBooleanField("valid", reports.stream().allMatch(PlanReport::valid));
      json.writeArrayFieldStart("files");
      for (PlanReport report : reports) {
        report.json(json);
      }
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  private void json(JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("file", file);
    json.writeBooleanField("valid", valid());
    if (plan.isPresent()) {
      json.writeStringField("name", plan.get().name());
      json.writeStringField("hash", plan.get().hash());
      json.writeNumberField("steps", plan.get().steps().size());
      json.writeNumberField("metrics", plan.get().metrics().size());
    }
    json(json, "problems", problems);
    json(json, "notes", notes);
    json.writeEndObject();
  }

  private static void json(JsonGenerator json, String name, List<Problem> problems)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (Problem problem : problems) {
      json.writeStartObject();
      json.writeStringField("pointer", problem.pointer());
      json.writeNumberField("line", problem.line());
      json.writeNumberField("column", problem.column());
      json.writeStringField("message", problem.message());
      if (problem.hint().isPresent()) {
        json.writeStringField("hint", problem.hint().get());
      }
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}
