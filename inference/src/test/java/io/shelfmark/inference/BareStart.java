package io.shelfmark.inference;

import io.shelfmark.inference.rollout.RollingBuilder;
import io.shelfmark.inference.rollout.RollingRecognizer;
import java.util.Arrays;

/** A program of a host without Micrometer, on a runtime without the flight recorder. */
final class BareStart {

  private BareStart() {}

  public static void main(String[] arguments) {
    // what frameworks do that look through a host's classes
    long methods =
        Arrays.stream(RecognizerBuilder.class.getMethods()).count()
            + Arrays.stream(RollingBuilder.class.getMethods()).count();
    try (PriceTagRecognizer recognizer = RollingRecognizer.open("v1", PriceTagRecognizer::open)) {
      recognizer.recognize(ShelfPhoto.of("noise", new byte[3]));
    } catch (UnreadablePhotoException e) {
      System.out.println(
          "refused, "
              + (methods > 0)
              + ", Micrometer "
              + isThere("io.micrometer.core.instrument.MeterRegistry")
              + ", recorder "
              + isThere("jdk.jfr.Event"));
    }
  }

  private static boolean isThere(String type) {
    try {
      Class.forName(type);
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }
}
