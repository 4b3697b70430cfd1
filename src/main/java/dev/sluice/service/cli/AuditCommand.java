package dev.sluice.service.cli;

import dev.sluice.service.app.Stores;
import dev.sluice.service.config.ConfigReader;
import dev.sluice.service.config.ConfigReading;
import dev.sluice.service.config.ServerConfig;
import dev.sluice.service.store.AuditCheck;
import dev.sluice.service.store.AuditEntry;
import dev.sluice.service.store.AuditLog;
import dev.sluice.service.store.RolloutStore.Audited;
import dev.sluice.service.store.StoreTrouble;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sluice audit}: who did and decided what, straight from the store. */
@Command(
    name = "audit",
    description = "Who did and decided what: reads the store itself, also while the service runs.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {AuditCommand.Verify.class, AuditCommand.Export.class})
final class AuditCommand {
  private static final int PAGE = 500;

  private AuditCommand() {}

  /** What both have in common: they read one entry after another, and write nothing. */
  @SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls
  abstract static class Reading implements Callable<Integer> {
    @Option(
        names = "--config",
        paramLabel = "FILE",
        defaultValue = "sluice.yaml",
        description = "The server configuration, for its store (${DEFAULT-VALUE}).")
    private Path config;

    @Spec private CommandSpec spec;

    abstract int read(AuditLog log);

    @Override
    public Integer call() {
      return switch (ConfigReader.read(config, System.getenv())) {
        case ConfigReading.Broken broken -> {
          broken.problems().forEach(p -> err(p.at(config.toString())));
          yield ExitCode.INVALID;
        }
        case ConfigReading.Ok ok -> open(ok.config());
      };
    }

    private int open(ServerConfig server) {
      try (AuditLog log = Stores.audit(server.store())) {
        return read(log);
      } catch (StoreTrouble e) {
        err("sluice audit: " + e.getMessage());
        return ExitCode.CANNOT_TELL;
      }
    }

    /** All entries, in their order; never more than a page at once. */
    final void each(AuditLog log, java.util.function.Consumer<Audited> reader) {
      long after = 0;
      for (List<Audited> page = log.page(after, PAGE);
          !page.isEmpty();
          page = log.page(after, PAGE)) {
        page.forEach(reader);
        after = page.getLast().entry().number();
      }
    }

    final PrintWriter out() {
      return spec.commandLine().getOut();
    }

    final void err(String line) {
      spec.commandLine().getErr().println(Terminal.safe(line));
      spec.commandLine().getErr().flush();
    }
  }

  /** {@code sluice audit verify}. */
  @Command(
      name = "verify",
      description = {
        "Follows the chain of hashes from the first entry to the last, and compares every entry with the event it tells of.",
        "Exit codes: 0 whole, 1 something was changed (each fault is named), 2 the configuration or --expect is wrong, 4 the store cannot be read."
      },
      mixinStandardHelpOptions = true)
  static final class Verify extends Reading {
    @Option(
        names = "--expect",
        paramLabel = "NUMBER:HASH",
        description =
            "A head that an earlier call printed and that was kept elsewhere: finds an end that was cut off, and a chain that was written anew.")
    private String expect = "";

    @Override
    int read(AuditLog log) {
      Optional<AuditCheck.Head> kept = AuditCheck.Head.parse(expect);
      if (!expect.isEmpty() && kept.isEmpty()) {
        err(
            "sluice audit: --expect must be a number, a colon and 64 hex digits, as verify prints.");
        return ExitCode.INVALID;
      }
      AuditCheck check = new AuditCheck(kept);
      each(log, check::next);
      List<String> faults = check.faults();
      faults.forEach(fault -> err("sluice audit: " + fault));
      out().println(faults.isEmpty() ? "whole, head " + check.head() : "NOT WHOLE");
      out().flush();
      return faults.isEmpty() ? ExitCode.OPEN : ExitCode.REGRESSION;
    }
  }

  /** {@code sluice audit export}. */
  @Command(
      name = "export",
      description = {
        "Prints the audit, one JSON object a line: the entry as it is stored, the hash it rests on, and its own: SHA-256 of both with a line break between.",
        "Exit codes: 0 printed, 2 the configuration is wrong, 4 the store cannot be read."
      },
      mixinStandardHelpOptions = true)
  static final class Export extends Reading {
    private String previous = AuditEntry.GENESIS;

    @Override
    int read(AuditLog log) {
      each(log, this::print);
      out().flush();
      return out().checkError() ? ExitCode.CANNOT_TELL : ExitCode.OPEN;
    }

    private void print(Audited audited) {
      AuditEntry.Sealed sealed = audited.entry();
      out()
          .println(
              "{\"entry\":%s,\"previous\":\"%s\",\"hash\":\"%s\"}"
                  .formatted(sealed.body(), previous, sealed.hash()));
      previous = sealed.hash();
    }
  }
}
