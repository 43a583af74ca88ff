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

  private record Sent(CompletedPart part, Block.Md5 md5) {}

  private final Bucket bucket;
  private final Parts parts;
  private final StartedUpload upload;
  private final List<Future<Sent>> sent = new ArrayList<>();

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

  /** Sends a part, whose memory is given back afterwards. */
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
                      parts.budget().release(reserved);
                    }
                  }));
    } catch (RejectedExecutionException e) {
      parts.budget().release(reserved);
      throw new IllegalStateException("the store of " + upload.path() + " is closed", e);
    }
  }

  private Sent send(int number, Block block) {
    requireHealthy();
    Block.Md5 md5 = block.md5();
    StartedUpload.@Nullable StoredPart stored = upload.parts().get(number);
    ETag etag =
        stored != null && stored.holds(block, md5)
            ? stored.etag()
            : bucket
                .requests()
                .send(
                    left ->
                        Condition.unquoted(
                            bucket
                                .client()
                                .uploadPart(
                                    r ->
                                        r.bucket(bucket.name())
                                            .key(upload.path())
                                            .uploadId(upload.id())
                                            .partNumber(number)
                                            .contentLength((long) block.length())
                                            .contentMD5(md5.header())
                                            .overrideConfiguration(
                                                Bucket.within(left, block.length())),
                                    block.body())
                                .eTag()))
                .value();
    return new Sent(
        CompletedPart.builder().partNumber(number).eTag(Condition.quoted(etag)).build(), md5);
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
   *     number
   */
  record Finished(List<CompletedPart> parts, ETag md5Etag) {}

  /** Waits for all parts. */
  Finished finish() {
    List<CompletedPart> completed = new ArrayList<>(sent.size());
    MessageDigest all = Block.Md5.start();
    for (Future<Sent> future : sent) {
      Sent part = join(future);
      completed.add(part.part());
      all.update(part.md5().bytes());
    }
    return new Finished(completed, new ETag(Block.Md5.of(all).hex() + "-" + completed.size()));
  }

  /** Sends nothing more, and waits for what is on its way. */
  void stop() {
    failure.compareAndSet(null, new StorageException("the upload of " + upload.path() + " ended"));
    for (Future<Sent> future : sent) {
      try {
        join(future);
      } catch (RuntimeException e) {
        // the caller has the first failure
      }
    }
  }

  private Sent join(Future<Sent> future) {
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
