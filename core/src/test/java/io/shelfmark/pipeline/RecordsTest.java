package io.shelfmark.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shelfmark.storage.Digest;
import io.shelfmark.storage.StorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records while there is no room for them, and while the journal holds their events. */
class RecordsTest {

  private static final RunId RUN = RunId.of("r");
  private static final RunRecord RECORD =
      new RunRecord(
          RUN,
          "p",
          Digest.of(new byte[0]),
          RunState.SUCCEEDED,
          Instant.EPOCH,
          Optional.of(Instant.EPOCH),
          Map.of(),
          List.of(),
          Optional.empty());

  @TempDir Path folder;

  /** A folder in the place of the file that is written first. */
  private Path noRoom() throws IOException {
    return Files.createDirectories(folder.resolve("runs/r/record.new"));
  }

  @Test
  void recordWithoutRoom_isFound_andIsWrittenBeforeTheJournalIsCut() throws IOException {
    Path blocking = noRoom();
    Records records = new Records(folder, true);
    assertThatThrownBy(() -> records.write(RECORD, Records.Sync.NO))
        .isInstanceOf(StorageException.class);
    assertThat(records.find(RUN)).contains(RECORD);
    assertThat(records.of("p")).containsExactly(RECORD);
    assertThatThrownBy(records::settle).isInstanceOf(StorageException.class);
    Files.delete(blocking);
    records.settle().run();
    assertThat(records.of("p")).containsExactly(RECORD);
    assertThat(new Records(folder, true).find(RUN)).contains(RECORD);
  }

  @Test
  void recordWithoutRoom_thatIsForgotten_isGone() throws IOException {
    noRoom();
    Records records = new Records(folder, true);
    assertThatThrownBy(() -> records.write(RECORD, Records.Sync.NO))
        .isInstanceOf(StorageException.class);
    records.remove(RUN);
    assertThat(records.find(RUN)).isEmpty();
    assertThat(records.isForgotten(RUN)).as("the journal has its events").isTrue();
    records.settle().run();
    assertThat(folder.resolve("runs/r")).doesNotExist();
  }

  @Test
  void forgottenRecord_isMarkedUntilTheJournalHasBeenCut() {
    Records records = new Records(folder, true);
    records.write(RECORD, Records.Sync.NO);
    Runnable cut = records.settle(); // which then fails, or comes later
    records.remove(RUN);
    assertThat(records.isForgotten(RUN)).isTrue();
    cut.run();
    assertThat(folder.resolve("runs/r")).doesNotExist();
  }

  @Test
  void idOfAForgottenRun_thatIsUsedAgain_isNotForgotten() {
    Records records = new Records(folder, true);
    records.write(RECORD, Records.Sync.NO);
    records.remove(RUN);
    records.begins(RUN);
    assertThat(records.isForgotten(RUN)).isFalse();
  }
}
