package io.shelfmark.inference.bulk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of results that are cut off, damaged or of a later version. */
class ResultsFileTest {

  @TempDir Path temporary;

  private static Stream<BulkPhoto> photos(int count) {
    return IntStream.range(0, count).mapToObj(i -> BulkRecognitionTest.photo("фото-" + i));
  }

  private static List<String> files(Path results) {
    try (Stream<BulkOutcome> outcomes = ResultLines.read(results)) {
      return outcomes.map(BulkOutcome::file).toList();
    }
  }

  private static Path whole;

  @BeforeContainer
  static void readOnce() throws IOException {
    whole = Files.createTempDirectory("results-file-test").resolve("whole.jsonl");
    BulkRecognition.of(new ScriptedRecognizer()).photosInFlight(1).run(photos(5), whole);
  }

  @AfterContainer
  static void remove() throws IOException {
    Files.delete(whole);
    Files.delete(whole.resolveSibling("whole.jsonl.lock"));
    Files.delete(whole.getParent());
  }

  /** A process that is killed leaves the file's beginning, whatever its length. */
  @Property(tries = 60)
  void run_fileCutAnywhere_keepsWholeLinesAndReadsTheRest(
      @ForAll @IntRange(min = 0, max = 2_000) int length) throws IOException {
    byte[] bytes = Files.readAllBytes(whole);
    byte[] left = Arrays.copyOf(bytes, Math.min(length, bytes.length));
    long lines = new String(left, UTF_8).chars().filter(c -> c == '\n').count();
    Path cut = Files.write(whole.resolveSibling("cut.jsonl"), left);
    try {
      assertThat(files(cut)).hasSize((int) lines);
      ScriptedRecognizer recognizer = new ScriptedRecognizer();

      BulkProgress done = BulkRecognition.of(recognizer).run(photos(5), cut);

      assertThat(done.skipped()).isEqualTo(lines);
      assertThat(files(cut))
          .containsExactlyInAnyOrderElementsOf(photos(5).map(BulkPhoto::name).toList());
    } finally {
      Files.delete(cut);
      Files.delete(whole.resolveSibling("cut.jsonl.lock"));
    }
  }

  @Test
  void open_damagedLineInTheMiddle_namesItAndTouchesNothing() throws IOException {
    Path results = temporary.resolve("results.jsonl");
    BulkRecognition bulk = BulkRecognition.of(new ScriptedRecognizer());
    bulk.run(photos(3), results);
    List<String> lines = Files.readAllLines(results);
    Files.write(results, List.of(lines.get(0), lines.get(1).substring(0, 60), lines.get(2)), UTF_8);
    byte[] before = Files.readAllBytes(results);

    assertThatThrownBy(() -> bulk.run(photos(3), results))
        .isInstanceOf(ResultsException.class)
        .hasMessageContaining("results.jsonl line 2: ");
    assertThatThrownBy(() -> files(results)).hasMessageContaining("results.jsonl line 2: ");
    assertThat(results).hasBinaryContent(before);
  }

  @Test
  void open_laterVersion_isRefused() throws IOException {
    Path results = temporary.resolve("results.jsonl");
    BulkRecognition bulk = BulkRecognition.of(new ScriptedRecognizer());
    bulk.run(photos(1), results);
    Files.writeString(results, Files.readString(results).replace("{\"v\":1,", "{\"v\":2,"));

    assertThatThrownBy(() -> bulk.run(photos(1), results))
        .hasMessageContaining("found version 2, expected 1 to 1");
    assertThatThrownBy(() -> files(results)).hasMessageContaining("found version 2");
  }

  @Test
  void open_fieldsInAnotherOrder_areFoundAllTheSame() throws IOException {
    Path results = temporary.resolve("results.jsonl");
    BulkRecognition bulk = BulkRecognition.of(new ScriptedRecognizer());
    bulk.run(photos(1), results);
    ObjectMapper mapper = new ObjectMapper();
    Map<String, Object> row = new TreeMap<>(Comparator.reverseOrder());
    mapper.readTree(results.toFile()).properties().forEach(f -> row.put(f.getKey(), f.getValue()));
    Files.writeString(results, mapper.writeValueAsString(row) + "\n");

    assertThat(bulk.run(photos(1), results).skipped()).isEqualTo(1);
  }

  /**
   * A run that is complete puts a new file in the old one's place, in which lines lie elsewhere.
   */
  @Test
  void readLatest_fileThatIsReplacedMeanwhile_givesEveryPhoto() throws Exception {
    Path file = temporary.resolve("replaced.jsonl");
    int photos = 500;
    AtomicBoolean over = new AtomicBoolean();
    putInPlace(file, photos, 0);
    CompletableFuture<Void> replacing =
        CompletableFuture.runAsync(
            () -> {
              for (int shift = 1; !over.get(); shift++) {
                putInPlace(file, photos, shift);
              }
            });
    try {
      for (int i = 0; i < 100; i++) {
        try (Stream<BulkOutcome> outcomes = ResultLines.readLatest(file)) {
          assertThat(outcomes).hasSize(photos);
        }
      }
    } finally {
      over.set(true);
      replacing.get(10, TimeUnit.SECONDS);
    }
  }

