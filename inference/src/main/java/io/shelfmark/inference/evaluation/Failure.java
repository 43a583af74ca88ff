package io.shelfmark.inference.evaluation;

import io.shelfmark.inference.Box;
import io.shelfmark.inference.Outline;
import io.shelfmark.inference.Price;
import io.shelfmark.inference.PriceTag;
import io.shelfmark.inference.Recognized;
import io.shelfmark.inference.parsing.EditDistance;
import io.shelfmark.inference.parsing.TextFolding;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What went wrong on one tag, or with one photo.
 *
 * @param photo the photo
 * @param area where to look, relative to the photo; empty when the whole photo failed
 * @param outline the tag that was found, in pixels
 * @param confidence the recognizer's, if it read something
 * @param rank the worst first: 3 unreadable photos, 2 labels not found, 1 wrong prices, 0 other
 *     fields
 * @param mistakes each field's truth and reading
 */
record Failure(
    LabeledPhoto photo,
    Optional<Box> area,
    Optional<Outline> outline,
    Optional<Double> confidence,
    int rank,
    List<Mistake> mistakes) {

  private static final double NAME_ERRORS_SHOWN = 0.1;
  private static final double ROOM = 0.6;

  /** One field. */
  record Mistake(String field, String truth, String read) {}

  /** All failures, the surest mistakes first among equals. */
  static List<Failure> in(EvaluationReport report) {
    List<Failure> failures = new ArrayList<>();
    report.photos().forEach(photo -> collect(photo, failures));
    failures.sort(
        Comparator.comparingInt(Failure::rank)
            .thenComparingDouble(failure -> failure.confidence().orElse(0.0))
            .reversed());
    return failures;
  }

  private static void collect(PhotoOutcomes photo, List<Failure> failures) {
    if (photo.failure().isPresent()) {
      Mistake mistake = new Mistake("photo", "readable", photo.failure().get());
      failures.add(
          new Failure(
              photo.photo(),
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              3,
              List.of(mistake)));
      return;
    }
    for (TagOutcome tag : photo.tags()) {
      List<Mistake> mistakes = tag.label().scored() ? mistakes(tag) : List.of();
      if (!mistakes.isEmpty()) {
        failures.add(
            new Failure(
                photo.photo(),
                Optional.of(around(tag.label())),
                tag.tag().map(found -> found.detection().outline()),
                tag.tag().map(PriceTag::confidence),
                tag.tag().isEmpty() ? 2 : mistakes.get(0).field().equals("price") ? 1 : 0,
                mistakes));
      }
    }
    for (PriceTag tag : photo.unmatched()) {
      if (tag.price().isPresent()) {
        Box area = relative(photo.size().orElseThrow(), tag.detection().box());
        failures.add(
            new Failure(
                photo.photo(),
                Optional.of(area),
                Optional.of(tag.detection().outline()),
                Optional.of(tag.confidence()),
                1,
                List.of(new Mistake("price", "no labelled tag", text(tag.price())))));
      }
    }
  }

  private static List<Mistake> mistakes(TagOutcome outcome) {
    LabeledTag label = outcome.label();
    if (outcome.tag().isEmpty()) {
      return List.of(new Mistake("price", text(label.price()), "not found"));
    }
    PriceTag tag = outcome.tag().get();
    List<Mistake> mistakes = new ArrayList<>();
    if (wrong(label.price(), tag.price().map(Recognized::value))) {
      mistakes.add(new Mistake("price", text(label.price()), text(tag.price())));
    }
    boolean invented = label.regularPrice().isEmpty() && tag.regularPrice().isPresent();
    if (wrong(label.regularPrice(), outcome.regularPrice()) || (label.regularKnown() && invented)) {
      mistakes.add(new Mistake("regular", text(label.regularPrice()), text(tag.regularPrice())));
    }
    label
        .name()
        .filter(name -> !name.inferred() && name.legibility() != Legibility.HARD)
        .filter(name -> nameErrors(name, outcome) > NAME_ERRORS_SHOWN)
        .ifPresent(name -> mistakes.add(new Mistake("name", name.text(), text(tag.name()))));
    differing("condition", label.condition(), tag.condition(), mistakes);
    differing("unit", label.unit(), tag.unit(), mistakes);
    differing("discount", label.discount(), tag.discount(), mistakes);
    differing(
        "barcode",
        label.barcode(),
        tag.barcode().map(code -> new Recognized<>(code.value().text(), code.confidence())),
        mistakes);
    return mistakes;
  }

  private static boolean wrong(Optional<LabeledPrice> truth, Optional<Price> read) {
    return truth.isPresent() && read.map(truth.get()::contradicts).orElse(true);
  }

  private static double nameErrors(LabeledName name, TagOutcome tag) {
    String truth = TextFolding.fold(name.text());
    return EditDistance.between(truth, TextFolding.fold(tag.name().orElse("")))
        / (double) Math.max(1, truth.length());
  }

  private static <T> void differing(
      String field, Truth<T> truth, Optional<Recognized<T>> read, List<Mistake> mistakes) {
    if (truth.known() && !truth.value().equals(read.map(Recognized::value))) {
      mistakes.add(new Mistake(field, text(truth.value()), text(read)));
    }
  }

  private static String text(Optional<?> value) {
    return value.map(Object::toString).orElse("nothing");
  }

  /** The tag's corners where known, else the price and name boxes, with room around. */
  private static Box around(LabeledTag tag) {
    if (tag.outline().isPresent()) {
      return tag.outline().get().box();
    }
    Box price =
        tag.priceBox()
            .orElseGet(
                () ->
                    new Box(
                        tag.anchor().x(), tag.anchor().y(), tag.anchor().x(), tag.anchor().y()));
    Box name = tag.nameBox().orElse(price);
    double roomX = price.width() * ROOM;
    double roomY = price.height() * ROOM;
    return new Box(
        Math.min(price.left(), name.left()) - roomX,
        Math.min(price.top(), name.top()) - roomY,
        Math.max(price.right(), name.right()) + roomX,
        Math.max(price.bottom(), name.bottom()) + roomY);
  }

  private static Box relative(LabeledPhoto.Size size, Box pixels) {
    return new Box(
        pixels.left() / size.width(),
        pixels.top() / size.height(),
        pixels.right() / size.width(),
        pixels.bottom() / size.height());
  }
}
