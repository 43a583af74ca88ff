package io.shelfmark.storage.s3;

import io.shelfmark.storage.StorageException;
import io.shelfmark.storage.UnknownOutcomeException;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;

/** What users are told about requests that failed. Never holds credentials. Immutable. */
final class Failures {

  private final S3Address address;

  Failures(S3Address address) {
    this.address = address;
  }

  /** A request that only reads. */
  StorageException unreadable(String verb, Object what, FailedRequest e) {
    return new StorageException(message(verb, what, e), e.failure());
  }

  /** A request that changes something; the outcome may be unknown. */
  StorageException unwritten(String verb, Object what, FailedRequest e) {
    return e.maybeApplied()
        ? new UnknownOutcomeException(message(verb, what, e), e.failure())
        : unreadable(verb, what, e);
  }

  private String message(String verb, Object what, FailedRequest e) {
    String found = found(e);
    return "Cannot %s %s in %s: found %s, expected %s (%s)"
        .formatted(verb, what, address, found, expected(e), cure(e));
  }

  private static String found(FailedRequest e) {
    if (!(e.failure() instanceof AwsServiceException reply)) {
      return "no reply: " + innermost(e.failure());
    }
    String said = reply.awsErrorDetails() == null ? "" : reply.awsErrorDetails().errorMessage();
    String code = e.code().isEmpty() ? "" : " " + e.code();
    return "status "
        + e.status()
        + code
        + (said == null || said.isEmpty() || said.equals(e.code()) ? "" : ", «" + said + "»");
  }

  private static String innermost(Throwable e) {
    @Nullable Throwable cause = e;
    while (cause.getCause() != null && cause.getCause() != cause) {
      cause = cause.getCause();
    }
    return cause instanceof SdkClientException
        ? String.valueOf(cause.getMessage())
        : cause.toString();
  }

  private String expected(FailedRequest e) {
    return switch (e.status()) {
      case 301, 307, 400 -> e.header("x-amz-bucket-region").isPresent() ? "its region" : "success";
      case 403 -> "permission";
      case 404 -> "bucket " + address.bucket();
      default -> "success";
    };
  }

  private String cure(FailedRequest e) {
    @Nullable String region = e.header("x-amz-bucket-region").orElse(null);
    if (region != null && (e.status() == 301 || e.status() == 307 || e.status() == 400)) {
      return "open the store with region %s".formatted(region);
    }
    return switch (e.status()) {
      case 0 -> noReply(e);
      case 301, 307 -> "check region and endpoint";
      case 403 -> forbidden(e);
      case 404 -> "create the bucket, or check its name and the endpoint";
      case 429, 503 -> "the server wants fewer requests: try again later, or use fewer threads";
      case 500, 502, 504 -> "try again later";
      default -> "check the store's address, and what the server supports";
    };
  }

  private String forbidden(FailedRequest e) {
    return switch (e.code()) {
      case "InvalidAccessKeyId" -> "the server does not know the access key: check it";
      case "SignatureDoesNotMatch" -> "the secret does not belong to the access key: check it";
      case "ExpiredToken", "TokenRefreshRequired", "InvalidToken" -> "renew the session's token";
      case "RequestTimeTooSkewed" -> "set this machine's clock";
      default ->
          "grant the credentials s3:ListBucket on bucket %s, and s3:GetObject, s3:PutObject, s3:DeleteObject, s3:AbortMultipartUpload on %s*"
              .formatted(address.bucket(), address.resource());
    };
  }

  private String noReply(FailedRequest e) {
    for (@Nullable Throwable cause = e.failure(); cause != null; cause = cause.getCause()) {
      if (cause instanceof UnknownHostException) {
        return "check endpoint and region; a server without a name for each bucket needs pathStyle";
      }
    }
    String said = String.valueOf(e.failure().getMessage());
    return said.contains("credentials")
        ? "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, a profile, or the builder's accessKey"
        : "check endpoint and network, or try again later";
  }
}
