package io.shelfmark.inference;

import io.shelfmark.inference.RecognizerBuilder.Scope;
import io.shelfmark.inference.batching.BatchPolicy;
import io.shelfmark.inference.batching.Deadline;
import io.shelfmark.inference.batching.Request;
import io.shelfmark.inference.detection.FieldDetector;
import io.shelfmark.inference.detection.TagDetector;
import io.shelfmark.inference.image.DecodedPhoto;
import io.shelfmark.inference.image.NativeBuffer;
import io.shelfmark.inference.image.PhotoDecoder;
import io.shelfmark.inference.image.PixelFormat;
import io.shelfmark.inference.model.InputShapes;
import io.shelfmark.inference.model.ModelSet;
import io.shelfmark.inference.model.OnnxModel;
import io.shelfmark.inference.parsing.TagParser;
import io.shelfmark.inference.text.Alphabet;
import io.shelfmark.inference.text.TextRecognizer;
import io.shelfmark.internal.Pool;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * Reads photos in this process: each photo on one thread from its bytes to its tags, all threads on
 * one set of models.
 *
 * <p>{@code inUse} protects the models: reading holds its read lock, closing takes its write lock
 * once the workers have read what they had taken, so no model is freed under a photo.
 */
final class LocalRecognizer implements PriceTagRecognizer {

  private final ReentrantReadWriteLock inUse = new ReentrantReadWriteLock();
  private final ModelSet models;
  private final TagReader reader;
  private final PhotoDecoder decoder;
  private final Pool<Scratch> scratches;
  private final PhotoWorkers workers;
  private final @Nullable StageObserver observer;
  private volatile boolean closed;

  // written under the write lock of inUse
  private boolean freed;

  private LocalRecognizer(
      ModelSet models,
      TagReader reader,
      PhotoDecoder decoder,
      RecognizerBuilder options,
      @Nullable StageObserver observer) {
    this.models = models;
    this.reader = reader;
    this.decoder = decoder;
    this.observer = observer;
    String version = options.version;
    this.scratches = new Pool<>(() -> Scratch.make(version));
    this.workers = new PhotoWorkers(options.photoLimits(), this::readTaken, observer);
  }

  static PriceTagRecognizer open(RecognizerBuilder options) {
    return open(options, new CodeFinder());
  }

  static LocalRecognizer open(RecognizerBuilder options, CodeFinder codes) {
    // The pictures' natives load beside the engine's: together they are most of the time to the
    // first reading.
    PriceTagRecognizer.preload();
    Scope scope = options.scope;
    ModelSet set = load(options);
    List<OnnxModel> models = set.models();
    try {
      TagReader reader =
          new TagReader(
              new TagDetector(
                  models.get(0), format(options), options.minimumScore, options.maximumTags),
              new FieldDetector(models.get(1), 0.3, kind -> TagReader.most(kind, scope)),
              new TextRecognizer(models.get(2), Alphabet.of(set.sources().get(2))),
              TagParser.of(options.currency).minimumPriceConfidence(options.minimumPriceConfidence),
              codes);
      StageObserver observer = options.observer();
      if (observer != null) {
        meter(models, observer);
      }
      BatchPolicy policy = options.policy();
      models.get(0).batch(policy.photos());
      models.get(1).batch(policy.tags());
      models.get(2).batch(policy.lines());
      return new LocalRecognizer(
          set,
          reader,
          new PhotoDecoder(options.maximumPixels, policy.threads()),
          options,
          observer);
    } catch (RuntimeException | Error e) {
      set.close();
      throw e;
    }
  }

  private static void meter(List<OnnxModel> models, StageObserver observer) {
    for (int i = 0; i < models.size(); i++) {
      int model = i;
      models.get(i).meter((items, nanos) -> observer.ran(model, items, nanos));
    }
  }

  /** Runs of its models, which stay its own. */
  ShelfRuns runs() {
    return new ShelfRuns(models.models(), reader.format());
  }

  /** The tag detector, the field detector, the text recognizer. */
  List<OnnxModel> models() {
    return models.models();
  }

