package io.shelfmark.inference.bulk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shelfmark.inference.ShelfPhoto;
import io.shelfmark.inference.UnreadablePhotoException;
import io.shelfmark.inference.bulk.BulkProgress.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a run leaves on record, and how the next one goes on with it. */
@Timeout(30)
class BulkRecognitionTest {

  private static final Instant MODIFIED = Instant.parse("2025-01-31T10:15:30.123456789Z");

  @TempDir Path temporary;
  private Path folder;
  private Path results;

  @BeforeEach
  void prepare() throws IOException {
    folder = Files.createDirectory(temporary.resolve("photos"));
    results = temporary.resolve("out/results.jsonl");
  }

  private void photo(String name, String content) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
    Files.setLastModifiedTime(file, FileTime.from(MODIFIED));
  }

  private void photos(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      photo(i + ".jpg", "photo " + i);
    }
  }

  private BulkProgress run(ScriptedRecognizer recognizer) {
    return BulkRecognition.of(recognizer).run(folder, results);
  }

  /** Every photo on record, which has to have one line. */
  private Map<String, BulkOutcome> onRecord() {
    try (Stream<BulkOutcome> outcomes = ResultLines.read(results)) {
      return outcomes.collect(Collectors.toMap(BulkOutcome::file, Function.identity()));
    }
  }

  @Test
  void run_folder_putsEveryPhotoOnRecordOnce() throws IOException {
    photo("a.jpg", "one");
    photo("store-42/b.JPG", "twenty");
    photo("store-42/notes.txt", "no photo");

    BulkProgress done = run(new ScriptedRecognizer());

    assertThat(done.state()).isEqualTo(State.COMPLETE);
    assertThat(done.total()).hasValue(2);
    assertThat(done.read()).isEqualTo(2);
    assertThat(done.tags()).isEqualTo(2);
    assertThat(onRecord()).containsOnlyKeys("a.jpg", "store-42/b.JPG");
    BulkOutcome outcome = onRecord().get("store-42/b.JPG");
    assertThat(outcome.bytes()).isEqualTo(6);
    assertThat(outcome.modified()).isEqualTo(MODIFIED);
    assertThat(outcome.readBy()).isEmpty();
    assertThat(outcome.reading().orElseThrow().source()).isEqualTo("store-42/b.JPG");
    assertThat(outcome.reading().orElseThrow().tags().get(0).price().orElseThrow().value().minor())
        .isEqualTo(5);
  }

  @Test
  void run_again_readsWhatIsNewOrChangedAndLeavesOneLineEach() throws IOException {
    photos(4);
    run(new ScriptedRecognizer());
    photo("1.jpg", "another size");
    Files.setLastModifiedTime(folder.resolve("2.jpg"), FileTime.from(MODIFIED.plusNanos(1000)));
    Files.delete(folder.resolve("3.jpg"));
    photo("new.jpg", "new");
    ScriptedRecognizer second = new ScriptedRecognizer();

    BulkProgress done = run(second);

    assertThat(second.asked).containsOnlyKeys("1.jpg", "2.jpg", "new.jpg");
    assertThat(done.skipped()).isEqualTo(1);
    assertThat(onRecord()).containsOnlyKeys("0.jpg", "1.jpg", "2.jpg", "3.jpg", "new.jpg");
    assertThat(onRecord().get("1.jpg").bytes()).isEqualTo(12);
    assertThat(run(new ScriptedRecognizer()).skipped()).isEqualTo(4);
  }

  @Test
  void run_readByAnother_readsAgain() throws IOException {
    photos(2);
    BulkRecognition first = BulkRecognition.of(new ScriptedRecognizer()).readBy("models 1");
    first.run(folder, results);
    assertThat(first.run(folder, results).skipped()).isEqualTo(2);

    BulkProgress done =
        BulkRecognition.of(new ScriptedRecognizer()).readBy("models 2").run(folder, results);

    assertThat(done.read()).isEqualTo(2);
    assertThat(onRecord().values())
        .extracting(o -> o.readBy().orElseThrow())
        .containsOnly("models 2");
  }

  @Test
  void run_badPhoto_failsAloneForGood() throws IOException {
    photos(3);
    ScriptedRecognizer recognizer =
        failing("1.jpg", new UnreadablePhotoException("Cannot decode photo 1.jpg: found noise"));

    BulkProgress done = run(recognizer);

    assertThat(done.read()).isEqualTo(2);
    assertThat(done.failed()).isEqualTo(1);
    assertThat(onRecord().get("1.jpg").failure())
        .contains(
            new PhotoFailure(
                PhotoFailure.Kind.UNREADABLE, "Cannot decode photo 1.jpg: found noise"));
    assertThat(run(recognizer).skipped()).isEqualTo(3);
  }

  @Test
  void run_photoThatFailedOtherwise_isTriedAgain() throws IOException {
    photos(3);
    run(failing("1.jpg", new ArithmeticException("by zero")));
    assertThat(onRecord().get("1.jpg").failure())
        .contains(
            new PhotoFailure(PhotoFailure.Kind.FAILED, "java.lang.ArithmeticException: by zero"));
    ScriptedRecognizer second = new ScriptedRecognizer();

    run(second);

    assertThat(second.asked).containsOnlyKeys("1.jpg");
    assertThat(onRecord().get("1.jpg").reading()).isPresent();
  }

  @Test
  void run_contentThatCannotBeHad_isTriedAgain() {
    BulkPhoto gone =
        new BulkPhoto(
            "gone", 1, MODIFIED, () -> ShelfPhoto.read(temporary.resolve("not-there.jpg")));
    BulkPhoto there = photo("there");

    BulkRecognition.of(new ScriptedRecognizer()).run(Stream.of(gone, there), results);

    PhotoFailure failure = onRecord().get("gone").failure().orElseThrow();
    assertThat(failure.kind()).isEqualTo(PhotoFailure.Kind.UNAVAILABLE);
    assertThat(failure.message()).contains("found no such file");
    BulkProgress again =
        BulkRecognition.of(new ScriptedRecognizer()).run(Stream.of(photo("gone"), there), results);
    assertThat(again.read()).isEqualTo(1);
    assertThat(again.skipped()).isEqualTo(1);
    assertThat(onRecord().get("gone").reading()).isPresent();
  }

  /** Lambdas of Kotlin and others throw what Java would make them declare. */
  @Test
  void run_contentThatThrowsWhatIsNoRuntimeException_failsAlone() {
    BulkPhoto away =
        new BulkPhoto(
            "away", 1, MODIFIED, () -> BulkRecognitionTest.undeclared(new IOException("away")));
    BulkPhoto deep =
        new BulkPhoto(
            "deep", 1, MODIFIED, () -> BulkRecognitionTest.undeclared(new StackOverflowError()));

    BulkProgress done =
        BulkRecognition.of(new ScriptedRecognizer())
            .run(Stream.of(away, deep, photo("there")), results);

    assertThat(done.state()).isEqualTo(State.COMPLETE);
    assertThat(done.failed()).isEqualTo(2);
    assertThat(onRecord().get("away").failure())
        .contains(new PhotoFailure(PhotoFailure.Kind.UNAVAILABLE, "java.io.IOException: away"));
  }

  @Test
  void run_streamThatThrowsWhatIsNoRuntimeException_endsWithIt() {
    Stream<BulkPhoto> photos =
        Stream.of("a", "b").map(name -> BulkRecognitionTest.undeclared(new IOException("away")));

    assertThatThrownBy(() -> BulkRecognition.of(new ScriptedRecognizer()).run(photos, results))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("java.io.IOException: away");
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <T, E extends Throwable> T undeclared(Throwable failure) throws E {
    throw (E) failure;
  }

  @Test
  void run_hundredFailuresInARow_endsAndSaysWhy() throws IOException {
    photos(250);
    ScriptedRecognizer broken =
        new ScriptedRecognizer(
            photo -> CompletableFuture.failedFuture(new ArithmeticException("no engine")));

    assertThatThrownBy(() -> run(broken))
        .isInstanceOf(ResultsException.class)
        .hasMessageContaining("found 100 photos in a row that failed")
        .hasMessageContaining("no engine");
    assertThat(onRecord()).hasSize(100);
    assertThat(run(new ScriptedRecognizer()).read()).isEqualTo(250);
    assertThat(onRecord()).hasSize(250);
  }

  @Test
  void run_hundredBadPhotosInARow_goesOn() throws IOException {
    photos(120);
    ScriptedRecognizer recognizer =
        new ScriptedRecognizer(
            photo -> CompletableFuture.failedFuture(new UnreadablePhotoException("noise")));

    assertThat(run(recognizer).failed()).isEqualTo(120);
  }

  @Test
  void run_closedRecognizer_endsWithoutPuttingItOnRecord() throws IOException {
    photos(50);
    ScriptedRecognizer closed =
        new ScriptedRecognizer(
            photo -> {
              throw new IllegalStateException("Cannot read photos: closed");
            });

    assertThatThrownBy(() -> run(closed))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Cannot read photos: closed");
    assertThat(onRecord()).isEmpty();
  }

  @Test
  void run_streamWithOneNameTwice_readsItOnce() {
    ScriptedRecognizer recognizer = new ScriptedRecognizer();

    BulkProgress done =
        BulkRecognition.of(recognizer).run(Stream.of(photo("a"), photo("b"), photo("a")), results);

    assertThat(recognizer.asked).isEqualTo(Map.of("a", 1, "b", 1));
    assertThat(done.skipped()).isEqualTo(1);
    assertThat(done.total()).isEmpty();
  }

  @Test
  void run_streamThatFails_endsWithItsFailureAndIsClosed() {
    List<String> closed = new CopyOnWriteArrayList<>();
    Stream<BulkPhoto> photos =
        Stream.of("a", "b", "c")
            .map(
                name -> {
                  if (name.equals("c")) {
                    throw new IllegalArgumentException("no more");
                  }
                  return photo(name);
                })
            .onClose(() -> closed.add("closed"));

    assertThatThrownBy(() -> BulkRecognition.of(new ScriptedRecognizer()).run(photos, results))
        .hasMessage("no more");
    assertThat(closed).containsExactly("closed");
  }

  @Test
  void run_missingFolder_saysSo() {
    assertThatThrownBy(
            () ->
                BulkRecognition.of(new ScriptedRecognizer())
                    .run(temporary.resolve("none"), results))
        .isInstanceOf(ResultsException.class)
        .hasMessageContaining("found nothing, expected a folder");
  }

  /** A line without a name is none: the file could not be gone on with. */
  @Test
  void photo_withoutAName_isRefused() {
    assertThatThrownBy(() -> photo("")).hasMessageContaining("found no name");
  }

  @Test
  void options_outOfRange_areRefused() {
    BulkRecognition bulk = BulkRecognition.of(new ScriptedRecognizer());

    assertThatThrownBy(() -> bulk.photosInFlight(0)).hasMessageContaining("found 0");
    assertThatThrownBy(() -> bulk.readBy("")).hasMessageContaining("found an empty name");
    assertThatThrownBy(() -> bulk.progress(Duration.ofSeconds(-1), progress -> {}))
        .hasMessageContaining("found PT-1S");
  }

  private static ScriptedRecognizer failing(String name, RuntimeException failure) {
    return new ScriptedRecognizer(
        photo ->
            ScriptedRecognizer.name(photo).equals(name)
                ? CompletableFuture.failedFuture(failure)
                : CompletableFuture.completedFuture(ScriptedRecognizer.reading(photo)));
  }

  static BulkPhoto photo(String name) {
    return new BulkPhoto(name, 3, MODIFIED, () -> ShelfPhoto.of(name, new byte[3]));
  }
}
