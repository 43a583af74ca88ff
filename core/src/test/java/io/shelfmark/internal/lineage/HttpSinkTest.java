package io.shelfmark.internal.lineage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shelfmark.storage.StorageException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class HttpSinkTest {

  private static final Duration SHORT = Duration.ofMillis(1);
  private static final Duration LONG = Duration.ofHours(1);

  @TempDir Path folder;
  private FakeServer server;

  @BeforeEach
  void start() throws Exception {
    server = new FakeServer();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private HttpSink.Options options(int room, Duration wait) {
    return new HttpSink.Options(server.uri(), Optional::empty, room, wait, wait);
  }

  private static List<String> events(int from, int to) {
    return IntStream.range(from, to).mapToObj(n -> "{\"n\":" + n + "}").toList();
  }

  @Test
  void events_arriveInOrderDespiteErrorsAndDroppedConnections() throws Exception {
    server.answers(
        FakeServer.status(500),
        FakeServer.drop(),
        FakeServer.status(503),
        FakeServer.status(201),
        FakeServer.status(401),
        FakeServer.status(404),
        FakeServer.status(302),
        FakeServer.drop(),
        FakeServer.status(429));
    try (HttpSink sink = HttpSink.inMemory(options(100, SHORT))) {
      events(0, 20).forEach(sink::accept);
      assertThat(server.take(20)).isEqualTo(events(0, 20));
      assertThat(sink.lost()).isZero();
    }
  }

  @Test
  void refusedEvent_isLeftOutAndCounted() throws Exception {
    server.answers(FakeServer.status(422));
    try (HttpSink sink = HttpSink.inMemory(options(100, LONG))) {
      events(0, 3).forEach(sink::accept);
      assertThat(server.take(2)).isEqualTo(events(1, 3));
      assertThat(sink.lost()).isEqualTo(1);
    }
  }

  @Test
  void slowServer_holdsNobodyUp_andWhatHasNoRoomIsCounted() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    server.answers(
        exchange -> {
          asked.countDown();
          goOn.await();
          exchange.sendResponseHeaders(200, -1);
        });
    try (HttpSink sink = HttpSink.inMemory(options(10, LONG))) {
      sink.accept(events(0, 1).get(0));
      asked.await();
      events(1, 30).forEach(sink::accept); // none of these calls waits for the server
      assertThat(sink.lost()).isEqualTo(20);
      goOn.countDown();
      assertThat(server.take(10)).isEqualTo(events(0, 10));
    }
  }

  @Test
  void closing_letsWhatWaitsArrive_andTriesOnceMore() throws Exception {
    CountDownLatch failed = new CountDownLatch(1);
    server.answers(
        exchange -> {
          exchange.sendResponseHeaders(500, -1);
          failed.countDown();
        });
    HttpSink sink = HttpSink.inMemory(options(10, LONG));
    events(0, 5).forEach(sink::accept);
    failed.await();
    sink.close();
    assertThat(server.take(5)).isEqualTo(events(0, 5));
    sink.close();
  }

  @Test
  void key_isAskedForEachTime_andNotSentWhenAHeaderCannotHoldIt() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    HttpSink.Options options =
        new HttpSink.Options(
            server.uri(),
            () ->
                switch (asked.getAndIncrement()) {
                  case 0 -> Optional.of("broken\nkey");
                  case 1 -> throw new IllegalStateException("vault is away: key-0");
                  default -> Optional.of("key-" + asked.get());
                },
            10,
            SHORT,
            SHORT);
    try (HttpSink sink = HttpSink.inMemory(options)) {
      events(0, 2).forEach(sink::accept);
      assertThat(server.take(2)).isEqualTo(events(0, 2));
      assertThat(server.keys).containsExactly("Bearer key-3", "Bearer key-4");
    }
  }

  @Test
  void spool_keepsWhatAnEndedProcessCouldNotSend() throws Exception {
    URI nobody = server.uri();
    server.close();
    HttpSink.Options away = new HttpSink.Options(nobody, Optional::empty, 1, LONG, LONG);
    Path spool = folder.resolve("spool");
    try (HttpSink sink = HttpSink.spooled(away, spool, 1 << 20)) {
      events(0, 500).forEach(sink::accept);
      assertThat(sink.lost()).isZero();
    }
    server = new FakeServer();
    try (HttpSink sink = HttpSink.spooled(options(1, SHORT), spool, 1 << 20)) {
      sink.accept(events(500, 501).get(0));
      assertThat(server.take(501)).isEqualTo(events(0, 501));
    }
    try (Stream<Path> files = Files.list(spool)) {
      assertThat(files.filter(file -> file.toString().endsWith(".jsonl"))).isEmpty();
    }
  }

  @Test
  void spool_goesOnWhereItWas_andLeavesOutHalfALine() throws Exception {
    SpoolQueue before = SpoolQueue.open(folder, 4096); // files of 1 KiB
    events(0, 200).forEach(event -> assertThat(before.add(event)).isTrue());
    for (int i = 0; i < 150; i++) {
      before.head();
      before.removeHead();
    }
    before.close(); // as a killed process leaves it
    Path last;
    try (Stream<Path> files = Files.list(folder)) {
      last = files.filter(f -> f.toString().endsWith(".jsonl")).sorted().reduce((a, b) -> b).get();
    }
    Files.writeString(last, "{\"n\":20", StandardOpenOption.APPEND);
    SpoolQueue after = SpoolQueue.open(folder, 4096);
    assertThat(after.add("{\"n\":200}")).isTrue();
    for (String event : events(150, 201)) {
      assertThat(after.head()).contains(event);
      after.removeHead();
    }
    assertThat(after.isEmpty()).isTrue();
    after.close();
  }

  @Test
  void spool_thatIsFull_takesNoMore_untilSomeArrived() throws Exception {
    SpoolQueue queue = SpoolQueue.open(folder, 100);
    int taken = 0;
    while (queue.add("{\"n\":123}")) {
      taken++;
    }
    assertThat(taken).isEqualTo(10);
    for (int i = 0; i < 3; i++) {
      queue.head();
      queue.removeHead();
    }
    assertThat(queue.add("{\"n\":456}")).isTrue();
    queue.close();
  }

  @Test
  void spool_inUse_isRefused() {
    SpoolQueue queue = SpoolQueue.open(folder, 100);
    assertThatThrownBy(() -> SpoolQueue.open(folder, 100))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("in use by another process");
    queue.close();
  }

  @Test
  void file_thatEndsInMidLine_isGoneOnWithOnALineOfItsOwn() throws Exception {
    Path file = folder.resolve("a/events.jsonl");
    FileSink sink = FileSink.of(file);
    sink.accept("{\"n\":0}");
    Files.writeString(file, "{\"n\":", StandardOpenOption.APPEND);
    sink.accept("{\"n\":1}");
    assertThat(Files.readAllLines(file)).containsExactly("{\"n\":0}", "{\"n\":", "{\"n\":1}");
    Files.move(file, folder.resolve("moved"));
    sink.accept("{\"n\":2}");
    assertThat(Files.readAllLines(file)).containsExactly("{\"n\":2}");
  }
}
