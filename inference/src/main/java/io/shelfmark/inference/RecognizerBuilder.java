package io.shelfmark.inference;

import io.shelfmark.inference.batching.BatchLimits;
import io.shelfmark.inference.batching.BatchPolicy;
import io.shelfmark.inference.batching.Tuning;
import io.shelfmark.inference.batching.WhenFull;
import io.shelfmark.inference.image.PhotoDecoder;
import io.shelfmark.inference.model.Int8Choice;
import io.shelfmark.inference.model.ModelSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Currency;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Options of a {@link PriceTagRecognizer}, each at its default until set. Get one from {@link
 * PriceTagRecognizer#builder()}. Not thread-safe.
 */
public final class RecognizerBuilder {

  /** What of a tag is read. */
  public enum Scope {
    /** Everything. */
    ALL_FIELDS,
    /** Prices, discount and unit, without names, conditions and codes: about half the time. */
    PRICES
  }

  /** In which numbers the bundled networks compute on the CPU. */
  public enum Precision {
    /** 32-bit floating point: what the networks were trained in. */
    FP32,
    /**
     * 8-bit integers where a network has such a variant that reads as well, 32-bit floating point
     * elsewhere: the text recognizer and the tag detector have one. Made for CPUs with instructions
     * for it (AVX-512 VNNI, AVX-VNNI, ARM dot product); on others it may be slower. Costs a little
     * accuracy, see docs/performance.md.
     */
    INT8,
    /**
     * 8-bit integers for those networks whose variant loses at most 0.3 points on labelled photos,
     * by its card, and is faster on this machine; 32-bit floating point for the others. The first
     * recognizer of a process that asks for it measures that, which takes a moment. See
     * docs/performance.md for which networks those are. Where the {@link RecognizerBuilder#engine}
     * becomes a GPU nothing is measured and all is 32-bit floating point.
     */
    AUTO
  }

  /** The version of a recognizer of which none is said. */
  static final String NO_VERSION = "none";

  Currency currency = Currency.getInstance("RUB");
  long maximumPixels = PhotoDecoder.DEFAULT_MAX_PIXELS;
  private BatchPolicy policy = BatchPolicy.unbatched();
  OptionalInt queue = OptionalInt.empty();
  WhenFull whenFull = WhenFull.WAIT;
  double minimumScore = 0.57;
  double minimumPriceConfidence = 0;
  int maximumTags = 256;
  Scope scope = Scope.ALL_FIELDS;
  Engine engine = Engine.cpu();
  String version = NO_VERSION;
  private @Nullable RecognizerMeters meters;
  Precision precision = Precision.FP32;
  UnaryOperator<ModelSource> int8Choice = Int8Choice::choose;
  ModelSource tagDetector = ModelSource.bundled("tag-detector");
  private ModelSource fieldDetector = ModelSource.bundled("field-detector");
  private ModelSource textRecognizer = ModelSource.bundled("text-recognizer");

  RecognizerBuilder() {}

  /** The currency of a price without a sign; roubles by default. */
  public RecognizerBuilder currency(Currency value) {
    currency = Objects.requireNonNull(value, "value");
    return this;
  }

  /**
   * The largest photo that is decoded, in pixels; 100 million by default, 500 million at most. A
   * larger one is refused by its header.
   */
  public RecognizerBuilder maximumPixels(long value) {
    if (value < 1 || value > PhotoDecoder.MOST_PIXELS) {
      throw new IllegalArgumentException(
          "Cannot set maximum pixels: found %d, expected 1 to %d"
              .formatted(value, PhotoDecoder.MOST_PIXELS));
    }
    maximumPixels = value;
    return this;
  }

  /**
   * Threads for {@code recognizeAsync} and {@code recognizeAll}; the number of processors by
   * default.
   */
  public RecognizerBuilder threads(int value) {
    requirePositive("threads", value);
    policy = new BatchPolicy(value, policy.photos(), policy.tags(), policy.lines());
    return this;
  }

  /**
   * Threads, and whether runs of several callers are put together; {@link BatchPolicy#unbatched} by
   * default. {@link #threads} after it changes its threads alone.
   */
  public RecognizerBuilder batching(BatchPolicy value) {
    policy = Objects.requireNonNull(value, "value");
    return this;
  }

  /**
   * Photos that may wait for the threads of {@code recognizeAsync} and {@code recognizeAll}; four
   * for each thread by default. They are kept as encoded bytes. A quarter of the places, at least
   * one where there are two, is not for bulk.
   */
  public RecognizerBuilder queue(int value) {
    queue = OptionalInt.of(requirePositive("queue", value));
    return this;
  }

  /**
   * What happens to a photo for which that queue has no room; its caller waits by default. Callers
   * of bulk wait whatever is set, until their deadline if they have one.
   */
  public RecognizerBuilder whenFull(WhenFull value) {
    whenFull = Objects.requireNonNull(value, "value");
    return this;
  }

  /** {@link #tune(Path, Duration)} within ten seconds. */
  public Tuning tune(Path folder) {
    return tune(folder, Duration.ofSeconds(10));
  }

  /**
   * Sets the {@link #batching} that does most photos a second on this machine, with the engine and
   * models set so far. The first time it tries candidates with the real models, on all cores, for
   * so long at most; what it found is kept in {@code folder} under a name made of machine, engine
   * and models, and used the next time. To measure anew, delete the file.
   *
   * @param folder for the file, made when it is missing; one folder serves several machines
   * @param atMost the time for loading the models and measuring: photos that are under way then are
   *     finished
   * @return what was chosen and what was measured, also when it was measured before
   * @throws ModelException when a model or the engine's native library cannot be loaded
   * @throws IllegalArgumentException when {@code folder} cannot be written
   */
  public Tuning tune(Path folder, Duration atMost) {
    Tuning tuning = Tuner.tune(this, folder, atMost);
    batching(tuning.policy());
    return tuning;
  }

  /** Tags with a lower detection score are left out; 0 to 1, 0.57 by default. */
  public RecognizerBuilder minimumScore(double value) {
    minimumScore = requireShare("minimum score", value);
    return this;
  }

  /**
   * Prices, main or regular, of a lower confidence are left empty; 0 to 1, 0 by default. The tag
   * itself and its other fields stay.
   */
  public RecognizerBuilder minimumPriceConfidence(double value) {
    minimumPriceConfidence = requireShare("minimum price confidence", value);
    return this;
  }

  /** The most tags that are read of one photo, the surest first; 256 by default. */
  public RecognizerBuilder maximumTags(int value) {
    maximumTags = requirePositive("maximum tags", value);
    return this;
  }

  /** What of a tag is read; everything by default. */
  public RecognizerBuilder scope(Scope value) {
    scope = Objects.requireNonNull(value, "value");
    return this;
  }

  /**
   * In which numbers the bundled networks compute; {@link Precision#FP32} by default. Networks of
   * the host's own are used as they are.
   */
  public RecognizerBuilder precision(Precision value) {
    precision = Objects.requireNonNull(value, "value");
    return this;
  }

  /**
   * What the models run on; {@link Engine#cpu} by default. On a GPU the bundled networks compute in
   * floating point whatever the {@link #precision}.
   */
  public RecognizerBuilder engine(Engine value) {
    engine = Objects.requireNonNull(value, "value");
    return this;
  }

  /** What is told how photos, stages and engine go; nobody by default. */
  public RecognizerBuilder meters(RecognizerMeters value) {
    meters = Objects.requireNonNull(value, "value");
    return this;
  }

  /**
   * What meters and flight recordings call the models, to tell those of several recognizers apart;
   * {@code none} by default. A name such as {@code v5} or {@code text-recognizer@3}.
   */
  public RecognizerBuilder version(String value) {
    if (value.isBlank()) {
      throw new IllegalArgumentException(
          "Cannot set version: found a blank, expected a name such as v5");
    }
    version = value;
    return this;
  }

  /** An ONNX tag detector with its card beside it, instead of the bundled one. */
  public RecognizerBuilder tagDetector(Path onnx) {
    tagDetector = ModelSource.file(onnx);
    return this;
  }

  /** An ONNX field detector with its card beside it, instead of the bundled one. */
  public RecognizerBuilder fieldDetector(Path onnx) {
    fieldDetector = ModelSource.file(onnx);
    return this;
  }

  /** An ONNX text recognizer with its card beside it, instead of the bundled one. */
  public RecognizerBuilder textRecognizer(Path onnx) {
    textRecognizer = ModelSource.file(onnx);
    return this;
  }

  /**
   * Loads the models.
   *
   * @throws ModelException when a model or the engine's native library cannot be loaded, or a
   *     {@linkplain Engine#required required} engine cannot be had
   */
  public PriceTagRecognizer build() {
    return LocalRecognizer.open(this);
  }

  /** Who is told how the recognizer does; nobody where no meters are set. */
  @Nullable StageObserver observer() {
    return meters == null ? null : meters.observer(version);
  }

  /** The queue of photos and the threads behind it. */
  BatchLimits photoLimits() {
    int places = queue.orElse(Math.multiplyExact(4, policy.threads()));
    return new BatchLimits(policy.threads(), 1, Duration.ZERO, places, whenFull);
  }

  /** How work is divided. */
  BatchPolicy policy() {
    return policy;
  }

  /**
   * Where the tag detector, the field detector and the text recognizer come from on {@code engine}:
   * on a GPU 8-bit integers are no gain, so they are neither used nor tried.
   */
  List<ModelSource> models(ExecutionProvider engine) {
    List<ModelSource> trained = List.of(tagDetector, fieldDetector, textRecognizer);
    if (engine != ExecutionProvider.CPU) {
      return trained;
    }
    return switch (precision) {
      case FP32 -> trained;
      case INT8 -> trained.stream().map(ModelSource::int8).toList();
      case AUTO -> trained.stream().map(int8Choice).toList();
    };
  }

  private static double requireShare(String what, double value) {
    if (!(value >= 0 && value <= 1)) {
      throw new IllegalArgumentException(
          "Cannot set %s: found %s, expected 0 to 1".formatted(what, value));
    }
    return value;
  }

  private static int requirePositive(String what, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(
          "Cannot set %s: found %d, expected 1 or more".formatted(what, value));
    }
    return value;
  }
}
