package io.shelfmark.examples;

import io.shelfmark.StoreReport;
import io.shelfmark.Workspace;
import java.io.PrintStream;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Checks a whole workspace. */
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    description =
        "Reads everything in a workspace and tells what is damaged or missing; exits with 1 if anything is.")
final class VerifyCommand implements Callable<Integer> {

  private final PrintStream out;

  @Mixin private WorkspaceOption where = new WorkspaceOption();

  VerifyCommand() {
    this(System.out);
  }

  VerifyCommand(PrintStream out) {
    this.out = out;
  }

  @Override
  public Integer call() {
    try (Workspace workspace = where.open()) {
      StoreReport report = workspace.verify(FileProgress.onStderr("read"));
      report.faults().forEach(fault -> out.printf("%s: %s%n", fault.key(), fault.problem()));
      out.printf(
          "%,d pieces of content, %,d bytes, %,d versions: %s%n",
          report.blobs(),
          report.bytes(),
          report.versions(),
          report.isSound() ? "sound" : report.faults().size() + " faults");
      return report.isSound() ? 0 : 1;
    }
  }
}
