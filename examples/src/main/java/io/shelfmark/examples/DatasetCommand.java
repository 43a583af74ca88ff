package io.shelfmark.examples;

import io.shelfmark.Workspace;
import io.shelfmark.artifact.FileEntry;
import io.shelfmark.dataset.CheckoutMode;
import io.shelfmark.dataset.CheckoutOptions;
import io.shelfmark.dataset.Dataset;
import io.shelfmark.dataset.DatasetDiff;
import io.shelfmark.dataset.DatasetVersion;
import io.shelfmark.dataset.DvcRemote;
import io.shelfmark.storage.BlobStore;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Versioned file sets: commit, list, compare, check out, and to and from DVC. */
@Command(
    name = "dataset",
    mixinStandardHelpOptions = true,
    description = "Keeps sets of files in versions. NAME@VERSION takes a number or an alias.")
final class DatasetCommand {

  private final PrintStream out;

  DatasetCommand() {
    this(System.out);
  }

  DatasetCommand(PrintStream out) {
    this.out = out;
  }

  @Command(description = "Makes the files below a folder the next version.")
  int commit(
      @Mixin WorkspaceOption where,
      @Parameters(paramLabel = "NAME") String name,
      @Parameters(paramLabel = "FOLDER") Path folder,
      @Option(
              names = {"-m", "--message"},
              defaultValue = "",
              description = "What it is.")
          String message) {
    try (Workspace workspace = where.open();
        var commit = workspace.dataset(name).newCommit()) {
      DatasetVersion version =
          commit
              .replaceWith(folder)
              .message(message)
              .progress(FileProgress.onStderr("added"))
              .commit();
      print(version);
      return 0;
    }
  }

  @Command(description = "Lists the datasets, or the versions and aliases of one.")
  int list(
      @Mixin WorkspaceOption where,
      @Parameters(paramLabel = "NAME", arity = "0..1", defaultValue = "") String name) {
    try (Workspace workspace = where.open()) {
      if (name.isEmpty()) {
        workspace.datasets().forEach(out::println);
        return 0;
      }
      Dataset dataset = workspace.dataset(name);
      dataset.versions().forEach(this::print);
      dataset
          .aliases()
          .forEach(alias -> out.printf("%s -> %s%n", alias, dataset.require(alias).ref()));
      return 0;
    }
  }

  @Command(description = "Copies a version's files into a new folder, each checked.")
  int checkout(
      @Mixin WorkspaceOption where,
      @Parameters(paramLabel = "NAME[@VERSION]") String version,
      @Parameters(paramLabel = "FOLDER") Path folder,
      @Option(
              names = "--matching",
              description = "Only paths like this, such as **.jpg.",
              defaultValue = "")
          String glob,
      @Option(names = "--link", description = "Hard links instead of copies: do not write to them.")
          boolean link) {
    try (Workspace workspace = where.open()) {
      CheckoutOptions options =
          CheckoutOptions.defaults()
              .mode(link ? CheckoutMode.LINK : CheckoutMode.COPY)
              .progress(FileProgress.onStderr("written"));
      var checkout =
          Selector.of(version)
              .dataset(workspace)
              .checkout(folder, glob.isEmpty() ? options : options.matching(glob));
      out.printf(
          "%,d files, %,d bytes in %s%n", checkout.files(), checkout.bytes(), checkout.directory());
      return 0;
    }
  }

  @Command(description = "Tells what has to be done to one version to get another.")
  int diff(
      @Mixin WorkspaceOption where,
      @Parameters(paramLabel = "NAME[@VERSION]") String one,
      @Parameters(paramLabel = "NAME[@VERSION]") String other) {
    try (Workspace workspace = where.open()) {
      DatasetDiff diff =
          Selector.of(one).dataset(workspace).diff(Selector.of(other).dataset(workspace));
      diff.added().forEach(file -> print("added", file));
      diff.removed().forEach(file -> print("removed", file));
      diff.changed().forEach(change -> print("changed", change.after()));
      diff.renamed()
          .forEach(
              change ->
                  out.printf("renamed  %s -> %s%n", change.before().path(), change.after().path()));
      return 0;
    }
  }

  @Command(description = "Moves an alias to a version.")
  int alias(
      @Mixin WorkspaceOption where,
      @Parameters(paramLabel = "NAME@VERSION") String version,
      @Parameters(paramLabel = "ALIAS") String alias,
      @Option(names = "--reason", defaultValue = "", description = "Why.") String reason) {
    try (Workspace workspace = where.open()) {
      DatasetVersion target = Selector.of(version).dataset(workspace);
      workspace.dataset(target.ref().name()).alias(alias, target, reason);
      out.printf("%s -> %s%n", alias, target.ref());
      return 0;
    }
  }

  @Command(name = "import-dvc", description = "Makes what a .dvc file tracks the next version.")
  int importDvc(
      @Mixin WorkspaceOption where,
      @Parameters(paramLabel = "NAME") String name,
      @Parameters(paramLabel = "FILE.dvc") Path file,
      @Option(names = "--remote", required = true, paramLabel = "DIR|s3://BUCKET/PREFIX")
          String remote) {
    try (Workspace workspace = where.open();
        Remote from = Remote.of(remote)) {
      print(
          workspace.dataset(name).importDvc(from.remote(), file, FileProgress.onStderr("fetched")));
      return 0;
    }
  }

  @Command(name = "export-dvc", description = "Writes a version into a DVC remote and a .dvc file.")
  int exportDvc(
      @Mixin WorkspaceOption where,
      @Parameters(paramLabel = "NAME[@VERSION]") String version,
      @Parameters(paramLabel = "FILE.dvc") Path file,
      @Option(names = "--remote", required = true, paramLabel = "DIR|s3://BUCKET/PREFIX")
          String remote) {
    try (Workspace workspace = where.open();
        Remote to = Remote.of(remote)) {
      DatasetVersion exported = Selector.of(version).dataset(workspace);
      exported.exportDvc(to.remote(), file, FileProgress.onStderr("written"));
      out.printf("%s is in %s%n", exported, file);
      return 0;
    }
  }

  private void print(DatasetVersion version) {
    out.printf(
        "%s  %,d files  %,d bytes  %s  %s%n",
        version,
        version.fileCount(),
        version.size(),
        version.provenance().createdAt(),
        version.provenance().message());
  }

  private void print(String what, FileEntry file) {
    out.printf("%-7s  %s  %,d bytes%n", what, file.path(), file.size());
  }

  /** A DVC remote, and what has to be closed after it. */
  private record Remote(DvcRemote remote, Runnable closing) implements AutoCloseable {

    static Remote of(String address) {
      if (!address.contains("://")) {
        return new Remote(DvcRemote.at(Path.of(address)), () -> {});
      }
      BlobStore store = BlobStore.open(URI.create(address));
      return new Remote(DvcRemote.in(store), store::close);
    }

    @Override
    public void close() {
      closing.run();
    }
  }
}
