package io.shelfmark.storage.s3;

import io.shelfmark.storage.ETag;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;

/**
 * What must hold of a key for a write to happen. ETags are without quotes in this module, and with
 * them on the wire. Immutable.
 */
final class Condition {

  static final Condition NONE = new Condition(null, null);
  static final Condition ABSENT = new Condition("*", null);

  private final @Nullable String ifNoneMatch;
  private final @Nullable ETag expected;

  private Condition(@Nullable String ifNoneMatch, @Nullable ETag expected) {
    this.ifNoneMatch = ifNoneMatch;
    this.expected = expected;
  }

  static Condition state(ETag expected) {
    return new Condition(null, expected);
  }

  boolean isNone() {
    return ifNoneMatch == null && expected == null;
  }

  /** The state that must be there; nothing when the key must be free. */
  Optional<ETag> expected() {
    return Optional.ofNullable(expected);
  }

  boolean holds(Optional<ETag> found) {
    return isNone() || found.equals(expected());
  }

  void applyTo(PutObjectRequest.Builder request) {
    request.ifNoneMatch(ifNoneMatch).ifMatch(quoted(expected));
  }

  void applyTo(CompleteMultipartUploadRequest.Builder request) {
    request.ifNoneMatch(ifNoneMatch).ifMatch(quoted(expected));
  }

  static @Nullable String quoted(@Nullable ETag etag) {
    return etag == null ? null : "\"" + etag.value() + "\"";
  }

  static ETag unquoted(String etag) {
    return new ETag(
        etag.length() > 1 && etag.startsWith("\"") && etag.endsWith("\"")
            ? etag.substring(1, etag.length() - 1)
            : etag);
  }
}
