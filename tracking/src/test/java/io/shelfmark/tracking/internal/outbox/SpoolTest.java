package io.shelfmark.tracking.internal.outbox;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.shelfmark.tracking.store.RunLog;
import io.shelfmark.tracking.store.RunWrite;
import io.shelfmark.tracking.store.StoreUnavailableException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the next process makes of the files that a killed one left. */
class SpoolTest {

  @TempDir Path temporary;
  private final FakeStore store = new FakeStore();
  private final List<SpoolException> problems = new ArrayList<>();
  private int copies;

  private SteppedOutbox open(Path folder) {
    return open(folder, 1_000_000_000);
  }

  private SteppedOutbox open(Path folder, long spoolBytes) {
    return new SteppedOutbox(
        store,
        folder,
        SteppedOutbox.options().spoolBytes(spoolBytes).problems(problems::add).build());
  }

  /** The files of a process that logged steps, one record each, and was killed. */
  private Path killed(int records, long spoolBytes) throws IOException {
    store.answer(
        writes -> {
          throw new StoreUnavailableException("away");
        });
    Path folder = temporary.resolve("killed" + copies++);
    try (SteppedOutbox process = open(folder, spoolBytes)) {
      for (int i = 0; i < records; i++) {
        process.metric("a", i);
        process.outbox.buffer().press();
        process.writer();
        process.sender();
        process.writer();
      }
      assertThat(process.isDurable(records)).isTrue();
      Path copy = copy(folder);
      store.takeAll();
      return copy;
    }
  }

  private Path copy(Path folder) throws IOException {
    Path copy = temporary.resolve("copy" + copies++);
    SteppedOutbox.copy(folder, copy);
    return copy;
  }

  private static Path segment(Path folder) throws IOException {
    return segments(folder).get(0);
  }

  private static List<Path> segments(Path folder) throws IOException {
    return SteppedOutbox.files(folder).stream()
        .filter(file -> file.toString().endsWith(".spool"))
        .toList();
  }

  private static List<Long> upTo(long end) {
    return LongStream.range(0, end).boxed().toList();
  }

  private static List<Integer> recordEnds(byte[] bytes) {
    List<Integer> ends = new ArrayList<>();
    int at = RecordHeader.FIRST;
    while (at < bytes.length) {
      at += RecordHeader.BYTES + ByteBuffer.wrap(bytes).getInt(at);
      ends.add(at);
    }
    return ends;
  }

  @Test
  void spoolOfAKilledProcess_isSentBeforeWhatTheNextOneLogs_andRemoved() throws IOException {
    Path folder = killed(3, 1_000_000_000);
    try (SteppedOutbox next = open(folder)) {
      next.metric("a", 3);
      next.advance(Duration.ofMillis(50));
      next.writer();
      assertThat(next.isDurable(1)).as("it waits in the spool for its turn").isTrue();
      next.settle();
      assertThat(store.steps("a")).containsExactly(0L, 1L, 2L, 3L);
    }
    assertThat(SteppedOutbox.files(folder)).isEmpty();
    assertThat(problems).isEmpty();
  }

  @Test
  void fileCutAnywhere_givesTheWholeRecordsBeforeTheCut() throws IOException {
    Path killed = killed(4, 1_000_000_000);
    byte[] whole = Files.readAllBytes(segment(killed));
    List<Integer> ends = recordEnds(whole);
    assertThat(ends).hasSize(4).endsWith(whole.length);
    for (int length = 0; length <= whole.length; length++) {
      int cut = length;
      Path folder = copy(killed);
      try (FileChannel channel = FileChannel.open(segment(folder), StandardOpenOption.WRITE)) {
        channel.truncate(length);
      }
      FakeStore fresh = new FakeStore();
      try (SteppedOutbox next =
          new SteppedOutbox(
              fresh, folder, SteppedOutbox.options().problems(problems::add).build())) {
        next.settle();
      }
      assertThat(fresh.steps("a"))
          .as("cut at %d", length)
          .isEqualTo(upTo(ends.stream().filter(end -> end <= cut).count()));
      assertThat(SteppedOutbox.files(folder)).isEmpty();
    }
    assertThat(problems).isEmpty();
  }

