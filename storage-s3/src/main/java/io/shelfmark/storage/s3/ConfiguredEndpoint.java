package io.shelfmark.storage.s3;

import io.shelfmark.storage.StorageException;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * The server that system properties or the environment name, in the SDK's own order. The SDK would
 * use it in any case; a store must know it, too, for its address and its region. The SDK alone
 * reads the one in a profile.
 */
final class ConfiguredEndpoint {

  private static final String[][] SOURCES = {
    {"aws.endpointUrlS3", "AWS_ENDPOINT_URL_S3"}, {"aws.endpointUrl", "AWS_ENDPOINT_URL"}
  };

  private ConfiguredEndpoint() {}

  static @Nullable URI find() {
    if (Boolean.parseBoolean(
        value("aws.ignoreConfiguredEndpointUrls", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"))) {
      return null;
    }
    for (String[] source : SOURCES) {
      String value = value(source[0], source[1]);
      if (value != null && !value.isBlank()) {
        try {
          return URI.create(value.trim());
        } catch (IllegalArgumentException e) {
          throw new StorageException(
              "Cannot open store: found %s that is no address, expected https://host:port (correct it)"
                  .formatted(source[1]),
              e);
        }
      }
    }
    return null;
  }

  private static @Nullable String value(String property, String variable) {
    String value = System.getProperty(property);
    return value == null ? System.getenv(variable) : value;
  }
}
