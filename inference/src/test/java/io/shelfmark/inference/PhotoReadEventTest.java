package io.shelfmark.inference;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shelfmark.inference.synthetic.PhotoGenerator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Photos in a real flight recording. */
class PhotoReadEventTest {

  private static final List<String> STAGES =
      List.of(
          "decode", "findTags", "findFields", "refineOutlines", "readText", "readCodes", "parse");

  @Test
  void recording_photos_haveAnEventEachThatHidesTheirNames(@TempDir Path folder)
      throws IOException {
    byte[] jpeg = PhotoGenerator.seeded(5).withTags(6).sized(640, 832).photo(1).jpeg();
    ShelfReading reading;
    Path file = folder.resolve("recording.jfr");
    try (PriceTagRecognizer recognizer =
            PriceTagRecognizer.builder().version("v5").threads(1).build();
        Recording recording = new Recording()) {
      recognizer.recognize(ShelfPhoto.of("/before/the/recording", jpeg));
      recording.enable("io.shelfmark.PhotoRead");
      recording.start();
      reading = recognizer.recognize(ShelfPhoto.of("/home/ivanov/shop-42", jpeg));
      assertThatThrownBy(() -> recognizer.recognize(ShelfPhoto.of("/home/petrov", new byte[3])))
          .isInstanceOf(UnreadablePhotoException.class);
      recording.stop();
      recognizer.recognize(ShelfPhoto.of("/after/the/recording", jpeg));
      recording.dump(file);
    }

    List<RecordedEvent> events =
        RecordingFile.readAllEvents(file).stream()
            .filter(event -> event.getEventType().getName().equals("io.shelfmark.PhotoRead"))
            .sorted(Comparator.comparing(RecordedEvent::getStartTime))
            .toList();

    assertThat(events).hasSize(2);
    RecordedEvent read = events.get(0);
    // printf %s /home/ivanov/shop-42 | sha256sum | cut -c1-16
    assertThat(read.getString("photo")).isEqualTo("7d9b7bddf0e444d1");
    assertThat(read.getString("version")).isEqualTo("v5");
    assertThat(read.getLong("bytes")).isEqualTo(jpeg.length);
    assertThat(read.getInt("width")).isEqualTo(640);
    assertThat(read.getInt("height")).isEqualTo(832);
    assertThat(read.getInt("tags")).isEqualTo(reading.tags().size()).isPositive();
    assertThat(read.getInt("lines")).isPositive();
    assertThat(read.getString("outcome")).isEqualTo("read");
    assertThat(read.getString("failure")).isNull();
    List<Duration> stages = STAGES.stream().map(read::getDuration).toList();
    assertThat(stages).allMatch(stage -> stage.compareTo(Duration.ZERO) > 0);
    assertThat(stages.stream().reduce(Duration.ZERO, Duration::plus))
        .isLessThanOrEqualTo(read.getDuration());
    RecordedEvent failed = events.get(1);
    assertThat(failed.getString("outcome")).isEqualTo("unreadable");
    assertThat(failed.getString("failure")).isEqualTo(UnreadablePhotoException.class.getName());
    assertThat(failed.getInt("tags")).isZero();
    assertThat(contains(file, "ivanov")).isFalse();
    assertThat(contains(file, "petrov")).isFalse();
  }

  private static boolean contains(Path file, String text) throws IOException {
    String bytes = Files.readString(file, ISO_8859_1);
    return bytes.contains(text) || bytes.contains(new String(text.getBytes(UTF_16BE), ISO_8859_1));
  }
}