  @Test
  void flippedByteInTheMiddle_isReportedWithItsPlace_andTheOthersAreSent() throws IOException {
    Path killed = killed(4, 1_000_000_000);
    List<Integer> ends = recordEnds(Files.readAllBytes(segment(killed)));
    int begin = ends.get(0);
    for (int at = begin; at < ends.get(1); at++) {
      Path folder = copy(killed);
      Path file = segment(folder);
      byte[] bytes = Files.readAllBytes(file);
      bytes[at] ^= 0x10;
      Files.write(file, bytes);
      problems.clear();
      FakeStore fresh = new FakeStore();
      try (SteppedOutbox next =
          new SteppedOutbox(
              fresh, folder, SteppedOutbox.options().problems(problems::add).build())) {
        next.settle();
      }
      assertThat(fresh.steps("a")).as("flipped at %d", at).containsExactly(0L, 2L, 3L);
      assertThat(problems).hasSize(1);
      SpoolException problem = problems.get(0);
      assertThat(problem.file().getFileName()).isEqualTo(file.getFileName());
      assertThat(problem.offset()).isEqualTo(begin);
      assertThat(problem)
          .hasMessageContaining("at byte %d", begin)
          .hasMessageContaining("%d bytes are skipped", ends.get(1) - begin);
      assertThat(SteppedOutbox.files(folder))
          .singleElement()
          .satisfies(kept -> assertThat(kept).hasBinaryContent(bytes))
          .satisfies(kept -> assertThat(kept.toString()).endsWith("-0000000001.damaged"));
    }
  }

  @Test
  void damageAtTheEndOfAnEarlierFile_isNoTornTail() throws IOException {
    Path folder = killed(250, 30_000);
    List<Path> segments = segments(folder);
    assertThat(segments).hasSizeGreaterThan(3);
    byte[] second = Files.readAllBytes(segments.get(1));
    int inSecond = recordEnds(second).size();
    int inFirst = recordEnds(Files.readAllBytes(segments.get(0))).size();
    second[second.length - 1] ^= 1;
    Files.write(segments.get(1), second);
    try (SteppedOutbox next = open(folder)) {
      next.settle();
    }
    List<Long> expected = new ArrayList<>(upTo(250));
    expected.remove((long) inFirst + inSecond - 1);
    assertThat(store.steps("a")).isEqualTo(expected);
    assertThat(problems).hasSize(1);
  }

  @Test
  void otherVersion_isLeftAloneAndNamed() throws IOException {
    Path folder = killed(2, 1_000_000_000);
    Path file = segment(folder);
    byte[] bytes = Files.readAllBytes(file);
    System.arraycopy("shelfmark-spool 2".getBytes(US_ASCII), 0, bytes, 0, 17);
    Files.write(file, bytes);
    try (SteppedOutbox next = open(folder)) {
      next.metric("b", 0);
      next.settle();
      assertThat(store.steps("b")).containsExactly(0L);
      assertThat(store.steps("a")).isEmpty();
    }
    assertThat(file).hasBinaryContent(bytes);
    assertThat(problems)
        .singleElement()
        .satisfies(
            problem ->
                assertThat(problem)
                    .hasMessageContaining("found version 2, expected 1")
                    .hasMessageContaining(file.getFileName().toString()));
  }

  @Test
  void killedAgainWhileSending_goesOnWhereItWas() throws IOException {
    Path folder = killed(250, 30_000);
    Path again = temporary.resolve("again");
    List<List<RunWrite>> sent = new ArrayList<>();
    try (SteppedOutbox next = open(folder)) {
      next.sender();
      sent.addAll(store.calls());
      SteppedOutbox.copy(folder, again);
    }
    assertThat(sent).hasSize(1);
    try (SteppedOutbox next = open(again)) {
      next.settle();
    }
    assertThat(store.steps("a")).isEqualTo(upTo(250));
  }

  @Test
  void twoOutboxesOnOneFolder_leaveEachOtherAlone() throws IOException {
    Path folder = temporary.resolve("shared");
    store.answer(
        writes -> {
          throw new StoreUnavailableException("away");
        });
    try (SteppedOutbox first = open(folder)) {
      first.metric("first", 0);
      first.outbox.buffer().press();
      first.writer();
      first.sender();
      first.writer();
      assertThat(first.segments()).hasSize(1);
      store.takeAll();
      try (SteppedOutbox second = open(folder)) {
        second.metric("second", 0);
        second.settle();
        assertThat(store.steps("second")).hasSize(1);
        assertThat(store.steps("first")).isEmpty();
        assertThat(first.segments()).hasSize(1);
      }
      first.settle();
      assertThat(store.steps("first")).hasSize(1);
    }
    assertThat(SteppedOutbox.files(folder)).isEmpty();
  }

  @Test
  void closedWithARest_isTakenOverByTheNext() throws IOException {
    Path folder = temporary.resolve("rest");
    store.answer(
        writes -> {
          throw new StoreUnavailableException("away");
        });
    RunWrite write = new RunWrite.Log("a", RunLog.tags(Map.of("k", "v")));
    try (SteppedOutbox first = open(folder)) {
      first.outbox.add(write);
      first.outbox.buffer().press();
      first.writer();
      first.sender();
      first.writer();
    }
    store.takeAll();
    try (SteppedOutbox second = open(folder)) {
      second.settle();
    }
    assertThat(store.taken()).containsExactly(write);
    assertThat(SteppedOutbox.files(folder)).isEmpty();
  }
}
