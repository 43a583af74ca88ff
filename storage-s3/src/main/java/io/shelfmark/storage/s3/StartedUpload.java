package io.shelfmark.storage.s3;

import io.shelfmark.storage.ETag;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.s3.model.MultipartUpload;

/**
 * An upload at the server, and the parts of it that are there.
 *
 * @param path the key it is for
 * @param id what the server calls it
 * @param mark what this process put into its metadata; empty when another one began it
 * @param parts by number
 */
record StartedUpload(String path, String id, String mark, Map<Integer, StoredPart> parts) {

  private static final Logger log = LoggerFactory.getLogger(StartedUpload.class);

  /** A part at the server. */
  record StoredPart(long size, ETag etag) {

    /** Whether the server has these bytes; told by their MD5, where that is the ETag. */
    boolean holds(Block block) {
      return size == block.length() && etag.value().equals(block.md5().hex());
    }
  }

  /**
   * The last upload that was begun for a key and not finished; nothing where that cannot be told.
   */
  static Optional<StartedUpload> find(Bucket bucket, String path) {
    try {
      List<MultipartUpload> found = new ArrayList<>();
      bucket
          .uploads()
          .forEach(
              path,
              upload -> {
                if (upload.key().equals(path)) {
                  found.add(upload);
                }
              });
      return found.stream()
          .max(Comparator.comparing(MultipartUpload::initiated))
          .map(
              upload ->
                  new StartedUpload(
                      path,
                      upload.uploadId(),
                      "",
                      bucket.uploads().parts(path, upload.uploadId())));
    } catch (FailedRequest e) {
      log.debug("cannot look for unfinished uploads of {}: {}", path, e.failure().getMessage());
      return Optional.empty();
    }
  }
}
