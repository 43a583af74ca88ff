package io.shelfmark.storage.s3;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.shelfmark.storage.BlobStore;
import io.shelfmark.storage.BlobStoreProvider;
import java.net.URI;
import java.net.URLDecoder;

/**
 * Opens {@code s3:} addresses; found by the service loader. Thread-safe.
 *
 * <p>{@code s3://bucket/prefix?endpoint=https://host:9000&region=eu-central-1&pathStyle=true}; what
 * follows the question mark may be left out, and so may the prefix. Credentials come from the
 * environment as the AWS SDK finds them; an address that holds any is refused.
 */
public final class S3BlobStoreProvider implements BlobStoreProvider {

  /** For the service loader. */
  public S3BlobStoreProvider() {}

  @Override
  public String scheme() {
    return "s3";
  }

  @Override
  public BlobStore open(URI location) {
    return builder(location).open();
  }

  /**
   * @throws IllegalArgumentException when the address is none
   */
  static S3BlobStoreBuilder builder(URI location) {
    S3Address.requireNoCredentials(location);
    // a bucket's name may have characters that no host's has
    String authority = location.getRawAuthority();
    if (authority == null) {
      throw new IllegalArgumentException(
          "Cannot open store %s: found no bucket, expected s3://bucket/prefix".formatted(location));
    }
    S3BlobStoreBuilder builder = S3BlobStore.builder(authority);
    if (location.getPath() != null) {
      builder.prefix(location.getPath());
    }
    String query = location.getRawQuery();
    if (query != null) {
      for (String option : query.split("&", -1)) {
        int equals = option.indexOf('=');
        set(
            builder,
            equals < 0 ? option : option.substring(0, equals),
            equals < 0 ? "true" : URLDecoder.decode(option.substring(equals + 1), UTF_8));
      }
    }
    return builder;
  }

  private static void set(S3BlobStoreBuilder builder, String name, String value) {
    switch (name) {
      case "endpoint" -> builder.endpoint(URI.create(value));
      case "region" -> builder.region(value);
      case "pathStyle" -> {
        if (isSet(name, value)) {
          builder.pathStyle();
        }
      }
      case "singleWriter" -> {
        if (isSet(name, value)) {
          builder.singleWriter();
        }
      }
      default ->
          throw new IllegalArgumentException(
              "Cannot open store: found option %s in its address, expected endpoint, region, pathStyle or singleWriter"
                  .formatted(name));
    }
  }

  private static boolean isSet(String name, String value) {
    if (!value.equals("true") && !value.equals("false")) {
      throw new IllegalArgumentException(
          "Cannot open store: found %s=%s in its address, expected true or false"
              .formatted(name, value));
    }
    return value.equals("true");
  }
}
