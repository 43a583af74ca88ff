package io.shelfmark.storage.s3;

import io.shelfmark.storage.DirectUploads;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;
import software.amazon.awssdk.services.s3.presigner.model.PresignedUploadPartRequest;

/**
 * Signs addresses of single parts, which asks nobody (AWS Signature Version 4, query parameters).
 * What signs is made when it is first needed. Thread-safe; the store closes it.
 */
final class PartAddresses implements AutoCloseable {

  private final Supplier<S3Presigner> maker;
  private @Nullable S3Presigner presigner;

  PartAddresses(Supplier<S3Presigner> maker) {
    this.maker = maker;
  }

  /**
   * Where a part of an upload goes.
   *
   * @throws software.amazon.awssdk.core.exception.SdkException when there are no credentials
   */
  DirectUploads.Target sign(String bucket, StartedUpload upload, int number, Duration validity) {
    PresignedUploadPartRequest signed =
        presigner()
            .presignUploadPart(
                r ->
                    r.signatureDuration(validity)
                        .uploadPartRequest(
                            part ->
                                part.bucket(bucket)
                                    .key(upload.path())
                                    .uploadId(upload.id())
                                    .partNumber(number)));
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    signed.signedHeaders().forEach((name, values) -> headers.put(name, String.join(",", values)));
    // every client sends it
    headers.remove("host");
    return new DirectUploads.Target(number, URI.create(signed.url().toString()), headers);
  }

  private synchronized S3Presigner presigner() {
    S3Presigner made = presigner;
    if (made == null) {
      made = maker.get();
      presigner = made;
    }
    return made;
  }

  @Override
  public synchronized void close() {
    if (presigner != null) {
      presigner.close();
    }
  }
}
