package io.shelfmark.examples;

import io.shelfmark.Workspace;
import io.shelfmark.artifact.AliasMove;
import io.shelfmark.artifact.ArtifactVersion;
import io.shelfmark.artifact.VersionNotFoundException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Versioned models and other outputs: publish, list, point aliases, get back. */
@Command(
    name = "artifact",
    mixinStandardHelpOptions = true,
    description = "Keeps models in versions. NAME@VERSION takes a number or an alias.")
final class ArtifactCommand {

  private final PrintStream out;

  ArtifactCommand() {
    this(System.out);
  }

  ArtifactCommand(PrintStream out) {
    this.out = out;
  }

  @Command(description = "Publishes a file or folder as the next version.")
  int publish(
      @Mixin WorkspaceOption where,
      @Parameters(paramLabel = "NAME") String name,
      @Parameters(paramLabel = "FILE|FOLDER") Path path,
      @Option(
              names = {"-m", "--message"},
              defaultValue = "",
              description = "What it is.")
          String message) {
    try (Workspace workspace = where.open();
        var draft = workspace.artifacts().newVersion(name)) {
      if (Files.isDirectory(path)) {
        draft.addDirectory(path);
      } else {
        draft.addFile(String.valueOf(path.getFileName()), path);
      }
      print(draft.message(message).progress(FileProgress.onStderr("added")).publish());
      return 0;
    }
  }

  @Command(description = "Lists the artifacts, or the versions and aliases of one.")
  int list(
      @Mixin WorkspaceOption where,
      @Parameters(paramLabel = "NAME", arity = "0..1", defaultValue = "") String name) {
    try (Workspace workspace = where.open()) {
      var artifacts = workspace.artifacts();
      if (name.isEmpty()) {
        artifacts.names().forEach(out::println);
        return 0;
      }
      artifacts.versions(name).forEach(this::print);
      for (String alias : artifacts.aliases(name)) {
        out.printf("%s -> %s%n", alias, artifacts.require(name, alias).ref());
      }
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
      ArtifactVersion target = Selector.of(version).artifact(workspace);
      workspace.artifacts().alias(target.name(), alias, target, reason);
      out.printf("%s -> %s%n", alias, target.ref());
      return 0;
    }
  }

  @Command(description = "Tells who moved an alias, when, from where to where and why.")
  int history(
      @Mixin WorkspaceOption where,
      @Parameters(paramLabel = "NAME") String name,
      @Parameters(paramLabel = "ALIAS") String alias) {
    try (Workspace workspace = where.open()) {
      for (AliasMove move : workspace.artifacts().history(name, alias)) {
        out.printf(
            "%s  %s -> %s  by %s  %s%n",
            move.at(),
            move.from().map(String::valueOf).orElse("none"),
            move.to().map(String::valueOf).orElse("none"),
            move.author(),
            move.reason());
      }
      return 0;
    }
  }

  @Command(description = "Writes a version's files into a new folder, each checked.")
  int download(
      @Mixin WorkspaceOption where,
      @Parameters(paramLabel = "NAME[@VERSION]") String version,
      @Parameters(paramLabel = "FOLDER") Path folder,
      @Option(
              names = "--as-of",
              paramLabel = "DATE|TIME",
              defaultValue = "",
              description =
                  "What the alias named then, such as 2026-03-01 or 2026-03-01T12:00:00Z.")
          String time) {
    try (Workspace workspace = where.open()) {
      Selector selector = Selector.of(version);
      ArtifactVersion found =
          time.isEmpty() ? selector.artifact(workspace) : asOf(workspace, selector, time);
      found.download(folder);
      out.printf("%s is in %s%n", found, folder);
      return 0;
    }
  }

  private static ArtifactVersion asOf(Workspace workspace, Selector selector, String time) {
    Instant instant =
        time.contains("T")
            ? Instant.parse(time)
            : LocalDate.parse(time).plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
    return workspace
        .artifacts()
        .asOf(selector.name(), selector.version(), instant)
        .orElseThrow(
            () ->
                new VersionNotFoundException(
                    "Cannot find what %s of %s named at %s: found no version kept, expected one (see artifact history)"
                        .formatted(selector.version(), selector.name(), time)));
  }

  private void print(ArtifactVersion version) {
    out.printf(
        "%s  %,d bytes  %s  by %s  %s%n",
        version,
        version.size(),
        version.provenance().createdAt(),
        version.provenance().author(),
        version.provenance().message());
  }
}
