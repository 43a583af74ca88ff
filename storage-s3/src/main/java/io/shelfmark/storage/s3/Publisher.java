package io.shelfmark.storage.s3;

import io.shelfmark.storage.BlobConflictException;
import io.shelfmark.storage.BlobKey;
import io.shelfmark.storage.ETag;
import io.shelfmark.storage.StorageException;
import io.shelfmark.storage.UnknownOutcomeException;
import java.util.Optional;

/**
 * Makes a write happen under its condition, which the server checks or, for a single writer, this
 * process; and finds out what became of it when it failed. Thread-safe.
 */
final class Publisher {

  private final Bucket bucket;
  private final S3Address address;
  private final Failures failures;
  private final boolean conditional;

  /**
   * @param conditional whether the server checks conditions
   */
  Publisher(Bucket bucket, S3Address address, boolean conditional) {
    this.bucket = bucket;
    this.address = address;
    this.failures = new Failures(address);
    this.conditional = conditional;
  }

  /** A write that gives the ETag of what it wrote. */
  interface Write {
    ETag under(Condition condition);
  }

  ETag publish(BlobKey key, Condition condition, Footprint footprint, Write write) {
    if (condition.isNone() || conditional) {
      return attempt(key, condition, footprint, write);
    }
    return KeyLocks.locked(
        address.path(key),
        () -> {
          Optional<ETag> found = etag(key);
          if (!condition.holds(found)) {
            throw conflict(key, condition, found);
          }
          return attempt(key, Condition.NONE, footprint, write);
        });
  }

  private ETag attempt(BlobKey key, Condition condition, Footprint footprint, Write write) {
    try {
      return write.under(condition);
    } catch (FailedRequest e) {
      return settle(key, condition, footprint, e);
    }
  }

  /** The ETag of the write if it had succeeded all the same; otherwise throws what it failed of. */
  private ETag settle(BlobKey key, Condition condition, Footprint footprint, FailedRequest e) {
    if (e.maybeApplied()) {
      try {
        Optional<Bucket.Head> own = footprint.find(bucket, address.path(key));
        if (own.isPresent()) {
          return own.get().etag();
        }
      } catch (FailedRequest unseen) {
        UnknownOutcomeException unknown =
            new UnknownOutcomeException(
                "Cannot write blob %s in %s: found no reply, and none about what is there, expected one (look at the blob before writing again)"
                    .formatted(key, address),
                e.failure());
        unknown.addSuppressed(unseen.failure());
        throw unknown;
      }
    }
    if (isRefusal(condition, e)) {
      throw conflict(
          key, condition, condition.expected().isPresent() ? etag(key) : Optional.empty());
    }
    throw failures.unwritten("write blob", key, e);
  }

  private static boolean isRefusal(Condition condition, FailedRequest e) {
    return !condition.isNone()
        && (e.status() == 412 || (e.status() == 404 && e.code().equals("NoSuchKey")));
  }

  private Optional<ETag> etag(BlobKey key) {
    try {
      return bucket.head(address.path(key)).map(Bucket.Head::etag);
    } catch (FailedRequest e) {
      throw failures.unreadable("look at blob", key, e);
    }
  }

  private static StorageException conflict(BlobKey key, Condition condition, Optional<ETag> found) {
    return condition
        .expected()
        .map(
            expected ->
                new BlobConflictException(
                    key, found.map(etag -> "state " + etag).orElse("none"), "state " + expected))
        .orElseGet(() -> new BlobConflictException(key, "a blob", "none"));
  }
}
