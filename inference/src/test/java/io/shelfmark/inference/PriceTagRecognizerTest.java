package io.shelfmark.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shelfmark.inference.image.TestPictures;
import io.shelfmark.inference.synthetic.PhotoGenerator;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The recognizer's options, on one generated shelf. */
class PriceTagRecognizerTest {

  private static final ShelfPhoto SHELF =
      ShelfPhoto.of("shelf", PhotoGenerator.seeded(5).withTags(6).sized(640, 832).photo(1).jpeg());

  private static PriceTagRecognizer recognizer;
  private static List<PriceTag> all;

  @BeforeAll
  static void open() {
    recognizer = PriceTagRecognizer.builder().threads(2).build();
    all = recognizer.recognize(SHELF).tags();
  }

  @AfterAll
  static void close() {
    recognizer.close();
  }

  @Test
  void recognize_defaults_readTagsWithinThePhotoFromTopToBottom() {
    List<PriceTag> sorted = new ArrayList<>(all);
    ShelfOrder.sort(sorted);
    assertThat(all).hasSizeGreaterThan(2).isEqualTo(sorted);
    assertThat(all)
        .allSatisfy(
            tag -> {
              Point center = tag.detection().box().center();
              assertThat(center.x()).isBetween(0.0, 640.0);
              assertThat(center.y()).isBetween(0.0, 832.0);
            });
  }

  @Test
  void recognizeAsync_badPhoto_completesExceptionally() {
    assertThatThrownBy(() -> recognizer.recognizeAsync(ShelfPhoto.of("bad", new byte[3])).join())
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(UnreadablePhotoException.class)
        .hasMessageContaining("Cannot read photo bad: found 3 bytes");
  }

  @Test
  void maximumPixels_largerPhoto_isRefusedByItsHeader() {
    try (PriceTagRecognizer small = PriceTagRecognizer.builder().maximumPixels(9999).build()) {
      assertThatThrownBy(() -> small.recognize(ShelfPhoto.of("large", TestPictures.png(100, 100))))
          .isInstanceOf(UnreadablePhotoException.class)
          .hasMessageStartingWith(
              "Cannot read photo large: found 100 x 100 pixels, expected at most 9999 in all");
    }
  }

  @Test
  void maximumTags_moreInSight_keepsTheSurest() {
    try (PriceTagRecognizer few = PriceTagRecognizer.builder().maximumTags(2).build()) {
      double surest = all.stream().mapToDouble(tag -> tag.detection().confidence()).max().orElse(0);

      assertThat(few.recognize(SHELF).tags())
          .hasSize(2)
          .anyMatch(tag -> tag.detection().confidence() == surest);
    }
  }

  @Test
  void minimumPriceConfidence_doubtfulPrices_areEmptyAndTheirTagsStay() {
    try (PriceTagRecognizer strict =
        PriceTagRecognizer.builder().minimumPriceConfidence(1).build()) {
      List<PriceTag> tags = strict.recognize(SHELF).tags();

      assertThat(tags)
          .extracting(PriceTag::detection)
          .isEqualTo(all.stream().map(PriceTag::detection).toList());
      assertThat(tags)
          .extracting(PriceTag::name)
          .isEqualTo(all.stream().map(PriceTag::name).toList());
      assertThat(tags)
          .allMatch(tag -> tag.price().stream().allMatch(price -> price.confidence() >= 1));
    }
  }

  @Test
  void builder_impossibleOptions_areRefusedAtOnce() {
    RecognizerBuilder builder = PriceTagRecognizer.builder();

    assertRefused(() -> builder.threads(0), "threads: found 0, expected 1 or more");
    assertRefused(() -> builder.maximumTags(-1), "maximum tags: found -1, expected 1 or more");
    assertRefused(
        () -> builder.maximumPixels(0), "maximum pixels: found 0, expected 1 to 500000000");
    assertRefused(
        () -> builder.maximumPixels(500_000_001),
        "maximum pixels: found 500000001, expected 1 to 500000000");
    assertRefused(
        () -> builder.minimumScore(Double.NaN), "minimum score: found NaN, expected 0 to 1");
    assertRefused(
        () -> builder.minimumPriceConfidence(1.1),
        "minimum price confidence: found 1.1, expected 0 to 1");
  }

  private static void assertRefused(ThrowingCallable option, String reason) {
    assertThatThrownBy(option)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot set " + reason);
  }
}
