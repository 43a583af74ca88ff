package io.shelfmark.storage.s3;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.shelfmark.storage.BlobKey;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a store lies: a bucket, and what its keys begin with.
 *
 * @param bucket its name
 * @param prefix empty, or text that ends in {@code /}
 * @param endpoint the server, where it is named
 */
record S3Address(String bucket, String prefix, Optional<URI> endpoint) {

  /** S3's keys have up to 1,024 bytes, the store's own 800. */
  private static final int LONGEST_PREFIX = 200;

  /** What lies under it is no blob: a segment of a {@link BlobKey} does not begin with a dot. */
  private static final String RESERVED = ".shelfmark/";

  S3Address {
    if (bucket.isEmpty()) {
      throw new IllegalArgumentException("Cannot open store: found no bucket, expected its name");
    }
    endpoint.ifPresent(S3Address::requireNoCredentials);
  }

  /**
   * @throws IllegalArgumentException when the prefix is none
   */
  static S3Address of(String bucket, String prefix, @Nullable URI endpoint) {
    String trimmed = prefix.replaceAll("^/+|/+$", "");
    if (trimmed.contains("//")
        || trimmed.chars().anyMatch(Character::isISOControl)
        || trimmed.getBytes(UTF_8).length > LONGEST_PREFIX) {
      throw new IllegalArgumentException(
          "Cannot use prefix %s: expected up to %d bytes without // and control characters"
              .formatted(prefix, LONGEST_PREFIX));
    }
    return new S3Address(
        bucket, trimmed.isEmpty() ? "" : trimmed + "/", Optional.ofNullable(endpoint));
  }

  static void requireNoCredentials(URI uri) {
    if (uri.getRawUserInfo() != null) {
      throw new IllegalArgumentException(
          "Cannot open store on %s: found credentials in its address, expected none (give them to accessKey, or in the environment)"
              .formatted(uri.getHost()));
    }
  }

  /** The bucket's key of a blob. */
  String path(BlobKey key) {
    return prefix + key.value();
  }

  /** A key of the store's own. */
  String reserved(String name) {
    return prefix + RESERVED + name;
  }

  /** The blob's key of one of the bucket's, unless it is somebody else's or reserved. */
  Optional<BlobKey> key(String path) {
    try {
      return path.startsWith(prefix)
          ? Optional.of(BlobKey.of(path.substring(prefix.length())))
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Whether a key of the bucket is a blob's or the store's own. */
  boolean isOurs(String path) {
    return path.startsWith(prefix + RESERVED) || key(path).isPresent();
  }

  /** As policies name it. */
  String resource() {
    return "arn:aws:s3:::" + bucket + "/" + prefix;
  }

  URI uri() {
    String path = prefix.isEmpty() ? "" : "/" + prefix.substring(0, prefix.length() - 1);
    String query =
        endpoint.map(uri -> "?endpoint=" + URLEncoder.encode(uri.toString(), UTF_8)).orElse("");
    try {
      return URI.create(new URI("s3", bucket, path, null, null) + query);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** For messages. */
  @Override
  public String toString() {
    return "s3://" + bucket + "/" + prefix + endpoint.map(uri -> " on " + uri).orElse("");
  }
}
