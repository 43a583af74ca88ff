package io.shelfmark.inference;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import io.shelfmark.inference.Barcode.Symbology;
import io.shelfmark.inference.batching.BatchPolicy;
import io.shelfmark.inference.batching.Tuning;
import io.shelfmark.inference.bulk.BulkOutcome;
import io.shelfmark.inference.bulk.BulkPhoto;
import io.shelfmark.inference.bulk.BulkProgress;
import io.shelfmark.inference.bulk.BulkRecognition;
import io.shelfmark.inference.bulk.ResultLines;
import io.shelfmark.inference.catalog.Catalog;
import io.shelfmark.inference.catalog.CatalogMatch;
import io.shelfmark.inference.catalog.Sku;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The examples of the documents: each is a region here, compiled, and stands there to the letter.
 */
class DocExamplesTest {

  private static final Path MODULE = Path.of(System.getProperty("basedir", "."));

  @ParameterizedTest
  @CsvSource({
    "read, ../README.md",
    "catalog, ../docs/recognizer.md",
    "engine, ../docs/engines.md",
    "bulk, ../docs/bulk.md",
    "bulk-stream, ../docs/bulk.md",
    "bulk-results, ../docs/bulk.md",
    "hurry, ../docs/batching.md",
    "batched, ../docs/batching.md",
    "tune, ../docs/batching.md"
  })
  void region_ofThisFile_standsInItsDocument(String region, Path document) throws IOException {
    String source = "src/test/java/io/shelfmark/inference/DocExamplesTest.java";
    List<String> lines = Files.readAllLines(MODULE.resolve(source));
    String begin = "// example " + region;
    int from = indexOf(lines, begin);
    int to = indexOf(lines, "// end of " + region);
    int indent = lines.get(from).length() - begin.length();
    String example =
        lines.subList(from + 1, to).stream()
            .map(line -> line.isBlank() ? "" : line.substring(indent))
            .collect(joining("\n", "```java\n", "\n```"));

    assertThat(MODULE.resolve(document)).content().contains(example);
  }

  private static int indexOf(List<String> lines, String stripped) {
    return lines.stream().map(String::strip).toList().indexOf(stripped);
  }

  @Test
  void engine_fastestWithoutAGpu_isTheCpu(@TempDir Path folder) {
    // example engine
    PriceTagRecognizer recognizer =
        PriceTagRecognizer.builder().engine(Engine.fastest().cacheDirectory(folder)).build();
    EngineInUse engine = recognizer.engine();
    // end of engine

    try (recognizer) {
      assertThat(engine.missing()).isPresent();
      assertThat(engine.provider()).isEqualTo(ExecutionProvider.CPU);
    }
  }

  @Test
  void catalog_tagsOfOnePhoto_findTheirProducts() {
    List<String> found = new ArrayList<>();
    ShelfReading reading =
        new ShelfReading(
            "shelf",
            100,
            100,
            List.of(
                tag()
                    .barcode(new Recognized<>(new Barcode(Symbology.EAN_13, "4600051000057"), 0.99))
                    .build(),
                tag().name(new Recognized<>("Молоко ДОМИК В ДЕРЕВНЕ 3,2% 93Омл", 0.8)).build(),
                tag().name(new Recognized<>("Сок яблочный", 0.8)).build()));

    // example catalog
    Catalog catalog =
        Catalog.of(
            List.of(
                Sku.of("100731", "Паштет РУБЛЕВСКИЙ 250г").withBarcode("4600051000057"),
                Sku.of("100954", "Молоко ДОМИК В ДЕРЕВНЕ 3,2% 930мл").withUnit(SaleUnit.PIECE),
                Sku.of("100955", "Молоко ДОМИК В ДЕРЕВНЕ 2,5% 930мл").withUnit(SaleUnit.PIECE)));
    for (PriceTag tag : reading.tags()) {
      Optional<CatalogMatch> match = catalog.match(tag);
      found.add(match.map(m -> m.sku().id() + " by " + m.basis()).orElse("not in the catalog"));
    }
    // end of catalog

    assertThat(found).containsExactly("100731 by BARCODE", "100954 by NAME", "not in the catalog");
  }

