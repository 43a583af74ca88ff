package io.shelfmark.tracking.internal.files;

import io.shelfmark.artifact.ArtifactVersion;
import io.shelfmark.artifact.FileEntry;
import io.shelfmark.storage.ByteRange;
import io.shelfmark.tracking.store.FileStore.Entry;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * A file or folder of an artifact's version; entries have the path of {@link FileLocation}.
 * Immutable and thread-safe.
 */
final class VersionFiles {

  private final ArtifactVersion version;
  private final String path;

  /** What lies at a path of a version; "" is its root. */
  VersionFiles(ArtifactVersion version, String path) {
    this.version = version;
    this.path = path;
  }

  Optional<Entry> find() {
    for (FileEntry file : version.files()) {
      if (file.path().equals(path)) {
        return Optional.of(new Entry(whole(path), file.size(), false));
      }
      if (file.path().startsWith(prefix())) {
        return Optional.of(new Entry(whole(path), 0, true));
      }
    }
    return Optional.empty();
  }

  List<Entry> list() {
    List<Entry> entries = new ArrayList<>();
    TreeSet<String> folders = new TreeSet<>();
    for (FileEntry file : version.files()) {
      if (file.path().startsWith(prefix())) {
        int end = file.path().indexOf('/', prefix().length());
        if (end >= 0) {
          folders.add(file.path().substring(0, end));
        } else {
          entries.add(new Entry(whole(file.path()), file.size(), false));
        }
      }
    }
    folders.forEach(folder -> entries.add(new Entry(whole(folder), 0, true)));
    entries.sort(Comparator.comparing(Entry::path));
    return entries;
  }

  InputStream open() {
    return version.open(path);
  }

  InputStream open(ByteRange range) {
    return version.open(path, range);
  }

  private String prefix() {
    return path.isEmpty() ? "" : path + "/";
  }

  private String whole(String inVersion) {
    String root = FileLocation.path(FileLocation.ofVersion(version.name(), version.number()));
    return inVersion.isEmpty() ? root : root + "/" + inVersion;
  }
}
