package io.shelfmark.storage.s3;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.shelfmark.storage.ETag;
import io.shelfmark.storage.StorageException;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/**
 * Finds out what a server supports, by writes under a key of its own that nobody else uses. A
 * condition that must fail and does not shows a server that ignores it.
 */
final class Probe {

  private static final Logger log = LoggerFactory.getLogger(Probe.class);

  private static final ETag NOBODYS = new ETag("00000000000000000000000000000000");

  private final Bucket bucket;
  private final S3Address address;
  private final Failures failures;
  private final String path;
  private final Set<S3Capability> found = EnumSet.noneOf(S3Capability.class);

  Probe(Bucket bucket, S3Address address) {
    this.bucket = bucket;
    this.address = address;
    this.failures = new Failures(address);
    this.path = address.reserved("probe/" + UUID.randomUUID());
  }

  /**
   * What was found, or nothing where there is no permission to write.
   *
   * @throws StorageException when the bucket cannot be reached or listed
   */
  Optional<Set<S3Capability>> run() {
    try {
      if (!begin()) {
        bucket.list(path, null);
        return Optional.empty();
      }
      try {
        if (isListed()) {
          found.add(S3Capability.PROMPT_LISTING);
        }
        if (found.contains(S3Capability.CONDITIONAL_PUT)
            && !(heedsOtherStates() && heedsItsState())) {
          found.remove(S3Capability.CONDITIONAL_PUT);
        }
        if (found.contains(S3Capability.CONDITIONAL_PUT) && heedsWhenCompleting()) {
          found.add(S3Capability.CONDITIONAL_COMPLETION);
        }
      } finally {
        bucket.delete(path);
      }
      if (isListed()) {
        found.remove(S3Capability.PROMPT_LISTING);
      }
      return Optional.of(found);
    } catch (FailedRequest e) {
      throw failures.unreadable("open", "store", e);
    }
  }

  /** Writes the object; false when that is not permitted. */
  private boolean begin() {
    Block block = block("first");
    ETag etag;
    try {
      etag = put(block, Condition.ABSENT);
      found.add(S3Capability.CONDITIONAL_PUT);
    } catch (FailedRequest e) {
      if (isForbidden(e)) {
        log.debug("no permission to write to {}: {}", address, e.failure().getMessage());
        return false;
      }
      if (e.status() == 412 && e.maybeApplied()) {
        // nobody else knows the key: an attempt of its own had succeeded
        found.add(S3Capability.CONDITIONAL_PUT);
        etag = bucket.head(path).orElseThrow(() -> e).etag();
      } else if (isUnsupported(e)) {
        etag = put(block, Condition.NONE);
      } else {
        throw e;
      }
    }
    if (etag.value().equals(block.md5().hex())) {
      found.add(S3Capability.MD5_ETAGS);
    }
    return true;
  }

  /** Whether reading may still be permitted; with a wrong key or signature nothing is. */
  private static boolean isForbidden(FailedRequest e) {
    return e.status() == 405
        || (e.status() == 403 && (e.code().isEmpty() || e.code().equals("AccessDenied")));
  }

  private boolean heedsOtherStates() {
    return isRefused(() -> put(block("second"), Condition.ABSENT))
        && isRefused(() -> put(block("third"), Condition.state(NOBODYS)));
  }

  private boolean heedsItsState() {
    Optional<Bucket.Head> head = bucket.head(path);
    return head.isPresent()
        && !isRefused(() -> put(block("fourth"), Condition.state(head.get().etag())));
  }

  private boolean heedsWhenCompleting() {
    StartedUpload upload;
    CompletedPart part;
    try {
      upload = bucket.uploads().begin(path, "probe");
      part = uploadPart(upload);
    } catch (FailedRequest e) {
      if (isUnsupported(e)) {
        return false;
      }
      throw e;
    }
    try {
      return isRefused(() -> bucket.uploads().complete(upload, List.of(part), Condition.ABSENT))
          && isRefused(
              () -> bucket.uploads().complete(upload, List.of(part), Condition.state(NOBODYS)));
    } finally {
      bucket.uploads().abort(path, upload.id());
    }
  }

  private CompletedPart uploadPart(StartedUpload upload) {
    Block block = block("part");
    ETag etag = bucket.uploads().sendPart(upload, 1, block, block.md5());
    return CompletedPart.builder().partNumber(1).eTag(Condition.quoted(etag)).build();
  }

  /** Whether a write's condition is found not to hold, as it should; false when it is ignored. */
  private static boolean isRefused(Runnable write) {
    try {
      write.run();
      return false;
    } catch (FailedRequest e) {
      if (e.status() == 412) {
        return true;
      }
      if (isUnsupported(e)) {
        return false;
      }
      throw e;
    }
  }

  private static boolean isUnsupported(FailedRequest e) {
    return e.isNotImplemented() || e.status() == 400;
  }

  private boolean isListed() {
    return bucket.list(path, null).contents().stream()
        .anyMatch(object -> object.key().equals(path));
  }

  private ETag put(Block block, Condition condition) {
    return bucket.put(path, block.body(), block.length(), block.md5(), condition, Map.of()).value();
  }

  private static Block block(String text) {
    byte[] bytes = ("Shelfmark looks what this server supports: " + text).getBytes(UTF_8);
    return new Block(bytes, bytes.length);
  }
}
