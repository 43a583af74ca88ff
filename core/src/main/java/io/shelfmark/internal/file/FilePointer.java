package io.shelfmark.internal.file;

import com.fasterxml.jackson.databind.JsonNode;
import io.shelfmark.artifact.WorkingFile;
import io.shelfmark.internal.TaskWindow;
import io.shelfmark.internal.storage.ConditionalWrite;
import io.shelfmark.internal.storage.Json;
import io.shelfmark.storage.BlobInfo;
import io.shelfmark.storage.BlobKey;
import io.shelfmark.storage.BlobStore;
import io.shelfmark.storage.Digest;
import io.shelfmark.storage.StorageException;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The document that leads from a path to its content. */
public final class FilePointer {

  private static final int READERS = 16;
  private static final int WINDOW = 256;

  private FilePointer() {}

  /** What the pointer under a key says, if it is there. */
  public static Optional<WorkingFile> read(BlobStore store, BlobKey key) {
    return ConditionalWrite.read(store, key)
        .map(bytes -> Json.parse(bytes, key))
        .map(document -> parse(document, key));
  }

  /** Every working file of a store; many are read at once, since each is a document of its own. */
  public static void forEach(BlobStore store, Consumer<WorkingFile> action) {
    ExecutorService executor = Executors.newFixedThreadPool(READERS);
    try (TaskWindow<Optional<WorkingFile>> window =
            new TaskWindow<>(executor, WINDOW, file -> file.ifPresent(action));
        Stream<BlobInfo> pointers = store.list(FileKeys.PREFIX)) {
      for (BlobInfo pointer : (Iterable<BlobInfo>) pointers::iterator) {
        window.add(() -> read(store, pointer.key()));
      }
      window.finish();
    } catch (IOException e) {
      throw new StorageException(
          "Cannot read the list of working files: found %s, expected to go on (try again)"
              .formatted(e.getMessage()),
          e);
    } finally {
      executor.shutdown();
    }
  }

  private static WorkingFile parse(JsonNode document, BlobKey key) {
    return new WorkingFile(
        Json.text(document, "path", key),
        Digest.parse(Json.text(document, "digest", key)),
        document.path("size").asLong(),
        Instant.parse(Json.text(document, "modifiedAt", key)));
  }

  /** The document of a file. */
  public static byte[] bytes(WorkingFile file) {
    return Json.bytes(
        Json.document()
            .put("path", file.path())
            .put("digest", file.digest().toString())
            .put("size", file.size())
            .put("modifiedAt", file.modifiedAt().toString()));
  }
}
