package io.shelfmark.storage.s3;

import io.shelfmark.storage.ETag;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.Part;

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

  static StartedUpload begin(Bucket bucket, String path, String mark) {
    String id =
        bucket
            .requests()
            .send(
                left ->
                    bucket
                        .client()
                        .createMultipartUpload(
                            r ->
                                r.bucket(bucket.name())
                                    .key(path)
                                    .metadata(Footprint.metadata(mark))
                                    .overrideConfiguration(Bucket.within(left, 0)))
                        .uploadId())
            .value();
    return new StartedUpload(path, id, mark, Map.of());
  }

  /**
   * The last upload that was begun for a key and not finished; nothing where that cannot be told.
   */
  static Optional<StartedUpload> find(Bucket bucket, String path) {
    try {
      List<MultipartUpload> found = new ArrayList<>();
      forEach(
          bucket,
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
                      path, upload.uploadId(), "", parts(bucket, path, upload.uploadId())));
    } catch (FailedRequest e) {
      log.debug("cannot look for unfinished uploads of {}: {}", path, e.failure().getMessage());
      return Optional.empty();
    }
  }

  /** The uploads begun under a prefix and not finished. */
  static void forEach(Bucket bucket, String prefix, Consumer<MultipartUpload> action) {
    String[] marker = new String[2];
    boolean more = true;
    while (more) {
      var page =
          bucket
              .requests()
              .send(
                  left ->
                      bucket
                          .client()
                          .listMultipartUploads(
                              r ->
                                  r.bucket(bucket.name())
                                      .prefix(prefix)
                                      .keyMarker(marker[0])
                                      .uploadIdMarker(marker[1])
                                      .overrideConfiguration(Bucket.within(left, 0))))
              .value();
      page.uploads().forEach(action);
      marker[0] = page.nextKeyMarker();
      marker[1] = page.nextUploadIdMarker();
      more = Boolean.TRUE.equals(page.isTruncated());
    }
  }

  private static Map<Integer, StoredPart> parts(Bucket bucket, String path, String id) {
    Map<Integer, StoredPart> parts = new HashMap<>();
    @Nullable Integer marker = null;
    boolean more = true;
    while (more) {
      @Nullable Integer after = marker;
      var page =
          bucket
              .requests()
              .send(
                  left ->
                      bucket
                          .client()
                          .listParts(
                              r ->
                                  r.bucket(bucket.name())
                                      .key(path)
                                      .uploadId(id)
                                      .partNumberMarker(after)
                                      .overrideConfiguration(Bucket.within(left, 0))))
              .value();
      for (Part part : page.parts()) {
        parts.put(part.partNumber(), new StoredPart(part.size(), Condition.unquoted(part.eTag())));
      }
      marker = page.nextPartNumberMarker();
      more = Boolean.TRUE.equals(page.isTruncated());
    }
    return parts;
  }

  /** Makes the server forget an upload and its parts; what remains is abandoned. */
  static void abort(Bucket bucket, String path, String id) {
    try {
      bucket
          .requests()
          .send(
              left ->
                  bucket
                      .client()
                      .abortMultipartUpload(
                          r ->
                              r.bucket(bucket.name())
                                  .key(path)
                                  .uploadId(id)
                                  .overrideConfiguration(Bucket.within(left, 0))));
    } catch (FailedRequest e) {
      log.debug("cannot abort an upload of {}: {}", path, e.failure().getMessage());
    }
  }
}
