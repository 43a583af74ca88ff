package io.shelfmark.storage.s3;

import io.shelfmark.storage.BlobConflictException;
import io.shelfmark.storage.BlobContent;
import io.shelfmark.storage.BlobKey;
import io.shelfmark.storage.ContentChangedException;
import io.shelfmark.storage.ETag;
import io.shelfmark.storage.StorageException;
import java.util.Optional;
import java.util.UUID;

/**
 * Writes long content in parts. The content is read once and in order; its parts are hashed and
 * sent by several threads. Nothing shows before the upload is completed, which is one conditional
 * request. Thread-safe.
 */
final class MultipartUploads {

  private final Bucket bucket;
  private final S3Address address;
  private final int partSize;
  private final Publisher publisher;
  private final Parts parts;
  private final Failures failures;
  private final boolean resumes;

  /**
   * @param resumes whether the server tells by MD5 which parts it has
   */
  MultipartUploads(
      Bucket bucket, S3Settings settings, Publisher publisher, Parts parts, boolean resumes) {
    this.bucket = bucket;
    this.address = settings.address();
    this.partSize = settings.partSize();
    this.publisher = publisher;
    this.parts = parts;
    this.failures = new Failures(address);
    this.resumes = resumes;
  }

  /** Writes content whose first part has been read; gives its memory back. */
  ObjectWriter.Written upload(
      BlobKey key, Condition condition, PartSizes sizes, ContentReader reader, Block first) {
    StartedUpload upload;
    try {
      upload = begin(key);
    } catch (RuntimeException e) {
      parts.budget().release(sizes.size(1));
      throw e;
    }
    try {
      PartTransfer transfer = new PartTransfer(bucket, parts, upload);
      transfer.add(first, sizes.size(1));
      return transfer(key, condition, upload, transfer, sizes, reader);
    } catch (RuntimeException e) {
      bucket.uploads().abort(upload.path(), upload.id());
      throw e instanceof UploadGoneException ? gone(key, e) : e;
    }
  }

  /** Writes content in memory so that its ETag is another one than if it were put. */
  ETag uploadAsOnePart(BlobKey key, Condition condition, Block block) {
    StartedUpload upload = begin(key);
    try {
      PartTransfer transfer = new PartTransfer(bucket, parts, upload);
      transfer.add(block, 0);
      return complete(key, condition, upload, finish(key, transfer), block.length());
    } catch (RuntimeException e) {
      bucket.uploads().abort(upload.path(), upload.id());
      throw e instanceof UploadGoneException ? gone(key, e) : e;
    }
  }

  /** Writes content under its digest, going on with an upload of it that was broken off. */
  ETag uploadResumably(BlobKey key, Condition condition, BlobContent content) {
    Optional<StartedUpload> found =
        resumes ? StartedUpload.find(bucket, address.path(key)) : Optional.empty();
    if (found.isPresent()) {
      try {
        return upload(key, condition, content, found.get());
      } catch (UploadGoneException e) {
        // by another process that adds the same content: it may have finished
        Optional<ETag> finished = look(key);
        if (finished.isPresent()) {
          return finished.get();
        }
      }
    }
    try {
      return upload(key, condition, content, begin(key));
    } catch (UploadGoneException e) {
      return look(key).orElseThrow(() -> gone(key, e));
    }
  }

  private ETag upload(BlobKey key, Condition condition, BlobContent content, StartedUpload upload) {
    PartSizes sizes = PartSizes.of(content.size(), partSize);
    try (ContentReader reader = ContentReader.open(content)) {
      PartTransfer transfer = new PartTransfer(bucket, parts, upload);
      return transfer(key, condition, upload, transfer, sizes, reader).etag();
    } catch (ContentChangedException | BlobConflictException e) {
      // its parts are of no use to anyone; after other failures they are
      bucket.uploads().abort(upload.path(), upload.id());
      throw e;
    }
  }

  private ObjectWriter.Written transfer(
      BlobKey key,
      Condition condition,
      StartedUpload upload,
      PartTransfer transfer,
      PartSizes sizes,
      ContentReader reader) {
    try {
      while (!reader.isAtEnd()) {
        transfer.requireHealthy();
        addNext(key, transfer, sizes, reader);
      }
    } catch (RuntimeException e) {
      transfer.stop();
      throw ofPart(key, e);
    }
    PartTransfer.Finished finished = finish(key, transfer);
    return new ObjectWriter.Written(
        complete(key, condition, upload, finished, reader.count()), reader.count());
  }

  private PartTransfer.Finished finish(BlobKey key, PartTransfer transfer) {
    try {
      return transfer.finish();
    } catch (RuntimeException e) {
      transfer.stop();
      throw ofPart(key, e);
    }
  }

  private RuntimeException ofPart(BlobKey key, RuntimeException e) {
    if (!(e instanceof FailedRequest failed)) {
      return e;
    }
    return UploadGoneException.isMeantBy(failed)
        ? new UploadGoneException(failed)
        // parts do not show: the state is as before, whatever became of the last one
        : failures.unreadable("write blob", key, failed);
  }

  private ETag complete(
      BlobKey key,
      Condition condition,
      StartedUpload upload,
      PartTransfer.Finished finished,
      long size) {
    return publisher.publish(
        key,
        condition,
        new Footprint(upload.mark(), size, finished.md5Etag(), null),
        checked -> complete(upload, finished, checked));
  }

  private void addNext(BlobKey key, PartTransfer transfer, PartSizes sizes, ContentReader reader) {
    if (transfer.count() == PartSizes.MOST_PARTS) {
      throw new StorageException(
          "Cannot write blob %s in %s: found more than %d bytes, expected less or content that says how long it is (say it)"
              .formatted(key, address, reader.count()));
    }
    int length = sizes.size(transfer.count() + 1);
    parts.budget().acquire(length);
    Block block;
    try {
      block = reader.read(length, parts.budget());
    } catch (RuntimeException e) {
      parts.budget().release(length);
      throw e;
    }
    transfer.add(block, length);
  }

  private ETag complete(StartedUpload upload, PartTransfer.Finished finished, Condition condition) {
    try {
      return bucket
          .uploads()
          .complete(upload, finished.parts(), condition)
          // not every server tells it
          .or(() -> bucket.head(upload.path()).map(Bucket.Head::etag))
          .orElseGet(finished::md5Etag);
    } catch (FailedRequest e) {
      if (UploadGoneException.isMeantBy(e) && !e.maybeApplied()) {
        throw new UploadGoneException(e);
      }
      throw e;
    }
  }

  private StartedUpload begin(BlobKey key) {
    try {
      return bucket.uploads().begin(address.path(key), UUID.randomUUID().toString());
    } catch (FailedRequest e) {
      throw failures.unreadable("begin to write blob", key, e);
    }
  }

  private Optional<ETag> look(BlobKey key) {
    try {
      return bucket.head(address.path(key)).map(Bucket.Head::etag);
    } catch (FailedRequest e) {
      throw failures.unreadable("look at blob", key, e);
    }
  }

  private StorageException gone(BlobKey key, RuntimeException e) {
    return new StorageException(
        "Cannot write blob %s in %s: found its upload ended by another process, expected it to last (try again; a rule of the bucket that ends uploads must leave them time)"
            .formatted(key, address),
        e);
  }
}
