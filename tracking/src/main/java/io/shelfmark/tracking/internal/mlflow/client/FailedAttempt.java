package io.shelfmark.tracking.internal.mlflow.client;

import io.shelfmark.tracking.store.RecordNotFoundException;
import io.shelfmark.tracking.store.StoreUnavailableException;
import io.shelfmark.tracking.store.TrackingException;
import java.io.IOException;
import java.security.cert.CertificateException;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import okhttp3.Response;

/**
 * Why an attempt failed.
 *
 * @param failure what the caller is told when it was the last one
 * @param mayHelp whether another attempt may go better
 * @param maybeApplied whether the server may have done what it was asked
 * @param asked the least that the server asks to wait
 */
record FailedAttempt(
    TrackingException failure, boolean mayHelp, boolean maybeApplied, Duration asked) {

  /** A server that answers 500 is ill or has met a fault that it will meet again. */
  private static final int MOST_ATTEMPTS_AT_A_FAULT = 3;

  private static final int LONGEST = 1 << 20;

  /** The server refused; closes its reply. */
  static FailedAttempt of(Exchange exchange, Response response, int attempt, Clock clock)
      throws IOException {
    try (response) {
      byte[] body = response.body().byteStream().readNBytes(LONGEST);
      TrackingException failure = Failures.of(exchange, response.code(), body);
      boolean mayHelp =
          failure instanceof StoreUnavailableException
              && (response.code() != 500 || attempt < MOST_ATTEMPTS_AT_A_FAULT);
      boolean maybeApplied = response.code() >= 500 || response.code() == 408;
      return new FailedAttempt(failure, mayHelp, maybeApplied, retryAfter(response, clock));
    }
  }

  /** No reply came, or not all of it. */
  static FailedAttempt of(Exchange exchange, IOException cause, boolean sent, Duration deadline) {
    String found =
        cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    if (isDistrust(cause)) {
      return new FailedAttempt(
          new UnexpectedServerException(
              "Cannot %s on %s: found %s, expected a certificate that this JVM trusts (add it to its trust store)"
                  .formatted(exchange.what(), exchange.url().host(), found),
              cause),
          false,
          false,
          Duration.ZERO);
    }
    String outcome = sent && exchange.body() != null ? " (it may have been applied)" : "";
    return new FailedAttempt(
        new StoreUnavailableException(
            "Cannot %s on %s: found %s%s, expected a reply within %s (is the server away?)"
                .formatted(exchange.what(), exchange.url().host(), found, outcome, deadline),
            cause),
        !Thread.currentThread().isInterrupted(),
        sent,
        Duration.ZERO);
  }

  /** Whether what the request named is not there. */
  boolean isGone() {
    return failure instanceof RecordNotFoundException;
  }

  private static boolean isDistrust(IOException cause) {
    return cause instanceof SSLPeerUnverifiedException
        || (cause instanceof SSLException && cause.getCause() instanceof CertificateException);
  }

  /** Seconds or a date. */
  private static Duration retryAfter(Response response, Clock clock) {
    String value = response.header("Retry-After");
    if (value == null) {
      return Duration.ZERO;
    }
    try {
      return value.chars().allMatch(Character::isDigit)
          ? Duration.ofSeconds(Long.parseLong(value))
          : Duration.between(
              clock.instant(),
              ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
    } catch (NumberFormatException | DateTimeException e) {
      return Duration.ZERO; // neither: as if it had not been said
    }
  }
}
