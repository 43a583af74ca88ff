package io.shelfmark.storage.s3;

import io.shelfmark.storage.ETag;
import io.shelfmark.storage.StorageException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/**
 * The parts of one upload on their way, several at once. Parts that the server has already are not
 * sent again. One thread adds parts; not thread-safe beyond that.
 */
final class PartTransfer {

  private final Bucket bucket;
  private final Parts parts;
  private final StartedUpload upload;
  private final List<Future<ETag>> sent = new ArrayList<>();

  /** The first failure; later parts are not sent then. */
  private final AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();

  PartTransfer(Bucket bucket, Parts parts, StartedUpload upload) {
    this.bucket = bucket;
    this.parts = parts;
    this.upload = upload;
  }

  int count() {
    return sent.size();
  }

  /** Sends a part, whose memory is given back afterwards; nothing where nothing was reserved. */
  void add(Block block, long reserved) {
    int number = sent.size() + 1;
    try {
      sent.add(
          parts
              .executor()
              .submit(
                  () -> {
                    try {
                      return send(number, block);
                    } catch (RuntimeException e) {
                      failure.compareAndSet(null, e);
                      throw e;
                    } finally {
                      if (reserved > 0) {
                        parts.budget().recycle(block.bytes());
                      }
                      parts.budget().release(reserved);
                    }
                  }));
    } catch (RejectedExecutionException e) {
      parts.budget().release(reserved);
      throw new IllegalStateException("the store of " + upload.path() + " is closed", e);
    }
  }

  private ETag send(int number, Block block) {
    requireHealthy();
    StartedUpload.@Nullable StoredPart stored = upload.parts().get(number);
    if (stored != null && stored.holds(block)) {
      return stored.etag();
    }
    try {
      // the MD5 costs more than all the rest; the bytes are signed or encrypted on their way anyhow
      return bucket.uploads().sendPart(upload, number, block, null);
    } catch (FailedRequest e) {
      if (e.status() != 400 || UploadGoneException.isMeantBy(e)) {
        throw e;
      }
      // a bucket with locked objects takes no part without
      return bucket.uploads().sendPart(upload, number, block, block.md5());
    }
  }

  /** Throws what a part failed of, if one did. */
  void requireHealthy() {
    RuntimeException failed = failure.get();
    if (failed != null) {
      throw failed;
    }
  }

  /**
   * What completes an upload.
   *
   * @param parts all of them, in order
   * @param md5Etag the ETag where the server makes it of MD5s: the MD5 of the parts', and their
   *     number; otherwise one that nothing has
   */
  record Finished(List<CompletedPart> parts, ETag md5Etag) {}

  /** Waits for all parts. */
  Finished finish() {
    List<CompletedPart> completed = new ArrayList<>(sent.size());
    MessageDigest all = Block.Md5.start();
    boolean md5 = true;
    for (Future<ETag> future : sent) {
      ETag part = join(future);
      completed.add(
          CompletedPart.builder()
              .partNumber(completed.size() + 1)
              .eTag(Condition.quoted(part))
              .build());
      md5 &= Block.Md5.isOne(part);
      if (md5) {
        all.update(new Block.Md5(part.value()).bytes());
      }
    }
    String etag = md5 ? Block.Md5.of(all).hex() + "-" + completed.size() : "";
    return new Finished(completed, new ETag(etag));
  }

  /** Sends nothing more, and waits for what is on its way. */
  void stop() {
    failure.compareAndSet(null, new StorageException("the upload of " + upload.path() + " ended"));
    for (Future<ETag> future : sent) {
      try {
        join(future);
      } catch (RuntimeException e) {
        // the caller has the first failure
      }
    }
  }

  private ETag join(Future<ETag> future) {
    try {
      return future.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(e);
    } catch (CancellationException e) {
      throw new IllegalStateException("the store of " + upload.path() + " is closed", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StorageException(
          "Cannot store content: found the thread interrupted, expected to wait for its parts", e);
    }
  }
}
