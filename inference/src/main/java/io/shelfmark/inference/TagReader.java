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
import io.shelfmark.inference.text.TextLines;
import io.shelfmark.inference.text.TextRecognizer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The way from a decoded photo to its tags: detect, refine outlines, find fields, read lines,
 * parse. Thread-safe as long as no two threads share a {@link Scratch}.
 */
final class TagReader {

  private static final int MOST_NAMES = 5;

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
    List<PriceTag> tags = new ArrayList<>(detections.size());
    for (int from = 0; from < detections.size(); from += Scratch.TAGS) {
      int to = Math.min(detections.size(), from + Scratch.TAGS);
      readTags(photo, detections.subList(from, to), scratch, tags);
    }
    return ShelfOrder.sort(tags);
  }

  private void readTags(
      DecodedPhoto photo, List<Detection> detections, Scratch scratch, List<PriceTag> tags) {
    List<Outline> outlines = new ArrayList<>(detections.size());
    List<Outline> refined = new ArrayList<>(detections.size());
    for (int i = 0; i < detections.size(); i++) {
      Outline outline = detections.get(i).outline();
      outlines.add(outline);
      refined.add(photo.refined(outline));
    }
    List<List<TagField>> fields = fieldDetector.detect(photo, outlines, scratch.bytes());
    TextLines lines = scratch.lines();
    lines.clear();
    for (int i = 0; i < fields.size(); i++) {
      dropUnwanted(fields.get(i));
      scratch.places().open(outlines.get(i), refined.get(i));
      addLines(scratch.places(), fields.get(i), lines);
    }
    List<List<TextReading>> readings = textRecognizer.read(photo, lines, scratch.bytes());
    int line = 0;
    for (int i = 0; i < fields.size(); i++) {
      FieldText[] texts = new FieldText[fields.get(i).size()];
      for (int j = 0; j < texts.length; j++) {
        TagField field = fields.get(i).get(j);
        boolean read = textIn(field.kind()) != null;
        texts[j] = new FieldText(field, read ? readings.get(line++) : List.of());
      }
      List<Recognized<Barcode>> found = codes.find(photo, outlines.get(i), fields.get(i));
      Detection detection = new Detection(refined.get(i), detections.get(i).confidence());
      tags.add(parser.parse(new TagText(List.of(texts), found), detection));
    }
  }

  private static void addLines(TagLines places, List<TagField> fields, TextLines lines) {
    for (int i = 0; i < fields.size(); i++) {
      TagField field = fields.get(i);
      TextLines.Kind kind = textIn(field.kind());
      if (kind != null) {
        places.add(field, kind, lines);
      }
    }
  }

  /** Leaves the surest few of each kind that the scope asks for. */
  private void dropUnwanted(List<TagField> fields) {
    int kept = 0;
    for (int i = 0; i < fields.size(); i++) {
      TagField field = fields.get(i);
      if ((scope == Scope.ALL_FIELDS || isOfPrice(field.kind()))
          && count(fields, kept, field.kind()) < most(field.kind())) {
        fields.set(kept++, field);
      }
    }
    while (fields.size() > kept) {
      fields.remove(fields.size() - 1);
    }
  }

  /** How many of the first {@code size} fields are of a kind. */
  private static int count(List<TagField> fields, int size, FieldKind kind) {
    int count = 0;
    for (int i = 0; i < size; i++) {
      count += fields.get(i).kind() == kind ? 1 : 0;
    }
    return count;
  }

  /** The most fields of a kind that are read on one tag: more are noise. */
  private static int most(FieldKind kind) {
    return kind == FieldKind.NAME ? MOST_NAMES : 1;
  }

  private static boolean isOfPrice(FieldKind kind) {
    return kind == FieldKind.PRICE || kind == FieldKind.REGULAR_PRICE || kind == FieldKind.DISCOUNT;
  }

  private static TextLines.@Nullable Kind textIn(FieldKind kind) {
    return switch (kind) {
      case PRICE, REGULAR_PRICE -> TextLines.Kind.PRICE;
      case NAME -> TextLines.Kind.NAME;
      case DISCOUNT, UNIT, QUANTITY -> TextLines.Kind.TEXT;
      case CARD, BARCODE, QR -> null;
    };
  }
}
