package io.shelfmark.storage.fs;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.shelfmark.Workspace;
import io.shelfmark.dataset.CommitConflictException;
import io.shelfmark.dataset.Dataset;
import io.shelfmark.dataset.DatasetCommit;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;

/**
 * A process that publishes versions of one artifact and commits to one dataset, and says on its
 * output what it was told has succeeded. Arguments: folder, name, how many of each.
 */
final class CommittingProcess {

  private CommittingProcess() {}

  public static void main(String[] arguments) {
    String name = arguments[1];
    try (Workspace workspace =
        Workspace.builder().folder(Path.of(arguments[0])).threads(4).open()) {
      for (int i = 0; i < Integer.parseInt(arguments[2]); i++) {
        byte[] content = (name + " " + i).getBytes(UTF_8);
        long number =
            workspace
                .artifacts()
                .publish("model", "file", new ByteArrayInputStream(content))
                .number();
        System.out.println("artifact " + number + " " + name + " " + i);
        System.out.println(
            "dataset " + commit(workspace.dataset("photos"), name + "/" + i, content));
      }
    }
  }

  private static String commit(Dataset dataset, String path, byte[] content) {
    while (true) {
      try (DatasetCommit commit = dataset.newCommit()) {
        commit.addStream(path, new ByteArrayInputStream(content));
        return commit.commit().number() + " " + path;
      } catch (CommitConflictException e) {
        // another process was faster: on its version
      }
    }
  }
}
