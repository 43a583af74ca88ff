package io.shelfmark.tracking.internal.files;

import static io.shelfmark.tracking.internal.files.WorkspaceFailures.translated;

import io.shelfmark.Workspace;
import io.shelfmark.artifact.WorkingFiles;
import io.shelfmark.artifact.WorkingFolder;
import io.shelfmark.internal.manifest.FilePaths;
import io.shelfmark.storage.ByteRange;
import io.shelfmark.tracking.store.FileStore;
import io.shelfmark.tracking.store.InvalidRequestException;
import io.shelfmark.tracking.store.PartUploads;
import io.shelfmark.tracking.store.RecordNotFoundException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The files below a location in a workspace's store; see {@link FileLocation} for what is what.
 * Those of runs lie among the workspace's working files, below {@code tracking}. Thread-safe; the
 * workspace stays the caller's.
 */
public final class WorkspaceFiles implements FileStore {

  static final String FOLDER = "tracking";

  private final Workspace workspace;

  /** The location's path, "" for the root. */
  private final String base;

  private WorkspaceFiles(Workspace workspace, String base) {
    this.workspace = workspace;
    this.base = base;
  }

  /**
   * The files below a location.
   *
   * @throws InvalidRequestException when it is no location of this workspace
   */
  public static FileStore at(Workspace workspace, String location) {
    String base = FileLocation.path(location);
    return translated(
        () -> new WorkspaceFiles(workspace, base.isEmpty() ? base : FilePaths.require(base)));
  }

  @Override
  public void put(String path, InputStream content) {
    translated(() -> working().put(changeable(path), content));
  }

  @Override
  public void delete(String path) {
    translated(
        () -> {
          working().delete(changeable(path));
          return true;
        });
  }

  @Override
  public Optional<PartUploads> partUploads() {
    return translated(
        () -> working().uploads().map(uploads -> new WorkspaceUploads(uploads, this::changeable)));
  }

  private String changeable(String path) {
    FilePaths.require(path);
    if (FileLocation.isInRegistry(whole(path))) {
      throw new InvalidRequestException(
          "Cannot change %s: found a version of a registered model, which never changes (make another version)"
              .formatted(whole(path)));
    }
    return inStore(path);
  }

  @Override
  public Optional<Entry> find(String path) {
    return translated(
        () -> {
          FilePaths.require(path);
          if (FileLocation.isInRegistry(whole(path))) {
            return version(path).flatMap(files -> files.find()).map(this::below);
          }
          String name = inStore(path);
          Optional<Entry> file =
              working().find(name).map(found -> new Entry(path, found.size(), false));
          return file.isPresent() || !working().isFolder(name)
              ? file
              : Optional.of(new Entry(path, 0, true));
        });
  }

  @Override
  public List<Entry> list(String folder) {
    return translated(
        () -> {
          if (!folder.isEmpty()) {
            FilePaths.require(folder);
          }
          if (FileLocation.isInRegistry(whole(folder))) {
            return version(folder).map(VersionFiles::list).orElse(List.of()).stream()
                .map(this::below)
                .toList();
          }
          WorkingFolder found = working().list(inStore(folder));
          List<Entry> entries = new ArrayList<>();
          found.folders().forEach(path -> entries.add(new Entry(fromStore(path), 0, true)));
          found
              .files()
              .forEach(file -> entries.add(new Entry(fromStore(file.path()), file.size(), false)));
          entries.sort(Comparator.comparing(Entry::path));
          return entries;
        });
  }

  @Override
  public InputStream open(String path) {
    return open(path, VersionFiles::open, files -> files.open(inStore(path)));
  }

  @Override
  public InputStream open(String path, ByteRange range) {
    return open(path, version -> version.open(range), files -> files.open(inStore(path), range));
  }

  private InputStream open(
      String path,
      Function<VersionFiles, InputStream> fromVersion,
      Function<WorkingFiles, InputStream> fromFiles) {
    return translated(
        () -> {
          FilePaths.require(path);
          return FileLocation.isInRegistry(whole(path))
              ? fromVersion.apply(version(path).orElseThrow(() -> notFound(path)))
              : fromFiles.apply(working());
        });
  }

  private RecordNotFoundException notFound(String path) {
    return new RecordNotFoundException(
        "Cannot read file %s: found no such file in %s/%s"
            .formatted(path, FileLocation.SCHEME, base));
  }

  private WorkingFiles working() {
    return workspace.files();
  }

  /** What a path names in a version, if its version is there. */
  private Optional<VersionFiles> version(String path) {
    return FileLocation.version(whole(path))
        .flatMap(
            place ->
                workspace
                    .artifacts()
                    .find(place.artifact(), Long.toString(place.number()))
                    .map(version -> new VersionFiles(version, place.path())));
  }

  /** An entry of a version, by its path below this location. */
  private Entry below(Entry entry) {
    String path = entry.path();
    return new Entry(
        base.isEmpty() ? path : path.substring(base.length() + 1), entry.size(), entry.isFolder());
  }

  private String whole(String path) {
    return base.isEmpty() || path.isEmpty() ? base + path : base + "/" + path;
  }

  private String inStore(String path) {
    String whole = whole(path);
    return whole.isEmpty() ? FOLDER : FOLDER + "/" + whole;
  }

  private String fromStore(String path) {
    return path.substring(inStore("").length() + 1);
  }
}
