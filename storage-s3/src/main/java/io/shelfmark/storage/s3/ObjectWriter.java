package io.shelfmark.storage.s3;

import io.shelfmark.storage.BlobContent;
import io.shelfmark.storage.BlobKey;
import io.shelfmark.storage.ETag;
import io.shelfmark.storage.StorageException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;

/**
 * Writes content of any length: as one request from memory, in parallel parts, or as one long
 * request where the server knows no condition for parts. Thread-safe.
 */
final class ObjectWriter {

  /** The most that one request may carry. */
  private static final long LONGEST_PUT = 5L << 30;

  private final Bucket bucket;
  private final S3Settings settings;
  private final Set<S3Capability> capabilities;
  private final Publisher publisher;
  private final PartBudget budget;
  private final MultipartUploads uploads;
  private final AbandonedUploads abandoned;

  ObjectWriter(
      Bucket bucket,
      S3Settings settings,
      Set<S3Capability> capabilities,
      Parts parts,
      AbandonedUploads abandoned) {
    this.bucket = bucket;
    this.settings = settings;
    this.capabilities = capabilities;
    this.publisher =
        new Publisher(
            bucket, settings.address(), capabilities.contains(S3Capability.CONDITIONAL_PUT));
    this.budget = parts.budget();
    this.abandoned = abandoned;
    this.uploads =
        new MultipartUploads(
            bucket, settings, publisher, parts, capabilities.contains(S3Capability.MD5_ETAGS));
  }

  /**
   * Content that was written.
   *
   * @param etag of the state written
   * @param size in bytes
   */
  record Written(ETag etag, long size) {}

  /** Writes content that is not read a second time unless it has to be. */
  Written write(BlobKey key, BlobContent content, Condition condition) {
    PartSizes sizes = PartSizes.of(content.size(), settings.partSize());
    // exactly what is read: short documents do not wait for long ones
    long reserved = Math.min(sizes.size(1), content.size().orElse(sizes.size(1)));
    budget.acquire(reserved);
    boolean handedOver = false;
    try (ContentReader reader = ContentReader.open(content)) {
      Block first = reader.read(sizes.size(1));
      if (reader.isAtEnd()) {
        return new Written(put(key, first, condition), first.length());
      }
      if (needsOneRequest(condition)) {
        handedOver = true;
        budget.release(reserved);
        return putLong(key, content, condition);
      }
      abandoned.sweep();
      handedOver = true;
      return uploads.upload(key, condition, sizes, reader, first);
    } finally {
      if (!handedOver) {
        budget.release(reserved);
      }
    }
  }

  /**
   * Writes content that its key names by digest, and that refuses to be anything else. An upload
   * that was broken off is gone on with.
   */
  Written writeResumably(BlobKey key, BlobContent content) {
    long size = content.size().orElseThrow();
    if (size <= settings.partSize()) {
      return write(key, content, Condition.ABSENT);
    }
    abandoned.sweep();
    // equal content may complete twice without harm, so no condition is needed where there is none
    Condition condition =
        capabilities.contains(S3Capability.CONDITIONAL_COMPLETION)
            ? Condition.ABSENT
            : Condition.NONE;
    return new Written(uploads.uploadResumably(key, condition, content), size);
  }

  /** Writes content in memory. */
  ETag put(BlobKey key, Block block, Condition condition) {
    Block.Md5 md5 = block.md5();
    if (condition.expected().filter(new ETag(md5.hex())::equals).isPresent()) {
      // the same content again would keep the ETag, and let other writers replace that state, too
      return uploads.uploadAsOnePart(key, condition, block);
    }
    String mark = UUID.randomUUID().toString();
    return publisher.publish(
        key,
        condition,
        new Footprint(mark, block.length(), new ETag(md5.hex()), block),
        checked ->
            bucket
                .put(
                    settings.address().path(key),
                    block.body(),
                    block.length(),
                    md5,
                    checked,
                    Footprint.metadata(mark))
                .value());
  }

  private boolean needsOneRequest(Condition condition) {
    return !condition.isNone()
        && capabilities.contains(S3Capability.CONDITIONAL_PUT)
        && !capabilities.contains(S3Capability.CONDITIONAL_COMPLETION);
  }

  private Written putLong(BlobKey key, BlobContent content, Condition condition) {
    long size = content.size().isPresent() ? content.size().getAsLong() : count(content);
    if (size > LONGEST_PUT) {
      throw new StorageException(
          "Cannot write blob %s in %s: found %d bytes, expected %d at most under a condition (use a server with conditional completion of uploads)"
              .formatted(key, settings.address(), size, LONGEST_PUT));
    }
    BlobContent sized = BlobContent.of(size, content::open);
    String mark = UUID.randomUUID().toString();
    Footprint footprint = new Footprint(mark, size, new ETag(""), null);
    RequestBody body =
        RequestBody.fromContentProvider(
            () -> new BlockStream(sized), size, "application/octet-stream");
    ETag etag =
        publisher.publish(
            key,
            condition,
            footprint,
            checked -> {
              try {
                return bucket
                    .put(
                        settings.address().path(key),
                        body,
                        size,
                        null,
                        checked,
                        Footprint.metadata(mark))
                    .value();
              } catch (FailedRequest | SdkException e) {
                throw ofContent(e);
              }
            });
    return new Written(etag, size);
  }

  /** What the content's own stream threw, or the failure of the request. */
  private static RuntimeException ofContent(RuntimeException e) {
    for (@Nullable Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof StorageException ofContent) {
        return ofContent;
      }
    }
    return e;
  }

  private static long count(BlobContent content) {
    try (InputStream stream = content.open()) {
      return stream.transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      throw ContentReader.unreadable(e);
    }
  }
}
