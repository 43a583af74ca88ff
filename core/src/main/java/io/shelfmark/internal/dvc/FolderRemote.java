package io.shelfmark.internal.dvc;

import io.shelfmark.dataset.DvcRemote;
import io.shelfmark.storage.BlobContent;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * A remote in a folder.
 *
 * @param folder the remote, or a cache
 */
public record FolderRemote(Path folder) implements DvcRemote {

  @Override
  public Optional<InputStream> open(String key) throws IOException {
    try {
      return Optional.of(Files.newInputStream(folder.resolve(key)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  @Override
  public boolean has(String key, long size) throws IOException {
    Path file = folder.resolve(key);
    return Files.isRegularFile(file) && Files.size(file) == size;
  }

  @Override
  public void put(String key, BlobContent content) throws IOException {
    Path file = folder.resolve(key);
    Files.createDirectories(file.getParent());
    // beside its place, so that the move is atomic; DVC's own leftovers look alike
    Path partial = Files.createTempFile(file.getParent(), ".", ".tmp");
    try (InputStream stream = content.open()) {
      Files.copy(stream, partial, StandardCopyOption.REPLACE_EXISTING);
      Files.move(
          partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(partial);
    }
  }

  /** The folder. */
  @Override
  public String toString() {
    return folder.toString();
  }
}
