package io.shelfmark.tracking.mlflow;

import io.shelfmark.tracking.internal.mlflow.server.Accounts;
import io.shelfmark.tracking.internal.mlflow.server.Dispatcher;
import io.shelfmark.tracking.internal.mlflow.server.Gate;
import io.shelfmark.tracking.internal.mlflow.server.Limits;
import io.shelfmark.tracking.internal.page.PageResources;
import io.shelfmark.tracking.store.TrackingStore;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Decides how an {@link MlflowServlet} serves. Get one from there. Not thread-safe. */
public final class MlflowServletBuilder {

  private final TrackingStore store;
  private @Nullable MlflowUsers users;
  private @Nullable AnonymousAccess anonymous;
  private long bodyLimit = 16L << 20;
  private long uploadLimit = Long.MAX_VALUE;
  private Optional<Duration> addresses = Optional.of(Duration.ofHours(1));
  private Clock clock = Clock.systemUTC();

  MlflowServletBuilder(TrackingStore store) {
    this.store = Objects.requireNonNull(store, "store");
  }

  /** Answers these users alone. */
  public MlflowServletBuilder users(MlflowUsers value) {
    users = Objects.requireNonNull(value, "value");
    return this;
  }

  /** Whom to answer without users; {@link AnonymousAccess#LOOPBACK} by default. */
  public MlflowServletBuilder anonymous(AnonymousAccess value) {
    anonymous = Objects.requireNonNull(value, "value");
    return this;
  }

  /**
   * Most bytes of a JSON body; 16 MiB by default. A longer one is answered with 413.
   *
   * @param bytes from 1 to 1 GiB
   */
  public MlflowServletBuilder bodyLimit(long bytes) {
    bodyLimit = bytes;
    return this;
  }

  /**
   * Most bytes of an artifact; any number by default. A longer one is answered with 413.
   *
   * @param bytes 1 or more
   */
  public MlflowServletBuilder uploadLimit(long bytes) {
    uploadLimit = bytes;
    return this;
  }

  /**
   * For how long the addresses are good that clients send the parts of long artifacts to, where the
   * workspace's store offers it, as one in a bucket does; 1 hour by default. A part that has begun
   * by then still arrives.
   *
   * @param validity 1 second to 7 days
   */
  public MlflowServletBuilder directUploads(Duration validity) {
    addresses = Optional.of(validity);
    return this;
  }

  /**
   * Lets every artifact pass through this servlet, for where clients do not reach the bucket:
   * multipart uploads are answered with 501, upon which clients send the file whole.
   */
  public MlflowServletBuilder withoutDirectUploads() {
    addresses = Optional.empty();
    return this;
  }

  /** What tells the time; the system's clock by default. */
  public MlflowServletBuilder clock(Clock value) {
    clock = Objects.requireNonNull(value, "value");
    return this;
  }

  /**
   * Makes the servlet.
   *
   * @throws IllegalStateException when there are users and anonymous access was chosen, too
   * @throws IllegalArgumentException when a limit is out of its range
   */
  public MlflowServlet build() {
    if (users != null && anonymous != null) {
      throw new IllegalStateException(
          "Cannot serve users and allow anonymous access %s: expected one of them"
              .formatted(anonymous));
    }
    return new MlflowServlet(
        new Dispatcher(
            store,
            gate(),
            new Limits(bodyLimit, uploadLimit, addresses),
            new PageResources()::serve,
            clock));
  }

  private Gate gate() {
    if (users != null) {
      return Gate.users(new Accounts(users.accounts(), clock));
    }
    return anonymous == AnonymousAccess.ANYWHERE ? Gate.open() : Gate.loopback();
  }
}
