package io.shelfmark.inference;

import io.shelfmark.inference.RecognizerBuilder.Scope;
import io.shelfmark.inference.detection.FieldDetector;
import io.shelfmark.inference.detection.FieldKind;
import io.shelfmark.inference.detection.TagDetector;
import io.shelfmark.inference.detection.TagFields;
import io.shelfmark.inference.image.DecodedPhoto;
import io.shelfmark.inference.parsing.TagParser;
import io.shelfmark.inference.parsing.TextReadings;
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

  TagReader(
      TagDetector tagDetector,
      FieldDetector fieldDetector,
      TextRecognizer textRecognizer,
      TagParser parser,
      CodeFinder codes) {
    this.tagDetector = tagDetector;
    this.fieldDetector = fieldDetector;
    this.textRecognizer = textRecognizer;
    this.parser = parser;
    this.codes = codes;
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
    TagFields fields = scratch.fields();
    fieldDetector.detect(photo, outlines, scratch.bytes(), fields);
    TextLines lines = scratch.lines();
    lines.clear();
    for (int i = 0; i < fields.tags(); i++) {
      scratch.places().open(outlines.get(i), refined.get(i));
      addLines(scratch.places(), fields, i, lines);
    }
    TextReadings readings = scratch.readings();
    readings.clear(fields.size());
    textRecognizer.read(photo, lines, scratch.bytes(), readings);
    for (int i = 0; i < fields.tags(); i++) {
      List<Recognized<Barcode>> found = codes.find(photo, outlines.get(i), fields, i);
      Detection detection = new Detection(refined.get(i), detections.get(i).confidence());
      tags.add(parser.parse(scratch.text().turn(i, found), detection));
    }
  }

  private static void addLines(TagLines places, TagFields fields, int tag, TextLines lines) {
    for (int i = fields.start(tag); i < fields.end(tag); i++) {
      TextLines.Kind kind = textIn(fields.kind(i));
      if (kind != null) {
        places.add(fields, i, kind, lines);
      }
    }
  }

  /** The most fields of a kind that are read on one tag: more are noise. */
  static int most(FieldKind kind, Scope scope) {
    boolean ofPrice =
        kind == FieldKind.PRICE || kind == FieldKind.REGULAR_PRICE || kind == FieldKind.DISCOUNT;
    if (scope == Scope.PRICES && !ofPrice) {
      return 0;
    }
    return kind == FieldKind.NAME ? MOST_NAMES : 1;
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
