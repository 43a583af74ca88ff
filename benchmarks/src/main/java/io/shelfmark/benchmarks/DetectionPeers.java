package io.shelfmark.benchmarks;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.inference.Predictor;
import ai.djl.modality.cv.Image;
import ai.djl.modality.cv.ImageFactory;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.translate.NoBatchifyTranslator;
import ai.djl.translate.TranslateException;
import ai.djl.translate.TranslatorContext;
import com.sun.management.ThreadMXBean;
import io.shelfmark.inference.detection.TagDetector;
import io.shelfmark.inference.detection.TagOutlines;
import io.shelfmark.inference.image.DecodedPhoto;
import io.shelfmark.inference.image.PhotoDecoder;
import io.shelfmark.inference.image.PixelFormat;
import io.shelfmark.inference.model.ModelSource;
import io.shelfmark.inference.model.OnnxModel;
import io.shelfmark.inference.synthetic.PhotoGenerator;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntSupplier;

/**
 * What does it take to decode a photo of 12 megapixels and find its tags, beside DJL with the very
 * same network: once a {@code Predictor<Image, ...>} in the way of its guide, once with our decoder
 * and letterbox before DJL's engine?
 *
 * <p>DJL's arrays on ONNX Runtime do no arithmetic, so the guide's way scales by {@link
 * Image#resize} and pads in the translator. All take turns on one thread; medians of its CPU time
 * and of what it allocates. Each says how many cells of the map show a tag, which must be alike.
 * Prints a Markdown table:
 *
 * <pre>java -cp benchmarks/target/shelfmark-benchmarks.jar io.shelfmark.benchmarks.DetectionPeers
 * </pre>
 */
public final class DetectionPeers {

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int WARM_UP = 20;
  private static final int ROUNDS = 15;
  private static final float SCORE = 0.57f;
  private static final float FILL = 114;
  private static final int LONG_SIDE = 640;
  private static final int MULTIPLE = 64;

  private final byte[] jpeg;
  private final PhotoDecoder decoder = new PhotoDecoder(PhotoDecoder.DEFAULT_MAX_PIXELS, 1);
  private final ByteBuffer scratch =
      ByteBuffer.allocateDirect(TagDetector.INPUT_BYTES).order(ByteOrder.nativeOrder());
  private final TagOutlines tags = new TagOutlines();

  private DetectionPeers(byte[] jpeg) {
    this.jpeg = jpeg;
  }

  /** Measures a shelf of 32 tags. */
  public static void main(String[] args) throws IOException, MalformedModelException {
    byte[] jpeg = PhotoGenerator.seeded(20).sized(3000, 4000).withTags(32).photo(0).jpeg();
    ModelSource source = ModelSource.bundled("tag-detector");
    PixelFormat format = TagDetector.format(source);
    try (OnnxModel ours = OnnxModel.load(source);
        OnnxModel djl = OnnxModel.loadWithDjl(source, "OnnxRuntime");
        Model model = Model.newInstance("tag-detector", Device.cpu(), "OnnxRuntime")) {
      try (InputStream onnx = ModelSource.class.getResourceAsStream("tag-detector.onnx")) {
        model.load(onnx, Map.of("interOpNumThreads", "1", "intraOpNumThreads", "1"));
      }
      try (Predictor<Image, float[]> predictor = model.newPredictor(new Guide())) {
        DetectionPeers peers = new DetectionPeers(jpeg);
        TagDetector detector = new TagDetector(ours, format, SCORE, 256);
        TagDetector throughDjl = new TagDetector(djl, format, SCORE, 256);
        peers.compare(
            List.of("Shelfmark", "Shelfmark's buffers, DJL's engine", "DJL's `Predictor<Image>`"),
            List.of(
                () -> peers.detect(detector),
                () -> peers.detect(throughDjl),
                () -> peers.predict(predictor)));
      }
    }
  }

