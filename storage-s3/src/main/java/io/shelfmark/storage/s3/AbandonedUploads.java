package io.shelfmark.storage.s3;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.MultipartUpload;

/**
 * Removes what uploads of killed processes left and nobody goes on with: at a store's first long
 * upload, and again once as much time is over as makes one abandoned. Failures are nobody's
 * concern: a rule of the bucket may do the same. Thread-safe.
 */
final class AbandonedUploads {

  private static final Logger log = LoggerFactory.getLogger(AbandonedUploads.class);

  private final Bucket bucket;
  private final S3Settings settings;
  private final ServerClock clock;
  private final AtomicReference<@Nullable Instant> swept = new AtomicReference<>();

  AbandonedUploads(Bucket bucket, S3Settings settings, ServerClock clock) {
    this.bucket = bucket;
    this.settings = settings;
    this.clock = clock;
  }

  void sweep() {
    Instant now = clock.now();
    Instant oldest = now.minus(settings.abandonedAfter());
    Instant before = swept.get();
    if ((before != null && before.isAfter(oldest)) || !swept.compareAndSet(before, now)) {
      return;
    }
    try {
      sweepUploads(oldest);
      // a process that was killed while it opened its store has left one object
      sweepObjects("probe/", oldest);
      // and one that was killed while it stored what was sent directly
      sweepObjects(S3DirectUploads.FOLDER, oldest);
    } catch (FailedRequest e) {
      log.debug("cannot look for abandoned uploads: {}", e.failure().getMessage());
    }
  }

  private void sweepUploads(Instant oldest) {
    List<MultipartUpload> found = new ArrayList<>();
    bucket
        .uploads()
        .forEach(
            settings.address().prefix(),
            upload -> {
              if (upload.initiated().isBefore(oldest) && settings.address().isOurs(upload.key())) {
                found.add(upload);
              }
            });
    for (MultipartUpload upload : found) {
      log.info("removing an upload of {} that was begun {}", upload.key(), upload.initiated());
      bucket.uploads().abort(upload.key(), upload.uploadId());
    }
  }

  private void sweepObjects(String folder, Instant oldest) {
    String token = null;
    do {
      ListObjectsV2Response page = bucket.list(settings.address().reserved(folder), token);
      page.contents().stream()
          .filter(object -> object.lastModified().isBefore(oldest))
          .forEach(object -> bucket.delete(object.key()));
      token = Boolean.TRUE.equals(page.isTruncated()) ? page.nextContinuationToken() : null;
    } while (token != null);
  }
}
