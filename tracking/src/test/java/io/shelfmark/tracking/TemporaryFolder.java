package io.shelfmark.tracking;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A folder for what extensions of tests open, which JUnit gives to test classes alone. */
public final class TemporaryFolder implements AutoCloseable {

  private final Path path;

  /** Makes one. */
  public TemporaryFolder() throws IOException {
    path = Files.createTempDirectory("tracking");
  }

  /** Where it is. */
  public Path path() {
    return path;
  }

  @Override
  public void close() throws IOException {
    List<Path> files;
    try (Stream<Path> found = Files.walk(path)) {
      files = found.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : files) {
      Files.delete(file);
    }
  }
}