  private int detect(TagDetector detector) {
    try (DecodedPhoto photo = decoder.decode("shelf", jpeg, detector.format())) {
      detector.detect(photo, scratch, tags);
      return tags.size();
    }
  }

  private int predict(Predictor<Image, float[]> predictor) {
    try {
      float[] scores =
          predictor.predict(
              ImageFactory.getInstance().fromInputStream(new ByteArrayInputStream(jpeg)));
      return peaks(scores, LONG_SIDE / 8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (TranslateException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Cells that show a tag and no less than their neighbors, as the detector's suppression. */
  private static int peaks(float[] scores, int rows) {
    int columns = scores.length / rows;
    int found = 0;
    for (int cell = 0; cell < scores.length; cell++) {
      boolean highest = scores[cell] >= SCORE;
      for (int dy = -2; dy <= 2 && highest; dy++) {
        for (int dx = -2; dx <= 2 && highest; dx++) {
          int y = cell / columns + dy;
          int x = cell % columns + dx;
          highest =
              y < 0
                  || x < 0
                  || y >= rows
                  || x >= columns
                  || scores[y * columns + x] <= scores[cell];
        }
      }
      found += highest ? 1 : 0;
    }
    return found;
  }

  private void compare(List<String> names, List<IntSupplier> ways) {
    double[][] millis = new double[ways.size()][ROUNDS];
    double[][] kilobytes = new double[ways.size()][ROUNDS];
    int[] found = new int[ways.size()];
    long thread = Thread.currentThread().getId();
    for (int round = -WARM_UP; round < ROUNDS; round++) {
      for (int way = 0; way < ways.size(); way++) {
        long allocated = THREADS.getThreadAllocatedBytes(thread);
        long before = THREADS.getCurrentThreadCpuTime();
        found[way] = ways.get(way).getAsInt();
        if (round >= 0) {
          millis[way][round] = (THREADS.getCurrentThreadCpuTime() - before) / 1e6;
          kilobytes[way][round] = (THREADS.getThreadAllocatedBytes(thread) - allocated) / 1e3;
        }
      }
    }
    System.out.println(
        """
        | 12 MP decoded, tags found | CPU time | of Shelfmark's | heap | tags |
        |---|---|---|---|---|""");
    for (int way = 0; way < ways.size(); way++) {
      System.out.printf(
          Locale.ROOT,
          "| %s | %.1f ms | %.1f | %.0f kB | %d |%n",
          names.get(way),
          Median.of(millis[way]),
          Median.of(millis[way]) / Median.of(millis[0]),
          Median.of(kilobytes[way]),
          found[way]);
    }
  }

  /** From a picture to planes of floats, and from the maps to the scores. */
  private static final class Guide implements NoBatchifyTranslator<Image, float[]> {

    @Override
    public NDList processInput(TranslatorContext context, Image image) {
      double scale = (double) LONG_SIDE / Math.max(image.getWidth(), image.getHeight());
      int width = (int) Math.round(image.getWidth() * scale);
      int height = (int) Math.round(image.getHeight() * scale);
      int paddedWidth = (width + MULTIPLE - 1) / MULTIPLE * MULTIPLE;
      int paddedHeight = (height + MULTIPLE - 1) / MULTIPLE * MULTIPLE;
      NDArray pixels =
          image
              .resize(width, height, false)
              .toNDArray(context.getNDManager(), Image.Flag.GRAYSCALE);
      byte[] bytes = pixels.toByteArray();
      float[] plane = new float[paddedWidth * paddedHeight];
      Arrays.fill(plane, FILL);
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          plane[y * paddedWidth + x] = bytes[y * width + x] & 0xff;
        }
      }
      return new NDList(
          context
              .getNDManager()
              .create(FloatBuffer.wrap(plane), new Shape(1, 1, paddedHeight, paddedWidth)));
    }

    @Override
    public float[] processOutput(TranslatorContext context, NDList outputs) {
      float[] maps = outputs.get(0).toFloatArray();
      return Arrays.copyOf(maps, maps.length / 9);
    }
  }
}
