package io.shelfmark.artifact;

import io.shelfmark.artifact.VersionRef.Kind;
import io.shelfmark.internal.WorkspaceContext;
import io.shelfmark.internal.version.AliasPointer;
import io.shelfmark.internal.version.VersionDocument;
import io.shelfmark.internal.version.VersionLog;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The artifacts of a workspace: named, in versions numbered from 1 without gaps that never change,
 * with aliases such as {@code production} that move. Get it from {@code workspace.artifacts()}.
 *
 * <p>Where a method takes a selector it is a number, or else the name of an alias. Names are any
 * text without {@code /} whose characters are composed (NFC), up to 240 letters {@code a-z};
 * letters beyond these count three times each byte.
 *
 * <p>A published version is whole, durable and seen by every machine on the store when the call
 * returns; before, nobody sees any of it. Any number of processes publish and move at once.
 * Thread-safe. Methods throw {@link io.shelfmark.storage.StorageException} when the store fails.
 */
public final class Artifacts {

  private final WorkspaceContext context;

  /** Used by the workspace; hosts call {@code workspace.artifacts()}. */
  public Artifacts(WorkspaceContext context) {
    this.context = context;
  }

  /** The names that have versions, in order. */
  public List<String> names() {
    return VersionLog.names(context.store(), Kind.ARTIFACT);
  }

  /** Begins a version with several files, metadata or lineage. */
  public NewArtifactVersion newVersion(String name) {
    return new NewArtifactVersion(context, name);
  }

  /** Publishes a file, under its own name, or all files of a folder as the next version. */
  public ArtifactVersion publish(String name, Path fileOrFolder) {
    try (NewArtifactVersion version = newVersion(name)) {
      if (Files.isDirectory(fileOrFolder)) {
        version.addDirectory(fileOrFolder);
      } else {
        version.addFile(String.valueOf(fileOrFolder.getFileName()), fileOrFolder);
      }
      return version.publish();
    }
  }

  /** Publishes what a stream gives as the one file of the next version; the stream stays open. */
  public ArtifactVersion publish(String name, String path, InputStream content) {
    try (NewArtifactVersion version = newVersion(name)) {
      return version.addStream(path, content).publish();
    }
  }

  /** The versions that are kept, the oldest first; empty for an unknown name. */
  public List<ArtifactVersion> versions(String name) {
    return log(name).all().stream().map(this::version).toList();
  }

  /** The version of a number or alias, if it is there. */
  public Optional<ArtifactVersion> find(String name, String selector) {
    OptionalLong number = pointer(name).resolve(selector);
    return number.isEmpty()
        ? Optional.empty()
        : log(name).find(number.getAsLong()).map(this::version);
  }

  /**
   * The version of a number or alias.
   *
   * @throws VersionNotFoundException when it is not there
   */
  public ArtifactVersion require(String name, String selector) {
    OptionalLong number = pointer(name).resolve(selector);
    if (number.isEmpty()) {
      throw new VersionNotFoundException(
          "Cannot find %s of artifact %s: found aliases %s and %d versions, expected it among them (check the name)"
              .formatted(selector, name, aliases(name), log(name).last()));
    }
    return require(name, number.getAsLong());
  }

  /**
   * The version of a number.
   *
   * @throws VersionNotFoundException when it is not there
   */
  public ArtifactVersion require(String name, long number) {
    return version(log(name).require(number));
  }

  /** The last version that is kept, if there is one. */
  public Optional<ArtifactVersion> latest(String name) {
    VersionLog log = log(name);
    for (long number = log.last(); number > 0; number--) {
      Optional<VersionDocument> found = log.find(number);
      if (found.isPresent()) {
        return found.map(this::version);
      }
    }
    return Optional.empty();
  }

  /** The aliases of an artifact, in order. */
  public List<String> aliases(String name) {
    return pointer(name).names();
  }

  /** Moves an alias to a version from wherever it is; it is made if there is none. */
  public void alias(String name, String alias, ArtifactVersion version) {
    alias(name, alias, version, "");
  }

  /** Moves an alias, saying why. */
  public void alias(String name, String alias, ArtifactVersion version, String reason) {
    pointer(name).move(alias, requireOwn(name, version), reason);
  }

  /**
   * Moves an alias only if it names the version that the caller believes it names.
   *
   * @throws AliasConflictException when it names another one, or none
   */
  public void moveAlias(
      String name, String alias, ArtifactVersion from, ArtifactVersion to, String reason) {
    pointer(name).move(alias, requireOwn(name, to), reason, requireOwn(name, from));
  }

  /**
   * Makes an alias that there is not yet.
   *
   * @throws AliasConflictException when it names something
   */
  public void newAlias(String name, String alias, ArtifactVersion to, String reason) {
    pointer(name).move(alias, requireOwn(name, to), reason, 0);
  }

  /**
   * Removes an alias, saying why: it names nothing any more. Its history is kept and goes on when
   * it is made anew. Nothing happens when it names nothing.
   */
  public void removeAlias(String name, String alias, String reason) {
    pointer(name).remove(alias, reason);
  }

  /** The moves of an alias, the last one first; empty for an unknown alias. */
  public List<AliasMove> history(String name, String alias) {
    return pointer(name).history(alias);
  }

  /**
   * What an alias named at a time: the model of two months ago. Nothing when there was no such
   * alias then, or the version was collected since.
   */
  public Optional<ArtifactVersion> asOf(String name, String alias, Instant time) {
    return history(name, alias).stream()
        .filter(move -> !move.at().isAfter(time))
        .findFirst()
        .flatMap(AliasMove::to)
        .flatMap(number -> log(name).find(number))
        .map(this::version);
  }

  private static long requireOwn(String name, ArtifactVersion version) {
    if (!version.name().equals(name)) {
      throw new IllegalArgumentException(
          "Cannot move an alias of artifact %s: found %s, expected a version of it"
              .formatted(name, version.ref()));
    }
    return version.number();
  }

  private ArtifactVersion version(VersionDocument document) {
    return new ArtifactVersion(context, document);
  }

  private VersionLog log(String name) {
    return new VersionLog(context.store(), Kind.ARTIFACT, name);
  }

  private AliasPointer pointer(String name) {
    return new AliasPointer(context, Kind.ARTIFACT, name);
  }
}
