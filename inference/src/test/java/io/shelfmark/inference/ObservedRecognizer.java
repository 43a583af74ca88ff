package io.shelfmark.inference;

import io.shelfmark.inference.detection.TagFields;
import io.shelfmark.inference.image.DecodedPhoto;
import io.shelfmark.inference.model.OnnxModel;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A recognizer that leaves codes alone and knows what it asked the engine and where it would have
 * sought codes, for benchmarks. For one thread.
 */
public final class ObservedRecognizer implements AutoCloseable {

  private final CodeFinder finder = new CodeFinder();
  private final LocalRecognizer recognizer;
  private final List<Run> runs = new ArrayList<>();
  private final ByteBuffer input =
      ByteBuffer.allocateDirect(Scratch.SIZE).order(ByteOrder.nativeOrder());
  private final List<Sought> sought = new ArrayList<>();
  private boolean reading;

  private record Run(OnnxModel model, long[] shape) {}

  private record Sought(double[] outline, TagFields fields) {}

  private ObservedRecognizer(RecognizerBuilder options) {
    recognizer = LocalRecognizer.open(options, new NoCodes());
    recognizer.models().forEach(model -> model.onRun(shape -> record(model, shape)));
  }

  private void record(OnnxModel model, long[] shape) {
    if (reading) {
      runs.add(new Run(model, shape.clone()));
    }
  }

  /** With the bundled models. */
  public static ObservedRecognizer open() {
    return open(PriceTagRecognizer.builder());
  }

  /** With other options. */
  public static ObservedRecognizer open(RecognizerBuilder options) {
    return new ObservedRecognizer(options);
  }

  /** Reads a photo, codes left out, and remembers what the engine was asked. */
  public ShelfReading observe(ShelfPhoto photo) {
    runs.clear();
    sought.clear();
    reading = true;
    try {
      return recognizer.recognize(photo);
    } finally {
      reading = false;
    }
  }

  /** Reads a photo, codes left out. */
  public ShelfReading recognize(ShelfPhoto photo) {
    return recognizer.recognize(photo);
  }

  /** How many lines of text the observed photo had. */
  public int lines() {
    return lineWidths().length;
  }

  /** The width in pixels, padding included, that each of them had in its run. */
  public int[] lineWidths() {
    return runs.stream()
        .filter(run -> run.model().equals(recognizer.models().get(2)))
        .flatMapToInt(run -> IntStream.generate(() -> (int) run.shape()[3]).limit(run.shape()[0]))
        .toArray();
  }

  /** The engine alone: the observed photo's runs again, same sessions, same shapes. */
  public int runEngine() {
    for (Run run : runs) {
      run.model().run(input, run.shape()).close();
    }
    return runs.size();
  }

  /** Codes alone: cut out and decoded wherever the observed photo may have one. */
  public int findCodes(DecodedPhoto photo) {
    int found = 0;
    for (Sought tag : sought) {
      found += finder.find(photo, tag.outline(), tag.fields(), 0).size();
    }
    return found;
  }

  @Override
  public void close() {
    recognizer.close();
  }

  private final class NoCodes extends CodeFinder {
    @Override
    List<Recognized<Barcode>> find(
        DecodedPhoto photo, double[] outline, TagFields fields, int tag) {
      if (reading) {
        sought.add(new Sought(outline.clone(), copy(fields, tag)));
      }
      return List.of();
    }

    private static TagFields copy(TagFields fields, int tag) {
      TagFields copy = new TagFields();
      for (int i = fields.start(tag); i < fields.end(tag); i++) {
        copy.add(
            fields.kind(i),
            fields.left(i),
            fields.top(i),
            fields.right(i),
            fields.bottom(i),
            fields.score(i));
      }
      copy.endTag();
      return copy;
    }
  }
}
