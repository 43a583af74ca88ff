package io.shelfmark.examples;

import io.shelfmark.Workspace;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Packs a version. */
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    description =
        "Writes a version and all its content into one file, for a site without a network.")
final class ExportCommand implements Callable<Integer> {

  private final PrintStream out;

  @Mixin private WorkspaceOption where = new WorkspaceOption();

  @Parameters(paramLabel = "dataset:NAME[@VERSION]|artifact:NAME[@VERSION]")
  private String version = "";

  @Parameters(paramLabel = "FILE.tar.zst")
  private Path file = Path.of("");

  ExportCommand() {
    this(System.out);
  }

  ExportCommand(PrintStream out) {
    this.out = out;
  }

  @Override
  public Integer call() {
    try (Workspace workspace = where.open()) {
      Selector selector = Selector.of(version.substring(version.indexOf(':') + 1));
      if (version.startsWith("dataset:")) {
        selector.dataset(workspace).export(file, FileProgress.onStderr("written"));
      } else {
        selector.artifact(workspace).export(file, FileProgress.onStderr("written"));
      }
      out.printf("%s is in %s%n", version, file);
      return 0;
    }
  }
}
