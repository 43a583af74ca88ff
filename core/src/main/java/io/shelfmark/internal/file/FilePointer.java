package io.shelfmark.internal.file;

import com.fasterxml.jackson.databind.JsonNode;
import io.shelfmark.artifact.WorkingFile;
import io.shelfmark.internal.storage.ConditionalWrite;
import io.shelfmark.internal.storage.Json;
import io.shelfmark.storage.BlobKey;
import io.shelfmark.storage.BlobStore;
import io.shelfmark.storage.Digest;
import java.time.Instant;
import java.util.Optional;

/** The document that leads from a path to its content. */
public final class FilePointer {

  private FilePointer() {}

  /** What the pointer under a key says, if it is there. */
  public static Optional<WorkingFile> read(BlobStore store, BlobKey key) {
    return ConditionalWrite.read(store, key)
        .map(bytes -> Json.parse(bytes, key))
        .map(document -> parse(document, key));
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
