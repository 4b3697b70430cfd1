package dev.sluice.service.flags.nginx;

import dev.sluice.gates.plan.Exposure;
import dev.sluice.service.config.NginxEndpoint;
import dev.sluice.service.files.AtomicFile;
import dev.sluice.service.flags.Reading;
import dev.sluice.service.flags.Trouble;
import dev.sluice.service.flags.Written;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Our file on its way into nginx: written, tested, loaded. Beside it a second file keeps what nginx
 * was last told to load. Where the two differ, nginx still runs what is in the second one: after a
 * crash in between, or when a reload has failed, that is what is read, and not what was hoped for.
 *
 * <p>What nginx does not take is put back, so that its next start does not fail because of us. Only
 * where users are to be taken back and the file is good, it stays although the reload has failed:
 * should nginx start anew, it starts with fewer users on the canary and not with more.
 *
 * <p>It blocks; one change at a time.
 */
final class Include {
  private final NginxEndpoint endpoint;
  private final SplitFile.Way way;
  private final AtomicFile file;
  private final AtomicFile loaded;

  Include(String name, NginxEndpoint endpoint) {
    this.endpoint = endpoint;
    way = new SplitFile.Way(name, endpoint.splitBy(), endpoint.canary(), endpoint.baseline());
    file = new AtomicFile(endpoint.file());
    loaded = new AtomicFile(beside(endpoint.file()));
  }

  /** Not "*.conf", so that no include catches it. */
  static Path beside(Path file) {
    return file.resolveSibling("." + file.getFileName() + ".loaded");
  }

  /**
   * @param text in the file; what was last loaded
   */
  private record State(String text, String loaded) {
    boolean byHand() {
      return !text.isEmpty() && !text.equals(loaded) && !SplitFile.untouched(text);
    }

    /** What nginx runs, as far as it is known. */
    String running() {
      return byHand() ? text : loaded;
    }

    String version() {
      return SplitFile.sum(text + "\n" + loaded);
    }
  }

  private State state() throws IOException {
    if (!Files.isDirectory(folder())) {
      throw new IOException("its folder is not there");
    }
    String text = file.read().orElse("");
    return new State(text, loaded.read().orElse(SplitFile.untouched(text) ? text : ""));
  }

  private Path folder() {
    Path folder = endpoint.file().toAbsolutePath().getParent();
    return folder == null ? endpoint.file().toAbsolutePath() : folder;
  }

  synchronized Reading read(String key) {
    try {
      State state = state();
      return new Reading.Seen(
          SplitFile.read(state.running(), way.canary()).exposure(key),
          oddities(state, key),
          SplitFile.splitBy(state.running(), key).orElse(""),
          state.version());
    } catch (IOException e) {
      return new Reading.Unread(unreadable(e));
    }
  }

  private List<String> oddities(State state, String key) {
    if (state.byHand()) {
      return List.of(
          "The file %s was changed by hand: put back what Sluice wrote, or delete it."
              .formatted(endpoint.file()));
    }
    Optional<String> other =
        SplitFile.splitBy(state.running(), key).filter(by -> !by.equals(way.splitBy()));
    return other
        .map(
            by ->
                List.of(
                    "In %s the users of flag %s are told apart by '%s', and not by '%s' as configured: with the change other users would get the canary."
                        .formatted(endpoint.file(), key, by, way.splitBy())))
        .orElse(List.of());
  }

  private Trouble unreadable(IOException e) {
    return Trouble.of(
        Trouble.Kind.UNAVAILABLE,
        "The file %s cannot be read (%s): let this user read and write it, and its folder."
            .formatted(endpoint.file(), why(e)));
  }

  private static String why(IOException e) {
    String name = e.getClass().getSimpleName();
    return name.equals("IOException") ? String.valueOf(e.getMessage()) : name;
  }

  /**
   * @param version of the reading that this rests on; absent: whatever it stands at
   */
  synchronized Written put(String key, Exposure exposure, Optional<String> version) {
    try {
      State state = state();
      if (version.filter(v -> !v.equals(state.version())).isPresent()) {
        return new Written.Overtaken();
      }
      SplitFile before = SplitFile.read(state.running(), way.canary());
      Optional<String> namesake = before.namesake(key);
      if (namesake.isPresent()) {
        return new Written.NotDone(sameVariable(key, namesake.get()));
      }
      boolean lowers = exposure.compareTo(before.exposure(key)) <= 0;
      return load(state, before.with(key, exposure).text(way), lowers);
    } catch (IOException e) {
      return new Written.NotDone(
          Trouble.of(
              Trouble.Kind.UNAVAILABLE,
              "The file %s cannot be written (%s): let this user write to its folder."
                  .formatted(endpoint.file(), why(e))));
    }
  }

  private Trouble sameVariable(String key, String other) {
    return Trouble.of(
        Trouble.Kind.UNFIT,
        "The flags %s and %s would both be $%s in nginx: give one of them another name."
            .formatted(key, other, SplitFile.variable(key)));
  }

  private Written load(State before, String text, boolean lowers) throws IOException {
    loaded.replace(before.loaded());
    file.replace(text);
    Commands.Ran tested = Commands.run(endpoint.test(), endpoint.timeout());
    if (tested instanceof Commands.Ran.Badly badly) {
      putBack(before);
      return notDone("nginx does not take the new split, the old one is back. " + badly.sentence());
    }
    Commands.Ran reloaded = reload();
    if (reloaded instanceof Commands.Ran.Badly badly) {
      if (lowers) {
        return notDone(
            "The new split is in its file and nginx does not load it. " + badly.sentence());
      }
      putBack(before);
      return notDone("nginx cannot be reloaded, the old split is back. " + badly.sentence());
    }
    loaded.replace(text);
    return new Written.Done();
  }

  private void putBack(State before) throws IOException {
    if (before.text().isEmpty()) {
      file.delete();
    } else {
      file.replace(before.text());
    }
  }

  private static Written notDone(String sentence) {
    return new Written.NotDone(Trouble.of(Trouble.Kind.UNAVAILABLE, sentence));
  }

  private Commands.Ran reload() {
    return switch (endpoint.reload()) {
      case NginxEndpoint.Reload.Command command ->
          Commands.run(command.words(), endpoint.timeout());
      case NginxEndpoint.Reload.Signal signal -> signal(signal.pidFile());
    };
  }

  private Commands.Ran signal(Path pidFile) {
    try {
      String pid = Files.readString(pidFile).strip();
      return pid.matches("[1-9][0-9]{0,9}")
          ? Commands.run(List.of("kill", "-HUP", pid), endpoint.timeout())
          : new Commands.Ran.Badly("There is no number in " + pidFile + ".");
    } catch (IOException e) {
      return new Commands.Ran.Badly("The file " + pidFile + " cannot be read: does nginx run?");
    }
  }

  /** Whether nginx takes its configuration as it is. */
  synchronized Commands.Ran test() {
    return Commands.run(endpoint.test(), endpoint.timeout());
  }
}
