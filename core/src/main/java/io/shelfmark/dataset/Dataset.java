package io.shelfmark.dataset;

import io.shelfmark.Progress;
import io.shelfmark.artifact.AliasConflictException;
import io.shelfmark.artifact.AliasMove;
import io.shelfmark.artifact.VersionNotFoundException;
import io.shelfmark.artifact.VersionRef.Kind;
import io.shelfmark.internal.WorkspaceContext;
import io.shelfmark.internal.dvc.DvcImport;
import io.shelfmark.internal.version.AliasPointer;
import io.shelfmark.internal.version.VersionDocument;
import io.shelfmark.internal.version.VersionLog;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;

/**
 * A named file set of a workspace, in versions numbered from 1 without gaps that never change, with
 * aliases that move. Get it from {@code workspace.dataset(name)}; it comes into being with its
 * first commit. Names are as an artifact's. A selector is a number, or else the name of an alias.
 *
 * <p>Any number of processes commit at once: of those that began on the same version one succeeds,
 * and the others are told. Thread-safe.
 */
public final class Dataset {

  private final WorkspaceContext context;
  private final String name;
  private final VersionLog versions;
  private final AliasPointer aliases;

  /**
   * Used by the workspace; hosts call {@code workspace.dataset(name)}.
   *
   * @throws IllegalArgumentException when it cannot be a name
   */
  public Dataset(WorkspaceContext context, String name) {
    this.context = context;
    this.name = name;
    this.versions = new VersionLog(context.store(), Kind.DATASET, name);
    this.aliases = new AliasPointer(context, Kind.DATASET, name);
  }

  /** Its name. */
  public String name() {
    return name;
  }

  /** Begins a commit on the last version, or the first commit. */
  public DatasetCommit newCommit() {
    return DatasetCommit.onLast(context, name, versions.last());
  }

  /**
   * Begins a commit on a version that need not be the last one. It never conflicts: when others
   * went on from the same version, there are two heads, which {@link #merge} brings together.
   */
  public DatasetCommit newCommit(DatasetVersion base) {
    return DatasetCommit.on(context, name, requireOwn(base));
  }

  /**
   * Commits what a {@code .dvc} file tracks, in place of what the last version has: DVC 2's and DVC
   * 3's, a file or a folder. Every object is checked against its MD5, which DVC itself does not do,
   * and copied to the home first, which needs room for all of them.
   *
   * @throws io.shelfmark.storage.StorageException when the file cannot be read, or an object is
   *     missing or damaged; nothing is committed then
   * @throws IllegalArgumentException when a path climbs out of its folder
   * @throws CommitConflictException when another commit was faster
   */
  public DatasetVersion importDvc(DvcRemote remote, Path dvcFile) {
    return importDvc(remote, dvcFile, Progress.Listener.NONE);
  }

  /** The same, telling of each file that is fetched. */
  public DatasetVersion importDvc(DvcRemote remote, Path dvcFile, Progress.Listener progress) {
    try (DvcImport files = new DvcImport(context, remote, progress);
        DatasetCommit commit = newCommit()) {
      commit.removeMatching("**");
      files.fetch(dvcFile, commit::addFile);
      return commit.message("Imported from DVC: " + dvcFile.getFileName()).commit();
    }
  }

  /** The versions that are kept, the oldest first. */
  public List<DatasetVersion> versions() {
    return versions.all().stream().map(this::version).toList();
  }

  /** The last version, if there is one. */
  public Optional<DatasetVersion> latest() {
    long last = versions.last();
    return last == 0 ? Optional.empty() : versions.find(last).map(this::version);
  }

  /** The version of a number or alias, if it is there. */
  public Optional<DatasetVersion> find(String selector) {
    OptionalLong number = aliases.resolve(selector);
    return number.isEmpty()
        ? Optional.empty()
        : versions.find(number.getAsLong()).map(this::version);
  }

  /**
   * The version of a number or alias.
   *
   * @throws VersionNotFoundException when it is not there
   */
  public DatasetVersion require(String selector) {
    OptionalLong number = aliases.resolve(selector);
    if (number.isEmpty()) {
      throw new VersionNotFoundException(
          "Cannot find %s of dataset %s: found aliases %s and %d versions, expected it among them (check the name)"
              .formatted(selector, name, aliases.names(), versions.last()));
    }
    return require(number.getAsLong());
  }

  /**
   * The version of a number.
   *
   * @throws VersionNotFoundException when it is not there
   */
  public DatasetVersion require(long number) {
    return version(versions.require(number));
  }

  /** The aliases, in order. */
  public List<String> aliases() {
    return aliases.names();
  }

  /** Moves an alias to a version from wherever it is; it is made if there is none. */
  public void alias(String alias, DatasetVersion version) {
    alias(alias, version, "");
  }

  /** Moves an alias, saying why. */
  public void alias(String alias, DatasetVersion version, String reason) {
    aliases.move(alias, requireOwn(version).number(), reason);
  }

  /**
   * Makes an alias that there is not yet.
   *
   * @throws AliasConflictException when it names something
   */
  public void newAlias(String alias, DatasetVersion version, String reason) {
    aliases.move(alias, requireOwn(version).number(), reason, 0);
  }

  /**
   * Moves an alias only if it names the version that the caller believes it names.
   *
   * @throws AliasConflictException when it names another one, or none
   */
  public void moveAlias(String alias, DatasetVersion from, DatasetVersion to, String reason) {
    aliases.move(alias, requireOwn(to).number(), reason, requireOwn(from).number());
  }

  /**
   * Removes an alias, saying why: it names nothing any more. Its history is kept and goes on when
   * it is made anew. Nothing happens when it names nothing.
   */
  public void removeAlias(String alias, String reason) {
    aliases.remove(alias, reason);
  }

  /** The moves of an alias, the last one first. */
  public List<AliasMove> history(String alias) {
    return aliases.history(alias);
  }

  /**
   * Commits what two versions that came from a third one have together: a file that one of them
   * alone changed is as that one has it. Where no common version is kept, they count as made from
   * nothing.
   *
   * @throws MergeConflictException when both changed a file differently; nothing is committed
   */
  public DatasetVersion merge(DatasetVersion ours, DatasetVersion theirs, String message) {
    requireOwn(ours);
    requireOwn(theirs);
    Optional<DatasetVersion> base = commonAncestor(ours.number(), theirs.number());
    return new MergeCommit(context, versions, base, ours, theirs).run(message);
  }

  private Optional<DatasetVersion> commonAncestor(long one, long other) {
    NavigableSet<Long> common = ancestors(one);
    common.retainAll(ancestors(other));
    return common.descendingSet().stream()
        .map(versions::find)
        .flatMap(Optional::stream)
        .findFirst()
        .map(this::version);
  }

  private NavigableSet<Long> ancestors(long number) {
    NavigableSet<Long> found = new TreeSet<>();
    Deque<Long> pending = new ArrayDeque<>(List.of(number));
    while (!pending.isEmpty()) {
      long next = pending.remove();
      if (found.add(next)) {
        versions.find(next).map(VersionDocument::parents).ifPresent(pending::addAll);
      }
    }
    return found;
  }

  private DatasetVersion requireOwn(DatasetVersion version) {
    if (!version.ref().name().equals(name)) {
      throw new IllegalArgumentException(
          "Cannot use %s: expected a version of dataset %s".formatted(version, name));
    }
    return version;
  }

  private DatasetVersion version(VersionDocument document) {
    return new DatasetVersion(context, document);
  }
}
