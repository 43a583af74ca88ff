package io.shelfmark.tracking.internal.mlflow.client;

import io.shelfmark.internal.manifest.FilePaths;
import io.shelfmark.tracking.store.InvalidRequestException;

/** The rules for paths below an artifact location. */
final class ArtifactPath {

  private ArtifactPath() {}

  /** A file or folder, not the root. */
  static String require(String path) {
    try {
      return FilePaths.require(path);
    } catch (IllegalArgumentException e) {
      throw new InvalidRequestException(String.valueOf(e.getMessage()), e);
    }
  }

  /** A folder; the root is empty. */
  static String requireFolder(String folder) {
    return folder.isEmpty() ? folder : require(folder);
  }

  static String parent(String path) {
    int slash = path.lastIndexOf('/');
    return slash < 0 ? "" : path.substring(0, slash);
  }

  static String name(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  static String join(String folder, String rest) {
    return folder.isEmpty() ? rest : rest.isEmpty() ? folder : folder + "/" + rest;
  }
}