  /** Compiled alone: three recognizers and ten seconds are much for three examples. */
  static void batching(PriceTagRecognizer recognizer, ShelfPhoto photo) {
    // example hurry
    ReadOptions hurry = ReadOptions.interactive().within(Duration.ofMillis(500)).from("store 42");
    recognizer.recognizeAsync(photo, hurry);
    // end of hurry
  }

  static void batched() {
    // example batched
    PriceTagRecognizer.builder().batching(BatchPolicy.batched(32, 2, 16)).build();
    // end of batched
  }

  static void tune(Path folder) {
    // example tune
    RecognizerBuilder builder = PriceTagRecognizer.builder();
    Tuning tuning = builder.tune(folder);
    tuning.candidates().forEach(System.out::println);
    PriceTagRecognizer recognizer = builder.build();
    // end of tune
    recognizer.close();
  }

  /** Compiled alone: there is no shelf.jpg. */
  static void read() {
    // example read
    try (PriceTagRecognizer recognizer = PriceTagRecognizer.open()) {
      ShelfPhoto photo = ShelfPhoto.read(Path.of("shelf.jpg"));
      recognizer.recognize(photo).tags().forEach(System.out::println);
    }
    // end of read
  }

  @Test
  void bulk_folder_isReadAndGoneOnWith(@TempDir Path temporary) throws IOException {
    Path photos = Files.createDirectory(temporary.resolve("photos"));
    Files.writeString(photos.resolve("a.jpg"), "no photo");
    Path results = temporary.resolve("results.jsonl");
    List<String> failed = new ArrayList<>();

    // example bulk
    try (PriceTagRecognizer recognizer = PriceTagRecognizer.open()) {
      BulkProgress done =
          BulkRecognition.of(recognizer)
              .readBy("models of 2025-11")
              .progress(Duration.ofSeconds(10), progress -> System.out.println(progress))
              .run(photos, results);
      System.out.println(done.read() + " photos read, " + done.failed() + " failed");
    }
    // end of bulk
    // example bulk-results
    try (Stream<BulkOutcome> outcomes = ResultLines.read(results)) {
      outcomes.filter(photo -> photo.failure().isPresent()).forEach(p -> failed.add(p.file()));
    }
    // end of bulk-results

    assertThat(failed).containsExactly("a.jpg");
  }

  /** A photo in a store of the host's own. */
  private record Upload(String key, long size, Instant time) {
    byte[] download() {
      return new byte[Math.toIntExact(size)];
    }
  }

  @Test
  void bulk_streamOfPhotos_isPutOnRecordByTheirNames(@TempDir Path temporary) {
    Path results = temporary.resolve("results.jsonl");
    Stream<Upload> uploads = Stream.of(new Upload("store-42/a", 9, Instant.EPOCH));

    try (PriceTagRecognizer recognizer = PriceTagRecognizer.open()) {
      // example bulk-stream
      Stream<BulkPhoto> photos =
          uploads.map(
              upload ->
                  new BulkPhoto(
                      upload.key(),
                      upload.size(),
                      upload.time(),
                      () -> ShelfPhoto.of(upload.key(), upload.download())));
      BulkRecognition.of(recognizer).run(photos, results);
      // end of bulk-stream
    }

    try (Stream<BulkOutcome> outcomes = ResultLines.read(results)) {
      assertThat(outcomes).extracting(BulkOutcome::file).containsExactly("store-42/a");
    }
  }

  private static PriceTag.Builder tag() {
    return PriceTag.builder(new Detection(Outline.of(new Box(0, 0, 10, 5)), 0.9));
  }
}
