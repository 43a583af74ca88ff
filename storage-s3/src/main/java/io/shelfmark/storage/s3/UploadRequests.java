package io.shelfmark.storage.s3;

import io.shelfmark.storage.ETag;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedMultipartUpload;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.Part;

/**
 * What a bucket is asked about uploads in parts: single requests, repeated until a deadline, that
 * throw {@link FailedRequest}. Get it from {@link Bucket#uploads()}. Thread-safe.
 */
final class UploadRequests {

  private static final Logger log = LoggerFactory.getLogger(UploadRequests.class);

  private final S3Client client;
  private final String bucket;
  private final Requests requests;

  UploadRequests(S3Client client, String bucket, Requests requests) {
    this.client = client;
    this.bucket = bucket;
    this.requests = requests;
  }

  /** Begins an upload for a key; a mark in its metadata tells whose it is. */
  StartedUpload begin(String path, String mark) {
    String id =
        requests
            .send(
                left ->
                    client
                        .createMultipartUpload(
                            r ->
                                r.bucket(bucket)
                                    .key(path)
                                    .metadata(Footprint.metadata(mark))
                                    .overrideConfiguration(Bucket.within(left, 0)))
                        .uploadId())
            .value();
    return new StartedUpload(path, id, mark, Map.of());
  }

  /** Sends a part. */
  ETag sendPart(StartedUpload upload, int number, Block block, Block.@Nullable Md5 md5) {
    return requests
        .send(
            left ->
                Condition.unquoted(
                    client
                        .uploadPart(
                            r ->
                                r.bucket(bucket)
                                    .key(upload.path())
                                    .uploadId(upload.id())
                                    .partNumber(number)
                                    .contentLength((long) block.length())
                                    .contentMD5(md5 == null ? null : md5.header())
                                    .overrideConfiguration(Bucket.within(left, block.length())),
                            block.body())
                        .eTag()))
        .value();
  }

  /** Makes the parts an object; its ETag, which not every server tells. */
  Optional<ETag> complete(StartedUpload upload, List<CompletedPart> parts, Condition condition) {
    return requests
        .send(
            left ->
                Optional.ofNullable(
                    client
                        .completeMultipartUpload(
                            r -> {
                              r.bucket(bucket)
                                  .key(upload.path())
                                  .uploadId(upload.id())
                                  .multipartUpload(
                                      CompletedMultipartUpload.builder().parts(parts).build())
                                  .overrideConfiguration(Bucket.within(left, 0));
                              condition.applyTo(r);
                            })
                        .eTag()))
        .value()
        .map(Condition::unquoted);
  }

  /** The uploads begun under a prefix and not finished. */
  void forEach(String prefix, Consumer<MultipartUpload> action) {
    String[] marker = new String[2];
    boolean more = true;
    while (more) {
      var page =
          requests
              .send(
                  left ->
                      client.listMultipartUploads(
                          r ->
                              r.bucket(bucket)
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

  /** The parts of an upload that are there, by number. */
  Map<Integer, StartedUpload.StoredPart> parts(String path, String id) {
    Map<Integer, StartedUpload.StoredPart> parts = new HashMap<>();
    @Nullable Integer marker = null;
    boolean more = true;
    while (more) {
      @Nullable Integer after = marker;
      var page =
          requests
              .send(
                  left ->
                      client.listParts(
                          r ->
                              r.bucket(bucket)
                                  .key(path)
                                  .uploadId(id)
                                  .partNumberMarker(after)
                                  .overrideConfiguration(Bucket.within(left, 0))))
              .value();
      for (Part part : page.parts()) {
        parts.put(
            part.partNumber(),
            new StartedUpload.StoredPart(part.size(), Condition.unquoted(part.eTag())));
      }
      marker = page.nextPartNumberMarker();
      more = Boolean.TRUE.equals(page.isTruncated());
    }
    return parts;
  }

  /** Makes the server forget an upload and its parts; what remains is abandoned. */
  void abort(String path, String id) {
    try {
      requests.send(
          left ->
              client.abortMultipartUpload(
                  r ->
                      r.bucket(bucket)
                          .key(path)
                          .uploadId(id)
                          .overrideConfiguration(Bucket.within(left, 0))));
    } catch (FailedRequest e) {
      log.debug("cannot abort an upload of {}: {}", path, e.failure().getMessage());
    }
  }
}
