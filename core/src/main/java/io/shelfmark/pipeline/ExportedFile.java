package io.shelfmark.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.shelfmark.storage.StorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A pipeline as a file for another tool. */
final class ExportedFile {

  private ExportedFile() {}

  static void write(Path file, String text) {
    try {
      Files.write(file, text.getBytes(UTF_8));
    } catch (IOException e) {
      throw new StorageException(
          "Cannot write %s: found %s, expected a folder with room (check the disk)"
              .formatted(file, e),
          e);
    }
  }
}
