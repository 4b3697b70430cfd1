package dev.sluice.service.cli;

import dev.sluice.gates.plan.Plan;
import dev.sluice.service.config.TextFile;
import dev.sluice.service.plan.PlanReader;
import dev.sluice.service.plan.PlanReading;
import java.io.InputStream;
import java.util.List;

/** A plan in a file, or everything that is wrong with it. */
sealed interface PlanFile {
  record Read(String label, String text, Plan plan) implements PlanFile {}

  /**
   * @param sentences "plan.yaml:12:7: what is wrong (what to do)", at least one
   */
  record Unusable(List<String> sentences) implements PlanFile {
    public Unusable {
      sentences = List.copyOf(sentences);
    }
  }

  /**
   * @param file a path, or "-" for the stream
   */
  static PlanFile read(String file, InputStream in, PlanReader reader) {
    String label = file.equals("-") ? "standard input" : file;
    return switch (TextFile.read(file, in)) {
      case TextFile.Unreadable u -> new Unusable(List.of(label + " " + u.sentence()));
      case TextFile.Text t ->
          switch (reader.read(t.text())) {
            case PlanReading.Ok ok -> new Read(label, t.text(), ok.plan());
            case PlanReading.Broken broken ->
                new Unusable(broken.problems().stream().map(p -> p.at(label)).toList());
          };
    };
  }
}
