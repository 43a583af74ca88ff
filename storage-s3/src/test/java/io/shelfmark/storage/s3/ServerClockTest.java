package io.shelfmark.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ServerClockTest {

  private static final Instant START = Instant.parse("2026-03-01T10:00:00.250Z");

  private final FakeTime ticker = new FakeTime();
  private final ServerClock clock = new ServerClock(ticker::nanos);

  private static String header(Instant time) {
    return DateTimeFormatter.RFC_1123_DATE_TIME.format(time.atZone(ZoneOffset.UTC));
  }

  /** A request that arrives half way, at a server whose time is the ticker's and more. */
  private void exchange(Duration ahead, Duration took) {
    long sent = ticker.nanos();
    ticker.sleep(took.dividedBy(2));
    String date = header(START.plusNanos(ticker.nanos()).plus(ahead));
    ticker.sleep(took.dividedBy(2));
    clock.hear(date, sent);
  }

  @Property(tries = 200)
  void manyReplies_tellTheTimeToAFewHundredths(
      @ForAll long seed, @ForAll @IntRange(min = -86_400, max = 86_400) int aheadBySeconds) {
    Random random = new Random(seed);
    Duration ahead = Duration.ofSeconds(aheadBySeconds);
    for (int i = 0; i < 300; i++) {
      ticker.sleep(Duration.ofMillis(random.nextInt(2_000)));
      exchange(ahead, Duration.ofMillis(2));
    }
    Instant server = START.plusNanos(ticker.nanos()).plus(ahead);
    assertThat(Duration.between(server, clock.now()).abs()).isLessThan(Duration.ofMillis(50));
  }

  @Test
  void oneReply_tellsTheTimeToASecond() {
    assertThat(clock.isStale()).isTrue();
    exchange(Duration.ofHours(3), Duration.ofMillis(20));
    assertThat(clock.isStale()).isFalse();
    Instant server = START.plusNanos(ticker.nanos()).plus(Duration.ofHours(3));
    assertThat(Duration.between(server, clock.now()).abs()).isLessThan(Duration.ofMillis(600));
    ticker.sleep(Duration.ofMinutes(6));
    assertThat(clock.isStale()).isTrue();
  }

  @Test
  void serverClockThatIsSet_isFollowed() {
    for (int i = 0; i < 20; i++) {
      ticker.sleep(Duration.ofMillis(370));
      exchange(Duration.ZERO, Duration.ofMillis(10));
    }
    exchange(Duration.ofHours(-2), Duration.ofMillis(10));
    Instant server = START.plusNanos(ticker.nanos()).minus(Duration.ofHours(2));
    assertThat(Duration.between(server, clock.now()).abs()).isLessThan(Duration.ofMillis(600));
  }

  @Test
  void noDate_isIgnored() {
    clock.hear("yesterday", 0);
    assertThat(clock.isStale()).isTrue();
  }
}
