package io.shelfmark.storage.s3;

import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/** Tells the clock the date of every reply, failures included. Thread-safe. */
final class DateListener implements ExecutionInterceptor {

  private static final ExecutionAttribute<Long> SENT = new ExecutionAttribute<>("shelfmark.sent");

  private final ServerClock clock;

  DateListener(ServerClock clock) {
    this.clock = clock;
  }

  @Override
  public void beforeTransmission(
      Context.BeforeTransmission context, ExecutionAttributes attributes) {
    attributes.putAttribute(SENT, clock.tick());
  }

  @Override
  public void afterTransmission(Context.AfterTransmission context, ExecutionAttributes attributes) {
    context
        .httpResponse()
        .firstMatchingHeader("Date")
        .ifPresent(date -> clock.hear(date, attributes.getAttribute(SENT)));
  }
}
