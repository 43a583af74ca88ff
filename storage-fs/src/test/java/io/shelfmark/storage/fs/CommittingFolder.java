package io.shelfmark.storage.fs;

import io.shelfmark.Workspace;
import java.nio.file.Path;

/** A process that commits a folder to a dataset. Arguments: workspace, folder. */
final class CommittingFolder {

  private CommittingFolder() {}

  public static void main(String[] arguments) {
    try (Workspace workspace = Workspace.open(Path.of(arguments[0]));
        var commit = workspace.dataset("photos").newCommit()) {
      commit.addDirectory(Path.of(arguments[1])).commit();
    }
  }
}
