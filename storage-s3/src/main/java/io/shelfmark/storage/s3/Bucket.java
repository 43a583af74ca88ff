package io.shelfmark.storage.s3;

import io.shelfmark.storage.ETag;
import io.shelfmark.storage.StorageException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;

/**
 * Objects of a bucket by their full keys: single requests, repeated until a deadline. They throw
 * {@link FailedRequest}, which their callers turn into what users see. Thread-safe; who opened it
 * closes it.
 */
final class Bucket implements AutoCloseable {

  /** What a body may take on a slow line, on top of the deadline. */
  private static final long BYTES_PER_SECOND = 64 * 1024;

  private final S3Client client;
  private final String name;
  private final Requests requests;
  private final UploadRequests uploads;

  Bucket(S3Client client, String name, Requests requests) {
    this.client = client;
    this.name = name;
    this.requests = requests;
    this.uploads = new UploadRequests(client, name, requests);
  }

  /**
   * What is known of an object.
   *
   * @param metadata what its writer noted, by lower-case names
   */
  record Head(long size, ETag etag, Instant lastModified, Map<String, String> metadata) {}

  /**
   * The beginning of a reply to a reading request.
   *
   * @param body from the position that was asked for; who has it aborts or closes it
   * @param size of the whole object
   */
  record Opened(ResponseInputStream<GetObjectResponse> body, ETag etag, long size) {}

  /** For uploads in parts. */
  UploadRequests uploads() {
    return uploads;
  }

  static AwsRequestOverrideConfiguration within(Duration left, long bytes) {
    return AwsRequestOverrideConfiguration.builder()
        .apiCallTimeout(left.plusSeconds(bytes / BYTES_PER_SECOND))
        .build();
  }

  Optional<Head> head(String path) {
    try {
      HeadObjectResponse reply =
          requests
              .send(
                  left ->
                      client.headObject(
                          r -> r.bucket(name).key(path).overrideConfiguration(within(left, 0))))
              .value();
      if (reply.eTag() == null) {
        // some servers show what is just being written or removed, without a state: it is not there
        return Optional.empty();
      }
      return Optional.of(
          new Head(
              reply.contentLength(),
              Condition.unquoted(reply.eTag()),
              reply.lastModified(),
              reply.metadata()));
    } catch (FailedRequest e) {
      if (e.status() == 404) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /**
   * Writes an object in one request; the reply's ETag and whether an attempt may have been first.
   */
  Requests.Reply<ETag> put(
      String path,
      RequestBody body,
      long length,
      Block.@Nullable Md5 md5,
      Condition condition,
      Map<String, String> metadata) {
    return requests.send(
        left -> {
          var response =
              client.putObject(
                  r -> {
                    r.bucket(name)
                        .key(path)
                        .metadata(metadata)
                        .contentLength(length)
                        .contentMD5(md5 == null ? null : md5.header())
                        .overrideConfiguration(within(left, length));
                    condition.applyTo(r);
                  },
                  body);
          return Condition.unquoted(response.eTag());
        });
  }

  /**
   * Opens an object at a position, up to a number of bytes; pinned to a state where one is known.
   */
  Opened open(String path, String range, @Nullable ETag state) {
    ResponseInputStream<GetObjectResponse> body =
        requests
            .send(
                left ->
                    client.getObject(
                        r ->
                            r.bucket(name)
                                .key(path)
                                .range(range)
                                .ifMatch(Condition.quoted(state))
                                .overrideConfiguration(within(left, 0))))
            .value();
    GetObjectResponse reply = body.response();
    String total = reply.contentRange();
    if (total == null || reply.eTag() == null) {
      body.abort();
      throw new StorageException(
          "Cannot read %s of object %s in bucket %s: found a reply without %s, expected one with it (use a server that tells it)"
              .formatted(range, path, name, total == null ? "Content-Range" : "ETag"));
    }
    long size = Long.parseLong(total.substring(total.lastIndexOf('/') + 1));
    return new Opened(body, Condition.unquoted(reply.eTag()), size);
  }

  ListObjectsV2Response list(String prefix, @Nullable String token) {
    return requests
        .send(
            left ->
                client.listObjectsV2(
                    r ->
                        r.bucket(name)
                            .prefix(prefix)
                            .continuationToken(token)
                            .overrideConfiguration(within(left, 0))))
        .value();
  }

  void delete(String path) {
    requests.send(
        left ->
            client.deleteObject(
                r -> r.bucket(name).key(path).overrideConfiguration(within(left, 0))));
  }

  /** All of a small object. */
  byte[] read(String path) {
    return requests
        .send(
            left ->
                client
                    .getObjectAsBytes(
                        r -> r.bucket(name).key(path).overrideConfiguration(within(left, 0)))
                    .asByteArrayUnsafe())
        .value();
  }

  /** Leaves the rest of a reply; closing would read it. */
  static void abandon(InputStream body) {
    if (body instanceof ResponseInputStream<?> response) {
      response.abort();
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
