package io.shelfmark.internal.gc;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shelfmark.testing.InMemoryBlobStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LeaseTest {

  private static final Duration DURATION = Duration.ofMinutes(2);

  private final InMemoryBlobStore store = new InMemoryBlobStore();
  private final AtomicLong now = new AtomicLong();
  private final Lease lease = Lease.open(store, Lease.Kind.WRITER, List.of(), DURATION, now::get);

  @AfterEach
  void close() {
    lease.close();
    store.close();
  }

  private void pass(Duration time) {
    now.addAndGet(time.toNanos());
  }

  @Test
  void requireAlive_renewedInTime_passes() {
    for (int i = 0; i < 5; i++) {
      pass(DURATION.dividedBy(3));
      lease.renew();
    }

    assertThatCode(lease::requireAlive).doesNotThrowAnyException();
  }

  @Test
  void requireAlive_notRenewed_refuses() {
    pass(DURATION);

    assertThatThrownBy(lease::requireAlive).isInstanceOf(LeaseLostException.class);
  }

  @Test
  void requireAlive_renewedAfterItRanOut_staysLost() {
    // meanwhile a collector may have found it expired and gone on without this writer
    pass(DURATION);
    lease.renew();

    assertThatThrownBy(lease::requireAlive).isInstanceOf(LeaseLostException.class);
  }
}
