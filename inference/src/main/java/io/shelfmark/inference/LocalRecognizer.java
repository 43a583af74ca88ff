package io.shelfmark.inference;

import io.shelfmark.inference.RecognizerBuilder.Scope;
import io.shelfmark.inference.detection.FieldDetector;
import io.shelfmark.inference.detection.TagDetector;
import io.shelfmark.inference.image.DecodedPhoto;
import io.shelfmark.inference.image.PhotoDecoder;
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

/**
 * Reads photos in this process: each photo on one thread from its bytes to its tags, all threads on
 * one set of models.
 *
 * <p>{@code inUse} protects the models: reading holds its read lock, closing takes its write lock,
 * so no model is freed under a photo.
 */
final class LocalRecognizer implements PriceTagRecognizer {

  private final ReentrantReadWriteLock inUse = new ReentrantReadWriteLock();
  private final ModelSet models;
  private final TagReader reader;
  private final PhotoDecoder decoder;
  private final Pool<Scratch> scratches = new Pool<>(Scratch::make);
  private final PhotoWorkers workers;
  private volatile boolean closed;

  private LocalRecognizer(ModelSet models, TagReader reader, PhotoDecoder decoder, int threads) {
    this.models = models;
    this.reader = reader;
    this.decoder = decoder;
    this.workers = new PhotoWorkers(threads, this::recognize);
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
              new TagDetector(models.get(0), options.minimumScore, options.maximumTags),
              new FieldDetector(models.get(1), 0.3, kind -> TagReader.most(kind, scope)),
              new TextRecognizer(models.get(2), Alphabet.of(options.models().get(2))),
              TagParser.of(options.currency).minimumPriceConfidence(options.minimumPriceConfidence),
              codes);
      return new LocalRecognizer(
          set, reader, new PhotoDecoder(options.maximumPixels, options.threads), options.threads);
    } catch (RuntimeException e) {
      set.close();
      throw e;
    }
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
    List<InputShapes> inputs =
        List.of(TagDetector.INPUTS, FieldDetector.INPUTS, TextRecognizer.INPUTS);
    return ModelSet.load(options.engine, options.models(), options.gpuModels(), inputs);
  }

  @Override
  public ShelfReading recognize(ShelfPhoto photo) {
    Objects.requireNonNull(photo, "photo");
    inUse.readLock().lock();
    try {
      requireOpen();
      return scratches.with(scratch -> read(photo, scratch));
    } finally {
      inUse.readLock().unlock();
    }
  }

  private ShelfReading read(ShelfPhoto photo, Scratch scratch) {
    try (DecodedPhoto decoded = decoder.decode(photo.name(), photo.bytes())) {
      return new ShelfReading(
          photo.name(), decoded.width(), decoded.height(), reader.read(decoded, scratch));
    }
  }

  @Override
  public CompletableFuture<ShelfReading> recognizeAsync(ShelfPhoto photo) {
    Objects.requireNonNull(photo, "photo");
    requireOpen();
    return workers.submit(photo);
  }

  @Override
  public List<PhotoOutcome> recognizeAll(Collection<ShelfPhoto> photos) {
    List<ShelfPhoto> asked = List.copyOf(photos);
    requireOpen();
    return workers.readAll(asked);
  }

  @Override
  public void close() {
    inUse.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        workers.shutdown();
        decoder.close();
        models.close();
      }
    } finally {
      inUse.writeLock().unlock();
    }
  }

  private void requireOpen() {
    if (closed) {
      throw PhotoWorkers.closed();
    }
  }
}
