package io.shelfmark.inference.evaluation;

import io.shelfmark.inference.Barcode;
import io.shelfmark.inference.Outline;
import io.shelfmark.inference.Price;
import io.shelfmark.inference.PriceTag;
import io.shelfmark.inference.Recognized;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/** Counts a slice of the outcomes into {@link Scores}. */
final class Scoring {

  private static final long NINETY_NINE = 99;

  private final List<PhotoOutcomes> photos;
  private final List<TagOutcome> tags;
  private final boolean wholePhotos;

  /**
   * @param photos the photos of the slice
   * @param tags the outcomes of the slice
   * @param wholePhotos whether the slice holds all tags of its photos, so that tags on nothing are
   *     its own
   */
  Scoring(List<PhotoOutcomes> photos, List<TagOutcome> tags, boolean wholePhotos) {
    this.photos = photos;
    this.tags = tags;
    this.wholePhotos = wholePhotos;
  }

  Scores scores() {
    return new Scores(
        photos.size(),
        tags.size(),
        ratio(tag -> true, tag -> tag.tag().isPresent()),
        precision(),
        price(LabeledTag::price, TagOutcome::price, false),
        major(LabeledTag::price, TagOutcome::price),
        minor(tag -> true),
        minor(label -> label.minor().orElse(NINETY_NINE) != NINETY_NINE),
        price(LabeledTag::regularPrice, TagOutcome::regularPrice, true),
        major(LabeledTag::regularPrice, TagOutcome::regularPrice),
        ratio(
            tag -> tag.label().regularKnown() && tag.label().regularPrice().isEmpty(),
            tag -> tag.regularPrice().isPresent()),
        CharacterErrors.of(tags, name -> !name.inferred() && name.legibility() == Legibility.GOOD),
        CharacterErrors.of(tags, name -> !name.inferred() && name.legibility() == Legibility.FAIR),
        field(LabeledTag::condition, PriceTag::condition),
        field(LabeledTag::unit, PriceTag::unit),
        barcode(),
        field(LabeledTag::discount, PriceTag::discount),
        Coverage.of(tags, Coverage.WANTED),
        Calibration.of(tags),
        (int) tags.stream().filter(TagOutcome::falseReading).count(),
        falseTags(),
        negativePhotosRead(),
        cornerError(),
        (int) photos.stream().filter(photo -> photo.failure().isPresent()).count(),
        photos.stream()
            .filter(photo -> photo.failure().isEmpty())
            .mapToDouble(PhotoOutcomes::millis)
            .average()
            .orElse(Double.NaN));
  }

  private Ratio ratio(Predicate<TagOutcome> of, Predicate<TagOutcome> right) {
    List<TagOutcome> counted = tags.stream().filter(of).toList();
    return new Ratio(counted.stream().filter(right).count(), counted.size());
  }

  private static boolean legible(Optional<LabeledPrice> price) {
    return price.isPresent() && price.get().legibility() != Legibility.HARD;
  }

  private Ratio price(
      Function<LabeledTag, Optional<LabeledPrice>> truth,
      Function<TagOutcome, Optional<Price>> read,
      boolean legibleOnly) {
    return ratio(
        tag -> {
          Optional<LabeledPrice> label = truth.apply(tag.label());
          return label.flatMap(LabeledPrice::full).isPresent() && (!legibleOnly || legible(label));
        },
        tag -> truth.apply(tag.label()).flatMap(LabeledPrice::full).equals(read.apply(tag)));
  }

  private Ratio major(
      Function<LabeledTag, Optional<LabeledPrice>> truth,
      Function<TagOutcome, Optional<Price>> read) {
    return ratio(
        tag -> legible(truth.apply(tag.label())),
        tag ->
            read.apply(tag).map(truth.apply(tag.label()).orElseThrow()::sameMajor).orElse(false));
  }

  private Ratio minor(Predicate<LabeledPrice> which) {
    return ratio(
        tag ->
            tag.label()
                .price()
                .filter(label -> label.minor().isPresent())
                .filter(which)
                .isPresent(),
        tag -> tag.price().map(tag.label().price().orElseThrow()::sameMinor).orElse(false));
  }

  private <T> Ratio field(
      Function<LabeledTag, Truth<T>> truth, Function<PriceTag, Optional<Recognized<T>>> read) {
    return ratio(
        tag -> truth.apply(tag.label()).known(),
        tag ->
            tag.tag().isPresent()
                && truth
                    .apply(tag.label())
                    .value()
                    .equals(tag.tag().flatMap(read).map(Recognized::value)));
  }

  private Ratio barcode() {
    return ratio(
        tag -> tag.label().barcode().known(),
        tag ->
            tag.tag().isPresent()
                && tag.label()
                    .barcode()
                    .value()
                    .equals(
                        tag.tag()
                            .flatMap(PriceTag::barcode)
                            .map(Recognized::value)
                            .map(Barcode::text)));
  }

  private Ratio precision() {
    if (!wholePhotos) {
      return new Ratio(0, 0);
    }
    long matched =
        tags.stream().filter(tag -> tag.photo().complete() && tag.tag().isPresent()).count();
    long unmatched =
        photos.stream()
            .filter(photo -> photo.photo().complete())
            .mapToLong(photo -> photo.unmatched().size())
            .sum();
    return new Ratio(matched, matched + unmatched);
  }

  private int falseTags() {
    return wholePhotos
        ? (int)
            photos.stream()
                .flatMap(photo -> photo.unmatched().stream())
                .filter(tag -> tag.price().isPresent())
                .count()
        : 0;
  }

  private Ratio negativePhotosRead() {
    List<PhotoOutcomes> negatives =
        photos.stream().filter(photo -> wholePhotos && photo.photo().negative()).toList();
    return new Ratio(
        negatives.stream()
            .filter(photo -> photo.unmatched().stream().anyMatch(tag -> tag.price().isPresent()))
            .count(),
        negatives.size());
  }

  private double cornerError() {
    return tags.stream()
        .filter(tag -> tag.tag().isPresent() && tag.label().outline().isPresent())
        .filter(tag -> tag.photo().naturalSize().isPresent())
        .mapToDouble(Scoring::cornerError)
        .average()
        .orElse(Double.NaN);
  }

  private static double cornerError(TagOutcome tag) {
    LabeledPhoto.Size size = tag.photo().naturalSize().orElseThrow();
    Outline truth = tag.label().outline().orElseThrow();
    Outline read = tag.tag().orElseThrow().detection().outline();
    double sum = 0;
    for (int i = 0; i < 4; i++) {
      sum +=
          Math.hypot(
              truth.corners().get(i).x() * size.width() - read.corners().get(i).x(),
              truth.corners().get(i).y() * size.height() - read.corners().get(i).y());
    }
    double diagonal =
        Math.hypot(
            (truth.topLeft().x() - truth.bottomRight().x()) * size.width(),
            (truth.topLeft().y() - truth.bottomRight().y()) * size.height());
    return 100 * sum / 4 / diagonal;
  }
}
