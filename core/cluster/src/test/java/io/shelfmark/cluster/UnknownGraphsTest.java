package io.shelfmark.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.shelfmark.storage.Digest;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class UnknownGraphsTest {

  private static final Digest GRAPH = Digest.of("graph".getBytes(UTF_8));
  private static final Digest OTHER = Digest.of("other".getBytes(UTF_8));

  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
  private final UnknownGraphs unknown = new UnknownGraphs(nanos::get);

  private Duration miss(String ticket) {
    return unknown.miss(ticket, "p", GRAPH);
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  private static void assertAbout(Duration wait, Duration expected) {
    assertThat(wait)
        .isBetween(expected.multipliedBy(3).dividedBy(4), expected.multipliedBy(5).dividedBy(4));
  }

  @Test
  void ticket_thatNobodyTakes_comesBackLessAndLessOften() {
    assertAbout(miss("a"), Duration.ofMillis(100));
    pass(Duration.ofMillis(100));
    assertAbout(miss("a"), Duration.ofMillis(100));
    pass(Duration.ofSeconds(40));
    assertAbout(miss("a"), Duration.ofMillis(10_025));
    pass(Duration.ofHours(2));
    assertAbout(miss("a"), Duration.ofSeconds(30));
    assertAbout(miss("another"), Duration.ofMillis(100));
  }

  @Test
  void registered_beginsAnewForThatGraph() {
    miss("a");
    unknown.miss("b", "p", OTHER);
    pass(Duration.ofMinutes(5));
    unknown.registered("p", GRAPH);
    assertAbout(miss("a"), Duration.ofMillis(100));
    assertAbout(unknown.miss("b", "p", OTHER), Duration.ofSeconds(30));
  }

  @Test
  void tickets_beyondThoseItRemembers_waitLongest() {
    for (int i = 0; i < UnknownGraphs.MOST; i++) {
      assertAbout(miss("ticket" + i), Duration.ofMillis(100));
    }
    assertAbout(miss("one more"), Duration.ofSeconds(30));
    pass(Duration.ofMinutes(11));
    assertAbout(miss("one more"), Duration.ofMillis(100));
    assertAbout(miss("ticket1"), Duration.ofSeconds(30));
  }
}
