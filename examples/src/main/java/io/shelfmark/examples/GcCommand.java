package io.shelfmark.examples;

import io.shelfmark.Workspace;
import io.shelfmark.artifact.GarbageReport;
import java.io.PrintStream;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Collects garbage. */
@Command(
    name = "gc",
    mixinStandardHelpOptions = true,
    description =
        "Takes the collection of garbage on as far as it may go now: condemns first, deletes after the grace period.")
final class GcCommand implements Callable<Integer> {

  private final PrintStream out;

  @Mixin private WorkspaceOption where = new WorkspaceOption();

  @Option(names = "--dry-run", description = "Only list what would be deleted.")
  private boolean dryRun;

  GcCommand() {
    this(System.out);
  }

  GcCommand(PrintStream out) {
    this.out = out;
  }

  @Override
  public Integer call() {
    try (Workspace workspace = where.open()) {
      GarbageReport report = dryRun ? workspace.findGarbage() : workspace.collectGarbage();
      report.keys().forEach(out::println);
      out.printf(
          "%s: %,d keys, %,d bytes; %,d condemned%s%n",
          report.outcome(),
          report.keys().size(),
          report.bytes(),
          report.condemned(),
          report.dueAt().map(due -> ", due at " + due).orElse(""));
      return 0;
    }
  }
}