  @Override
  public EngineInUse engine() {
    return models.engine();
  }

  private static ModelSet load(RecognizerBuilder options) {
    BatchPolicy policy = options.policy();
    List<InputShapes> inputs =
        List.of(
            TagDetector.inputs(format(options)).batched(policy.photos().maxBatch()),
            FieldDetector.INPUTS.batched(policy.tags().maxBatch()),
            TextRecognizer.INPUTS.batched(policy.lines().maxBatch()));
    return ModelSet.load(options.engine, options::models, inputs);
  }

  /** The same for its variants for other engines. */
  private static PixelFormat format(RecognizerBuilder options) {
    return TagDetector.format(options.tagDetector);
  }

  @Override
  public ShelfReading recognize(ShelfPhoto photo, ReadOptions options) {
    Objects.requireNonNull(photo, "photo");
    if (options.deadline().isPresent()) {
      requireOpen();
      return workers.read(photo, options);
    }
    inUse.readLock().lock();
    try {
      requireOpen();
      return scratches.with(scratch -> read(photo, () -> {}, scratch));
    } finally {
      inUse.readLock().unlock();
    }
  }

  /** What the workers have taken is read even while the recognizer is being closed. */
  private ShelfReading readTaken(ShelfPhoto photo, Request request) {
    return read(photo, inTime(photo, request.deadline()));
  }

  /**
   * Reads a photo; {@code inTime} is run between the stages, and ends the reading by throwing. A
   * callback of a worker may still read when all else is done and the memory freed: it is refused.
   */
  ShelfReading read(ShelfPhoto photo, Runnable inTime) {
    inUse.readLock().lock();
    try {
      if (freed) {
        throw PhotoWorkers.closed();
      }
      return scratches.with(scratch -> read(photo, inTime, scratch));
    } finally {
      inUse.readLock().unlock();
    }
  }

  private ShelfReading read(ShelfPhoto photo, Runnable inTime, Scratch scratch) {
    PhotoTrace trace = scratch.trace();
    trace.begin(observer);
    try (DecodedPhoto decoded = decoder.decode(photo.name(), photo.bytes(), reader.format())) {
      trace.end(PhotoTrace.Stage.DECODE);
      ShelfReading reading =
          new ShelfReading(
              photo.name(),
              decoded.width(),
              decoded.height(),
              reader.read(decoded, scratch, inTime));
      trace.read(reading);
      return reading;
    } catch (RuntimeException | Error e) {
      trace.failed(e);
      throw e;
    } finally {
      trace.end(photo);
    }
  }

  /** Stops a photo between two stages when its time is up. */
  private static Runnable inTime(ShelfPhoto photo, Deadline deadline) {
    return deadline.isNever() ? () -> {} : () -> deadline.requireLeft("read photo", photo);
  }

  @Override
  public CompletableFuture<ShelfReading> recognizeAsync(ShelfPhoto photo, ReadOptions options) {
    Objects.requireNonNull(photo, "photo");
    requireOpen();
    return workers.submit(photo, options);
  }

  @Override
  public List<PhotoOutcome> recognizeAll(Collection<ShelfPhoto> photos) {
    List<ShelfPhoto> asked = List.copyOf(photos);
    requireOpen();
    return workers.readAll(asked);
  }

  @Override
  public void close() {
    closed = true;
    try {
      workers.close();
    } finally {
      // whatever an observer throws that is told of the end
      freeOnce();
    }
  }

  private void freeOnce() {
    inUse.writeLock().lock();
    try {
      if (!freed) {
        freed = true;
        free();
      }
    } finally {
      inUse.writeLock().unlock();
    }
  }

  /**
   * Photos that were given up at their deadline may have left a run behind that still reads their
   * scratch memory: closing the models waits for it.
   */
  private void free() {
    decoder.close();
    try {
      models.close();
    } finally {
      scratches.drain(Scratch::close);
      NativeBuffer.giveBackFree();
    }
  }

  private void requireOpen() {
    if (closed) {
      throw PhotoWorkers.closed();
    }
  }
}
