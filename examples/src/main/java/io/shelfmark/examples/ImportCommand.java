package io.shelfmark.examples;

import io.shelfmark.ImportOptions;
import io.shelfmark.Workspace;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Unpacks a version. */
@Command(
    name = "import",
    mixinStandardHelpOptions = true,
    description = "Takes a version out of a file that export wrote; everything in it is checked.")
final class ImportCommand implements Callable<Integer> {

  private final PrintStream out;

  @Mixin private WorkspaceOption where = new WorkspaceOption();

  @Parameters(paramLabel = "FILE.tar.zst")
  private Path file = Path.of("");

  ImportCommand() {
    this(System.out);
  }

  ImportCommand(PrintStream out) {
    this.out = out;
  }

  @Override
  public Integer call() {
    try (Workspace workspace = where.open()) {
      out.println(
          workspace.importArchive(
              file, ImportOptions.defaults().progress(FileProgress.onStderr("read"))));
      return 0;
    }
  }
}
