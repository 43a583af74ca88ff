package io.shelfmark.storage.s3;

import io.shelfmark.storage.BlobInfo;
import io.shelfmark.storage.BlobKey;
import io.shelfmark.storage.StorageException;
import java.util.Iterator;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * The blobs under a prefix, one page of the server's in memory at a time. Objects whose keys are no
 * blob's are somebody else's, or the store's own. Not thread-safe.
 */
final class S3Listing extends Spliterators.AbstractSpliterator<BlobInfo> {

  private final Bucket bucket;
  private final S3Address address;
  private final String prefix;
  private @Nullable Iterator<S3Object> page;
  private @Nullable String token;
  private String last = "";

  S3Listing(Bucket bucket, S3Address address, String prefix) {
    super(
        Long.MAX_VALUE,
        Spliterator.ORDERED | Spliterator.DISTINCT | Spliterator.NONNULL | Spliterator.IMMUTABLE);
    this.bucket = bucket;
    this.address = address;
    this.prefix = prefix;
  }

  @Override
  public boolean tryAdvance(Consumer<? super BlobInfo> action) {
    while (true) {
      Iterator<S3Object> objects = page;
      if (objects == null || (!objects.hasNext() && token != null)) {
        objects = next();
        page = objects;
      }
      if (!objects.hasNext()) {
        if (token == null) {
          return false;
        }
        continue;
      }
      S3Object object = objects.next();
      Optional<BlobInfo> blob = address.key(object.key()).flatMap(key -> info(key, object));
      if (blob.isPresent()) {
        action.accept(blob.get());
        return true;
      }
    }
  }

  /** A server may list what is just being written or removed without its state: that is asked. */
  private Optional<BlobInfo> info(BlobKey key, S3Object object) {
    requireOrder(object.key());
    if (object.eTag() != null && object.size() != null && object.lastModified() != null) {
      return Optional.of(
          new BlobInfo(
              key, object.size(), Condition.unquoted(object.eTag()), object.lastModified()));
    }
    try {
      return bucket
          .head(object.key())
          .map(head -> new BlobInfo(key, head.size(), head.etag(), head.lastModified()));
    } catch (FailedRequest e) {
      throw new Failures(address).unreadable("look at blob", key, e);
    }
  }

  private Iterator<S3Object> next() {
    try {
      ListObjectsV2Response response = bucket.list(address.prefix() + prefix, token);
      token = Boolean.TRUE.equals(response.isTruncated()) ? response.nextContinuationToken() : null;
      return response.contents().iterator();
    } catch (FailedRequest e) {
      throw new Failures(address).unreadable("list blobs", prefix.isEmpty() ? "/" : prefix, e);
    }
  }

  /** Of blobs' keys only: Java orders characters beyond those in another way than their bytes. */
  private void requireOrder(String key) {
    if (key.compareTo(last) <= 0) {
      throw new StorageException(
          "Cannot list %s: found %s after %s, expected keys in order (use another kind of bucket)"
              .formatted(address, key, last));
    }
    last = key;
  }
}
