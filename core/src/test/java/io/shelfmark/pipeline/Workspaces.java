package io.shelfmark.pipeline;

import io.shelfmark.Workspace;
import io.shelfmark.testing.InMemoryBlobStore;
import java.nio.file.Path;
import java.time.Clock;

/** Workspaces whose home is a folder, and whose store is gone with the process. */
final class Workspaces {

  private Workspaces() {}

  static Workspace open(Path folder) {
    return Workspace.builder()
        .store(new InMemoryBlobStore(Clock.systemUTC()))
        .home(folder.resolve("home"))
        .open();
  }
}
