package io.shelfmark.storage.s3;

import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.util.Set;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * What to do about a request that failed.
 *
 * @param retry whether it may go better next time
 * @param throttled whether the server asked for fewer requests
 * @param maybeApplied whether the server may have done it all the same
 */
record Verdict(boolean retry, boolean throttled, boolean maybeApplied) {

  private static final Verdict FINAL = new Verdict(false, false, false);
  private static final Verdict NOT_DONE = new Verdict(true, false, false);
  private static final Verdict THROTTLED = new Verdict(true, true, false);
  private static final Verdict UNKNOWN = new Verdict(true, false, true);

  private static final Set<String> NOT_DONE_CODES =
      Set.of(
          "ConditionalRequestConflict",
          "OperationAborted",
          "RequestTimeout",
          "RequestTimeTooSkewed",
          "BadDigest");

  private static final Set<String> THROTTLING_CODES =
      Set.of(
          "SlowDown",
          "Throttling",
          "ThrottlingException",
          "RequestLimitExceeded",
          "TooManyRequests",
          "RequestThrottled");

  static Verdict of(SdkException e) {
    return e instanceof AwsServiceException reply ? ofReply(reply) : ofNoReply(e);
  }

  private static Verdict ofReply(AwsServiceException e) {
    String code = code(e);
    int status = e.statusCode();
    if (status == 429 || THROTTLING_CODES.contains(code)) {
      return THROTTLED;
    }
    if (NOT_DONE_CODES.contains(code)) {
      return NOT_DONE;
    }
    if (status == 501) {
      return FINAL;
    }
    // a completion may report a failure of the server's under 200
    return status >= 500 || status < 300 ? UNKNOWN : FINAL;
  }

  private static Verdict ofNoReply(SdkException e) {
    if (e instanceof ApiCallTimeoutException || e instanceof ApiCallAttemptTimeoutException) {
      return UNKNOWN;
    }
    boolean input = false;
    for (@Nullable Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof CertificateException || cause instanceof SSLPeerUnverifiedException) {
        return FINAL;
      }
      if (cause instanceof ConnectException
          || cause instanceof UnknownHostException
          || cause instanceof NoRouteToHostException) {
        return NOT_DONE;
      }
      input |= cause instanceof IOException;
    }
    return input ? UNKNOWN : FINAL;
  }

  /** The server's word for a failure; empty when it gave none. */
  static String code(AwsServiceException e) {
    AwsErrorDetails details = e.awsErrorDetails();
    return details == null || details.errorCode() == null ? "" : details.errorCode();
  }
}
