package io.shelfmark.internal;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * A folder of the home for copies that are read again soon. A killed process leaves it in {@code
 * spool}, which may be emptied while nothing runs. Thread-safe; who opened it closes it, which
 * removes the copies.
 */
public final class Spool implements AutoCloseable {

  private final Path folder;

  private Spool(Path folder) {
    this.folder = folder;
  }

  /** A new folder in a home. */
  public static Spool in(Path home) throws IOException {
    Path spool = Files.createDirectories(home.resolve("spool"));
    return new Spool(Files.createTempDirectory(spool, null));
  }

  /** Where a copy of this name goes. */
  public Path file(String name) {
    return folder.resolve(name);
  }

  /** Removes a folder and all it has; nothing happens when it is not there. */
  public static void remove(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<Path>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException e)
              throws IOException {
            Files.delete(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  @Override
  public void close() {
    try {
      remove(folder);
    } catch (IOException e) {
      // a leftover as that of a killed process
    }
  }
}
