package io.shelfmark.inference.text;

import io.shelfmark.inference.parsing.TextReadings;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** What a decoder made of one line. */
record Readings(List<String> texts, List<Double> confidences) {

  /** What {@code decode} adds to the readings of field 0. */
  static Readings of(Consumer<TextReadings> decode) {
    TextReadings readings = new TextReadings();
    readings.clear(1);
    decode.accept(readings);
    return new Readings(
        ways(readings).mapToObj(way -> readings.text(0, way).toString()).toList(),
        ways(readings).mapToObj(way -> readings.confidence(0, way)).toList());
  }

  private static IntStream ways(TextReadings readings) {
    return IntStream.range(0, readings.count(0));
  }
}
