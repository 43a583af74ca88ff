package io.shelfmark.artifact;

import java.util.List;

/**
 * What lies directly in a folder of working files; nothing in one that is not there.
 *
 * @param folders their whole paths, in order
 * @param files in the order of their paths
 */
public record WorkingFolder(List<String> folders, List<WorkingFile> files) {

  /** Copies the lists. */
  public WorkingFolder {
    folders = List.copyOf(folders);
    files = List.copyOf(files);
  }
}
