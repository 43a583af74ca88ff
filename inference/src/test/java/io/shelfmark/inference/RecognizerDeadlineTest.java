package io.shelfmark.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shelfmark.inference.batching.WhenFull;
import io.shelfmark.inference.model.OnnxModel;
import io.shelfmark.inference.synthetic.PhotoGenerator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Readings that have only so much time, on one thread with room for two photos. */
@Timeout(120)
class RecognizerDeadlineTest {

  private static final ReadOptions HASTY = ReadOptions.interactive().within(Duration.ofMillis(1));
  private static final ReadOptions PATIENT = ReadOptions.bulk().within(Duration.ofMinutes(1));

  private static ShelfPhoto photo;
  private static PriceTagRecognizer recognizer;

  @BeforeAll
  static void open() {
    recognizer = PriceTagRecognizer.builder().threads(1).queue(2).whenFull(WhenFull.REJECT).build();
    photo =
        ShelfPhoto.of(
            "shelf", PhotoGenerator.seeded(21).withTags(3).sized(480, 640).photo(0).jpeg());
  }

  @AfterAll
  static void close() {
    recognizer.close();
  }

  @Test
  void recognize_enoughTime_readsWhatIsReadWithoutADeadline() throws Exception {
    ShelfReading expected = recognizer.recognize(photo);

    assertThat(recognizer.recognize(photo, PATIENT)).isEqualTo(expected);
    assertThat(recognizer.recognize(photo, ReadOptions.bulk())).isEqualTo(expected);
    assertThat(recognizer.recognizeAsync(photo, PATIENT).get(60, TimeUnit.SECONDS))
        .isEqualTo(expected);
  }

  @Test
  void recognize_tooLittleTime_saysSoAndNamesThePhoto() {
    assertThatThrownBy(() -> recognizer.recognize(photo, HASTY))
        .isInstanceOf(DeadlineException.class)
        .hasMessageStartingWith("Cannot read photo shelf: found it unfinished after 1 ms");
    assertThatThrownBy(() -> recognizer.recognizeAsync(photo, HASTY).get(60, TimeUnit.SECONDS))
        .hasCauseInstanceOf(DeadlineException.class);
  }

  @Test
  void recognizeAsync_moreThanThereIsRoomFor_someAreRefusedAndTheRestIsRead() throws Exception {
    List<CompletableFuture<ShelfReading>> pending = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      ReadOptions options = ReadOptions.interactive().from("device " + i);
      pending.add(recognizer.recognizeAsync(photo, options));
    }
    int refused = 0;
    int read = 0;
    for (CompletableFuture<ShelfReading> each : pending) {
      try {
        assertThat(each.get(60, TimeUnit.SECONDS).source()).isEqualTo("shelf");
        read++;
      } catch (ExecutionException e) {
        assertThat(e.getCause()).isInstanceOf(OverloadException.class);
        refused++;
      }
    }
    assertThat(read).isBetween(2, 19);
    assertThat(refused).isEqualTo(20 - read);
  }

  @Test
  void read_timeThatIsUpAfterAStage_leavesTheOthersOut() {
    LocalRecognizer local = (LocalRecognizer) recognizer;
    List<OnnxModel> run = new ArrayList<>();
    local.models().forEach(model -> model.onRun(shape -> run.add(model)));
    AtomicInteger left = new AtomicInteger(1);
    Runnable inTime =
        () -> {
          if (left.getAndDecrement() == 0) {
            throw DeadlineException.passed("read photo shelf", Duration.ofMillis(1));
          }
        };

    assertThatThrownBy(() -> local.read(photo, inTime)).isInstanceOf(DeadlineException.class);
    assertThat(run).containsExactly(local.models().get(0));
    local.models().forEach(model -> model.onRun(shape -> {}));
  }
}
