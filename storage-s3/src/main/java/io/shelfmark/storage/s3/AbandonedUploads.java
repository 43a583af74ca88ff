package io.shelfmark.storage.s3;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.s3.model.MultipartUpload;

/**
 * Removes, once while a store is open, what uploads of killed processes left and nobody goes on
 * with. Failures are nobody's concern: a rule of the bucket may do the same. Thread-safe.
 */
final class AbandonedUploads {

  private static final Logger log = LoggerFactory.getLogger(AbandonedUploads.class);

  private final Bucket bucket;
  private final S3Settings settings;
  private final ServerClock clock;
  private final AtomicBoolean swept = new AtomicBoolean();

  AbandonedUploads(Bucket bucket, S3Settings settings, ServerClock clock) {
    this.bucket = bucket;
    this.settings = settings;
    this.clock = clock;
  }

  void sweep() {
    if (!swept.compareAndSet(false, true)) {
      return;
    }
    Instant oldest = clock.now().minus(settings.abandonedAfter());
    try {
      sweepUploads(oldest);
      sweepProbes(oldest);
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

  /** A process that was killed while it opened its store has left one object. */
  private void sweepProbes(Instant oldest) {
    bucket.list(settings.address().reserved("probe/"), null).contents().stream()
        .filter(object -> object.lastModified().isBefore(oldest))
        .forEach(object -> bucket.delete(object.key()));
  }
}
