package io.shelfmark.tracking.internal.files;

import io.shelfmark.Workspace;
import io.shelfmark.artifact.FileEntry;
import io.shelfmark.artifact.WorkingFile;
import io.shelfmark.artifact.WorkingFolder;
import io.shelfmark.internal.manifest.FilePaths;
import io.shelfmark.tracking.store.InvalidRequestException;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/** The files of a model at a location of this workspace, by their paths in the model. */
final class ModelFiles {

  private ModelFiles() {}

  /**
   * All files below a location, or the one file that lies there; none when it is no location of
   * this workspace or nothing lies there yet.
   */
  static Map<String, WorkingFile> at(Workspace workspace, String location) {
    Map<String, WorkingFile> files = new TreeMap<>(FilePaths.ORDER);
    String path;
    try {
      path = FileLocation.path(location);
    } catch (InvalidRequestException e) {
      // an external place, which the version only names
      return files;
    }
    if (path.isEmpty()) {
      return files;
    }
    if (FileLocation.isInRegistry(path)) {
      FileLocation.version(path).ifPresent(place -> ofVersion(workspace, place, files));
      return files;
    }
    String inStore = WorkspaceFiles.FOLDER + "/" + FilePaths.require(path);
    workspace
        .files()
        .find(inStore)
        .ifPresent(file -> files.put(inStore.substring(inStore.lastIndexOf('/') + 1), file));
    below(workspace, inStore, inStore.length() + 1, files);
    return files;
  }

  private static void below(
      Workspace workspace, String folder, int from, Map<String, WorkingFile> files) {
    WorkingFolder found = workspace.files().list(folder);
    found.files().forEach(file -> files.put(file.path().substring(from), file));
    found.folders().forEach(inner -> below(workspace, inner, from, files));
  }

  /** A version's content is added like that of working files: it lies in the store already. */
  private static void ofVersion(
      Workspace workspace, FileLocation.InVersion place, Map<String, WorkingFile> files) {
    workspace
        .artifacts()
        .find(place.artifact(), Long.toString(place.number()))
        .ifPresent(
            version -> {
              Instant createdAt = version.provenance().createdAt();
              for (FileEntry file : version.files()) {
                String path = inFolder(file.path(), place.path());
                if (!path.isEmpty()) {
                  files.put(path, new WorkingFile(path, file.digest(), file.size(), createdAt));
                }
              }
            });
  }

  /** The path below a folder, or the name of the file that the folder's path is; else "". */
  private static String inFolder(String path, String folder) {
    if (folder.isEmpty()) {
      return path;
    }
    if (path.equals(folder)) {
      return path.substring(path.lastIndexOf('/') + 1);
    }
    return path.startsWith(folder + "/") ? path.substring(folder.length() + 1) : "";
  }
}
