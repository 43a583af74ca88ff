package io.shelfmark.inference;

import io.shelfmark.inference.RecognizerBuilder.Scope;
import io.shelfmark.inference.detection.FieldDetector;
import io.shelfmark.inference.detection.FieldKind;
import io.shelfmark.inference.detection.TagDetector;
import io.shelfmark.inference.detection.TagField;
import io.shelfmark.inference.image.DecodedPhoto;
import io.shelfmark.inference.parsing.FieldText;
import io.shelfmark.inference.parsing.TagParser;
import io.shelfmark.inference.parsing.TagText;
import io.shelfmark.inference.parsing.TextReading;
import io.shelfmark.inference.text.TextLine;
import io.shelfmark.inference.text.TextRecognizer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The way from a decoded photo to its tags: detect, refine outlines, find fields, read lines,
 * parse. Thread-safe as long as no two threads share a {@link Scratch}.
 */
final class TagReader {

  /** The most fields of a kind that are read on one tag: more are noise. */
  private static final Map<FieldKind, Integer> MOST =
      new EnumMap<>(
          Map.of(
              FieldKind.PRICE, 1,
              FieldKind.REGULAR_PRICE, 1,
              FieldKind.NAME, 5,
              FieldKind.CARD, 1,
              FieldKind.QUANTITY, 1,
              FieldKind.DISCOUNT, 1,
              FieldKind.UNIT, 1,
              FieldKind.BARCODE, 1,
              FieldKind.QR, 1));

  private final TagDetector tagDetector;
  private final FieldDetector fieldDetector;
  private final TextRecognizer textRecognizer;
  private final TagParser parser;
  private final CodeFinder codes;
  private final Scope scope;

  TagReader(
      TagDetector tagDetector,
      FieldDetector fieldDetector,
      TextRecognizer textRecognizer,
      TagParser parser,
      CodeFinder codes,
      Scope scope) {
    this.tagDetector = tagDetector;
    this.fieldDetector = fieldDetector;
    this.textRecognizer = textRecognizer;
    this.parser = parser;
    this.codes = codes;
    this.scope = scope;
  }

  List<PriceTag> read(DecodedPhoto photo, Scratch scratch) {
    List<Detection> detections = tagDetector.detect(photo, scratch.bytes());
    List<PriceTag> tags = new ArrayList<>();
    for (int from = 0; from < detections.size(); from += Scratch.TAGS) {
      int to = Math.min(detections.size(), from + Scratch.TAGS);
      tags.addAll(readTags(photo, detections.subList(from, to), scratch));
    }
    return ShelfOrder.sort(tags);
  }

  private List<PriceTag> readTags(DecodedPhoto photo, List<Detection> detections, Scratch scratch) {
    List<Outline> outlines = detections.stream().map(Detection::outline).toList();
    List<Outline> refined = outlines.stream().map(photo::refined).toList();
    List<List<TagField>> fields =
        fieldDetector.detect(photo, outlines, scratch.bytes()).stream().map(this::wanted).toList();
    List<TextLine> lines = new ArrayList<>();
    for (int i = 0; i < fields.size(); i++) {
      TagLines places = new TagLines(outlines.get(i), refined.get(i));
      for (TagField field : fields.get(i)) {
        textIn(field.kind()).ifPresent(kind -> lines.add(places.line(field, kind)));
      }
    }
    List<List<TextReading>> readings = textRecognizer.read(photo, lines, scratch.bytes());
    List<PriceTag> tags = new ArrayList<>();
    int next = 0;
    for (int i = 0; i < fields.size(); i++) {
      List<FieldText> texts = new ArrayList<>();
      for (TagField field : fields.get(i)) {
        boolean read = textIn(field.kind()).isPresent();
        texts.add(new FieldText(field, read ? readings.get(next++) : List.of()));
      }
      tags.add(
          parser.parse(
              new TagText(texts, codes.find(photo, outlines.get(i), fields.get(i))),
              new Detection(refined.get(i), detections.get(i).confidence())));
    }
    return tags;
  }

  /** The surest few of each kind that the scope asks for. */
  private List<TagField> wanted(List<TagField> fields) {
    Map<FieldKind, Integer> counts = new EnumMap<>(FieldKind.class);
    return fields.stream()
        .filter(field -> scope == Scope.ALL_FIELDS || isOfPrice(field.kind()))
        .filter(
            field ->
                counts.merge(field.kind(), 1, Integer::sum) <= MOST.getOrDefault(field.kind(), 0))
        .toList();
  }

  private static boolean isOfPrice(FieldKind kind) {
    return kind == FieldKind.PRICE || kind == FieldKind.REGULAR_PRICE || kind == FieldKind.DISCOUNT;
  }

  private static Optional<TextLine.Kind> textIn(FieldKind kind) {
    return switch (kind) {
      case PRICE, REGULAR_PRICE -> Optional.of(TextLine.Kind.PRICE);
      case NAME, DISCOUNT, UNIT, QUANTITY -> Optional.of(TextLine.Kind.TEXT);
      case CARD, BARCODE, QR -> Optional.empty();
    };
  }
}
