package io.shelfmark.inference;

import com.sun.management.ThreadMXBean;
import io.shelfmark.inference.detection.TagField;
import io.shelfmark.inference.image.DecodedPhoto;
import io.shelfmark.inference.model.OnnxModel;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * A recognizer that knows what it costs, for benchmarks: CPU time and heap of the calling thread,
 * what of it went to codes, and what the engine was asked. For one thread.
 */
public final class MeteredRecognizer implements AutoCloseable {

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final MeteredCodes codes = new MeteredCodes();
  private final LocalRecognizer recognizer;
  private final List<Run> runs = new ArrayList<>();
  private final ByteBuffer input =
      ByteBuffer.allocateDirect(Scratch.SIZE).order(ByteOrder.nativeOrder());

  /**
   * What a thread spent.
   *
   * @param nanos CPU time
   * @param bytes heap allocated
   */
  public record Cost(long nanos, long bytes) {

    /** What the calling thread has spent so far. */
    public static Cost ofThread() {
      return new Cost(THREADS.getCurrentThreadCpuTime(), THREADS.getCurrentThreadAllocatedBytes());
    }

    /** The difference. */
    public Cost minus(Cost other) {
      return new Cost(nanos - other.nanos, bytes - other.bytes);
    }

    Cost plus(Cost other) {
      return new Cost(nanos + other.nanos, bytes + other.bytes);
    }
  }

  private record Run(OnnxModel model, long[] shape) {}

  /**
   * One photo.
   *
   * @param reading its tags
   * @param withoutCodes from the bytes to the tags, codes left out
   * @param codes cutting out and decoding codes
   */
  public record Metered(ShelfReading reading, Cost withoutCodes, Cost codes) {}

  private MeteredRecognizer(RecognizerBuilder options) {
    recognizer = LocalRecognizer.open(options, codes);
    recognizer.models().forEach(model -> model.onRun(shape -> runs.add(new Run(model, shape))));
  }

  /** With the bundled models. */
  public static MeteredRecognizer open() {
    return new MeteredRecognizer(PriceTagRecognizer.builder());
  }

  /** Reads a photo. */
  public Metered recognize(ShelfPhoto photo) {
    runs.clear();
    codes.spent = new Cost(0, 0);
    Cost before = Cost.ofThread();
    ShelfReading reading = recognizer.recognize(photo);
    Cost whole = Cost.ofThread().minus(before);
    return new Metered(reading, whole.minus(codes.spent), codes.spent);
  }

  /** How many lines of text the last photo had. */
  public int lines() {
    return runs.stream()
        .filter(run -> run.model().equals(recognizer.models().get(2)))
        .mapToInt(run -> (int) run.shape()[0])
        .sum();
  }

  /** The engine alone: the last photo's runs again, same sessions, same shapes. */
  public Cost engine() {
    List<Run> again = List.copyOf(runs);
    Cost before = Cost.ofThread();
    for (Run run : again) {
      run.model().run(input, run.shape()).close();
    }
    return Cost.ofThread().minus(before);
  }

  @Override
  public void close() {
    recognizer.close();
  }

  private static final class MeteredCodes extends CodeFinder {
    private Cost spent = new Cost(0, 0);

    @Override
    List<Recognized<Barcode>> find(DecodedPhoto photo, Outline outline, List<TagField> fields) {
      Cost before = Cost.ofThread();
      List<Recognized<Barcode>> found = super.find(photo, outline, fields);
      spent = spent.plus(Cost.ofThread().minus(before));
      return found;
    }
  }
}
