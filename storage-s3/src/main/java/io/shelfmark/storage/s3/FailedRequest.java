package io.shelfmark.storage.s3;

import java.util.Optional;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/** A request that failed for good. Never leaves this package: see {@link Failures}. */
final class FailedRequest extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient SdkException failure;
  private final boolean maybeApplied;

  FailedRequest(SdkException failure, boolean maybeApplied) {
    super(failure);
    this.failure = failure;
    this.maybeApplied = maybeApplied;
  }

  SdkException failure() {
    return failure;
  }

  /** Whether the server may have done what one of the attempts asked for. */
  boolean maybeApplied() {
    return maybeApplied;
  }

  /** The status of the reply; 0 when there was none. */
  int status() {
    return failure instanceof AwsServiceException reply ? reply.statusCode() : 0;
  }

  /** The server's word for the failure; empty when it gave none. */
  String code() {
    return failure instanceof AwsServiceException reply ? Verdict.code(reply) : "";
  }

  /** The status as a server gives it to what it does not know. */
  boolean isNotImplemented() {
    return status() == 501 || code().equals("NotImplemented");
  }

  Optional<String> header(String name) {
    return failure instanceof AwsServiceException reply
            && reply.awsErrorDetails() != null
            && reply.awsErrorDetails().sdkHttpResponse() != null
        ? reply.awsErrorDetails().sdkHttpResponse().firstMatchingHeader(name)
        : Optional.empty();
  }
}