  private static void putInPlace(Path file, int photos, int shift) {
    Path other = file.resolveSibling("other.jsonl");
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(other))) {
      for (int i = 0; i < photos; i++) {
        OutcomeJson.write(
            new BulkOutcome(
                "photo-" + (i + shift) % photos,
                i,
                Instant.EPOCH,
                Instant.EPOCH,
                Optional.empty(),
                Optional.empty(),
                Optional.of(new PhotoFailure(PhotoFailure.Kind.FAILED, "x".repeat(shift % 7)))),
            out);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    try {
      Files.move(other, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void open_linkToAFile_isThatFile() throws IOException {
    Path file = temporary.resolve("file.jsonl");
    BulkRecognition.of(new ScriptedRecognizer()).run(photos(5), file);
    Path link = Files.createSymbolicLink(temporary.resolve("link.jsonl"), file);

    try (ResultsFile one = ResultsFile.open(file, () -> false)) {
      assertThatThrownBy(() -> ResultsFile.open(link, () -> false))
          .isInstanceOf(ResultsException.class)
          .hasMessageContaining("found another run");
      assertThat(one.size()).isEqualTo(5);
    }
    BulkRecognition.of(new ScriptedRecognizer()).readBy("another").run(photos(5), link);

    assertThat(link).isSymbolicLink();
    assertThat(files(file)).hasSize(5);
  }

  @Test
  void open_linkToAFileThatIsNotThere_makesThatFile() throws IOException {
    Path file = temporary.resolve("file.jsonl");
    Path link = Files.createSymbolicLink(temporary.resolve("link.jsonl"), file);
    BulkRecognition bulk = BulkRecognition.of(new ScriptedRecognizer());

    bulk.run(photos(2), link);
    bulk.readBy("another").run(photos(2), link);

    assertThat(link).isSymbolicLink();
    assertThat(files(file)).hasSize(2);
  }

  /** What stands in it may be all that its owner has. */
  @ParameterizedTest
  @ValueSource(strings = {"a note", "{\"key\": 1}", "{\"v\": 1}", "\0x"})
  void open_fileOfAnotherWithoutALineFeed_isRefusedAndLeftAlone(String text) throws IOException {
    Path foreign = Files.writeString(temporary.resolve("foreign"), text);

    assertThatThrownBy(() -> BulkRecognition.of(new ScriptedRecognizer()).run(photos(1), foreign))
        .isInstanceOf(ResultsException.class)
        .hasMessageContaining("foreign line 1: found text without a line feed");
    assertThat(foreign).hasContent(text);
    assertThatThrownBy(() -> files(foreign)).hasMessageContaining("foreign line 1");
  }

  /** A machine that lost its power may leave room that was never written to. */
  @Test
  void open_zerosAtTheEnd_areCutOff() throws IOException {
    Path results = temporary.resolve("results.jsonl");
    BulkRecognition bulk = BulkRecognition.of(new ScriptedRecognizer());
    bulk.run(photos(3), results);
    byte[] lines = Files.readAllBytes(results);
    Files.write(results, Arrays.copyOf(lines, lines.length + 5_000));

    assertThat(files(results)).hasSize(3);
    assertThat(bulk.run(photos(3), results).skipped()).isEqualTo(3);
    assertThat(results).hasBinaryContent(lines);
  }

  @Test
  void run_thatRemovesSupersededLines_keepsTheFilesPermissions() throws IOException {
    Path results = temporary.resolve("results.jsonl");
    BulkRecognition.of(new ScriptedRecognizer()).run(photos(3), results);
    assumeTrue(Files.getFileAttributeView(results, PosixFileAttributeView.class) != null);
    Files.setPosixFilePermissions(results, PosixFilePermissions.fromString("rw-rw----"));

    BulkRecognition.of(new ScriptedRecognizer()).readBy("another").run(photos(3), results);

    assertThat(files(results)).hasSize(3);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(results)))
        .isEqualTo("rw-rw----");
  }

  /** Names of files on Windows may hold half a character. */
  @Test
  void run_nameThatNoUtf8CanSpell_isOnRecordAndSkippedNextTime() {
    Path results = temporary.resolve("results.jsonl");
    BulkRecognition bulk = BulkRecognition.of(new ScriptedRecognizer());
    Supplier<Stream<BulkPhoto>> photos =
        () -> Stream.of("a", "half \ud83d", "whole \ud83d\ude00").map(BulkRecognitionTest::photo);

    assertThat(bulk.run(photos.get(), results).read()).isEqualTo(3);

    assertThat(files(results)).containsExactlyInAnyOrder("a", "half ?", "whole \ud83d\ude00");
    assertThat(bulk.run(photos.get(), results).skipped()).isEqualTo(3);
  }

  @Test
  void read_missingFile_saysSo() {
    assertThatThrownBy(() -> files(temporary.resolve("none.jsonl")))
        .isInstanceOf(ResultsException.class)
        .hasMessageContaining("found no such file");
  }

  @Test
  void open_folderInPlaceOfTheFile_saysSo() throws IOException {
    Path results = Files.createDirectory(temporary.resolve("results.jsonl"));

    assertThatThrownBy(() -> BulkRecognition.of(new ScriptedRecognizer()).run(photos(1), results))
        .isInstanceOf(ResultsException.class)
        .hasMessageStartingWith("Cannot write results " + results);
  }
}
