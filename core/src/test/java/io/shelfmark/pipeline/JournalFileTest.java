package io.shelfmark.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalFileTest {

  @TempDir Path folder;
  private Path path;

  @BeforeEach
  void setUp() {
    path = folder.resolve("journal");
  }

  private static RunEvent event(int number) {
    return new RunEvent.AttemptStarted(
        RunId.of("r"), Instant.EPOCH, String.format(Locale.ROOT, "step-%06d", number), 1);
  }

  private static List<RunEvent> events(int from, int to) {
    return IntStream.range(from, to).mapToObj(JournalFileTest::event).toList();
  }

  private void write(int count) throws IOException {
    try (JournalFile file = JournalFile.openWith(path, List.of())) {
      for (RunEvent event : events(0, count)) {
        file.write(List.of(JournalFile.encode(event)));
        file.sync();
      }
    }
  }

  private boolean isSetAside() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.anyMatch(file -> file.getFileName().toString().startsWith("journal.rest-"));
    }
  }

  @Test
  void manyEvents_growItBeyondWhatIsWrittenAhead() throws Exception {
    int count = 5_000;
    List<RunEvent> written = new ArrayList<>();
    try (JournalFile file = JournalFile.openWith(path, events(0, 3))) {
      for (int i = 3; i < count; i += 7) {
        List<RunEvent> batch = events(i, i + 7);
        file.write(batch.stream().map(JournalFile::encode).toList());
        written.addAll(batch);
      }
      assertThat(file.size()).isGreaterThan(500_000).isLessThan(Files.size(path));
    }
    written.addAll(0, events(0, 3));
    assertThat(JournalFile.read(path)).isEqualTo(written);
    assertThat(isSetAside()).isFalse();
  }

  @Test
  void write_byAnInterruptedThread_isDoneAndClosesNothing() throws Exception {
    try (JournalFile file = JournalFile.openWith(path, List.of())) {
      Thread.currentThread().interrupt();
      file.write(List.of(JournalFile.encode(event(0))));
      file.sync();
      assertThat(Thread.interrupted()).isTrue();
      file.write(List.of(JournalFile.encode(event(1))));
      file.sync();
    }
    assertThat(JournalFile.read(path)).isEqualTo(events(0, 2));
  }

  @Test
  void lastEvent_tornBeforeTheZeros_isSetAside() throws Exception {
    write(3);
    int length = JournalFile.encode(event(0)).remaining();
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.seek(3L * length - 5);
      file.write(new byte[5]);
    }
    assertThat(JournalFile.read(path)).isEqualTo(events(0, 2));
    assertThat(isSetAside()).isTrue();
  }

  @Test
  void eventBehindZeros_isSetAside() throws Exception {
    write(3);
    int length = JournalFile.encode(event(0)).remaining();
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.seek(length);
      file.write(new byte[length]); // a disk wrote the third event, and not the second
    }
    assertThat(JournalFile.read(path)).isEqualTo(events(0, 1));
    assertThat(isSetAside()).isTrue();
  }

  @Test
  void copy_takesThePlaceOfAll_andGrowsOn() throws Exception {
    try (JournalFile file = JournalFile.openWith(path, events(0, 10))) {
      Path copy = file.copy(event -> event.equals(event(4)));
      file.continueIn(copy);
      file.write(List.of(JournalFile.encode(event(10))));
    }
    assertThat(JournalFile.read(path)).containsExactly(event(4), event(10));
    assertThat(Files.exists(folder.resolve("journal.new"))).isFalse();
  }
}
