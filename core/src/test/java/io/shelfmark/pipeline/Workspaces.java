package io.shelfmark.pipeline;

import io.shelfmark.Workspace;
import io.shelfmark.testing.InMemoryBlobStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;

/** Workspaces whose home is a folder, and whose store is gone with the process. */
final class Workspaces {

  private Workspaces() {}

  static Workspace open(Path folder) {
    return Workspace.builder()
        .store(new InMemoryBlobStore(Clock.systemUTC()))
        .home(folder.resolve("home"))
        .open();
  }

  /** The bytes of a journal without the zeros that are written ahead; events end with a brace. */
  static byte[] eventsIn(Path journal) throws IOException {
    byte[] bytes = Files.readAllBytes(journal);
    int length = bytes.length;
    while (length > 0 && bytes[length - 1] == 0) {
      length--;
    }
    return Arrays.copyOf(bytes, length);
  }
}
