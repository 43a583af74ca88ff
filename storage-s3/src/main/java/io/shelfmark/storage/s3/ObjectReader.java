package io.shelfmark.storage.s3;

import io.shelfmark.storage.BlobKey;
import io.shelfmark.storage.BlobNotFoundException;
import java.io.InputStream;

/** Opens objects to read, long ones in parallel. Thread-safe. */
final class ObjectReader {

  private final Bucket bucket;
  private final S3Settings settings;
  private final Parts parts;
  private final Failures failures;

  ObjectReader(Bucket bucket, S3Settings settings, Parts parts) {
    this.bucket = bucket;
    this.settings = settings;
    this.parts = parts;
    this.failures = new Failures(settings.address());
  }

  /** Opens a blob from an offset; the length may reach beyond its end. */
  InputStream open(BlobKey key, long offset, long length) {
    try {
      return open(settings.address().path(key), offset, length);
    } catch (FailedRequest e) {
      if (e.status() == 416) {
        // there is a blob, and it ends before the offset
        return InputStream.nullInputStream();
      }
      if (e.status() == 404 && !e.code().equals("NoSuchBucket")) {
        throw new BlobNotFoundException(key, settings.address());
      }
      throw failures.unreadable("read blob", key, e);
    }
  }

  /**
   * The same of an object by the bucket's key.
   *
   * @throws FailedRequest when it cannot be opened there
   */
  InputStream open(String path, long offset, long length) {
    long wanted = offset > Long.MAX_VALUE - length ? Long.MAX_VALUE : offset + length;
    long firstEnd = offset + Math.min(length, settings.partSize());
    Bucket.Opened opened = bucket.open(path, ObjectStream.range(offset, firstEnd), null);
    long end = Math.min(wanted, opened.size());
    long beginning = Math.min(firstEnd, end);
    InputStream first =
        new ObjectStream(bucket, path, opened.etag(), offset, beginning, opened.body());
    return beginning == end
        ? first
        : new ParallelStream(bucket, parts, settings, path, opened.etag(), first, beginning, end);
  }
}
