package io.shelfmark.inference.bulk;

import io.shelfmark.inference.PriceTagRecognizer;
import io.shelfmark.inference.bulk.BulkRun.Source;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Iterator;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * Reads many photos: a folder or a stream of them into a file of JSON lines, or a stream into a
 * stream.
 *
 * <pre>{@code
 * BulkProgress done =
 *     BulkRecognition.of(recognizer)
 *         .progress(Duration.ofSeconds(10), System.out::println)
 *         .run(Path.of("photos"), Path.of("results.jsonl"));
 * }</pre>
 *
 * <p>Memory does not grow with the number of photos, apart from 36 to 72 bytes for each that is on
 * record: a photo is opened shortly before it is recognized, and {@link #photosInFlight} of them
 * are open at once. Outcomes come as photos are done, in no particular order. A bad photo fails
 * alone; its outcome says why.
 *
 * <p>A run that is killed goes on when it is started again with the same file: photos on record are
 * not read again, unless their size or time of modification is another, {@link #readBy} is, or they
 * failed without being bad themselves. A photo that has another line then has two until the run is
 * complete, which leaves one a photo. Photos that are gone keep their lines.
 *
 * <p>Immutable; thread-safe as its recognizer is. Closes nothing.
 */
public final class BulkRecognition {

  private final PriceTagRecognizer recognizer;
  private final Options options;

  private record Options(
      int width,
      Optional<String> readBy,
      Duration period,
      BulkProgress.Listener listener,
      Clock clock,
      LongSupplier nanoTime) {}

  private BulkRecognition(PriceTagRecognizer recognizer, Options options) {
    this.recognizer = recognizer;
    this.options = options;
  }

  /** Reads with {@code recognizer}, which the caller closes after the last run. */
  public static BulkRecognition of(PriceTagRecognizer recognizer) {
    Options options =
        new Options(
            4 * Runtime.getRuntime().availableProcessors(),
            Optional.empty(),
            Duration.ofSeconds(10),
            progress -> {},
            Clock.systemUTC(),
            System::nanoTime);
    return new BulkRecognition(Objects.requireNonNull(recognizer, "recognizer"), options);
  }

  /**
   * How many photos are open at once, from their bytes to their outcome; four a processor by
   * default. Fewer than the recognizer has threads leave some idle.
   */
  public BulkRecognition photosInFlight(int value) {
    if (value < 1) {
      throw new IllegalArgumentException(
          "Cannot set photos in flight: found %d, expected 1 or more".formatted(value));
    }
    return with(
        new Options(
            value,
            options.readBy,
            options.period,
            options.listener,
            options.clock,
            options.nanoTime));
  }

  /**
   * What results call the models and options that read them, such as a model's version; nothing by
   * default. Photos on record under another name are read again.
   */
  public BulkRecognition readBy(String value) {
    if (value.isEmpty()) {
      throw new IllegalArgumentException(
          "Cannot name what reads: found an empty name, expected a model's version or the like");
    }
    return with(
        new Options(
            options.width,
            Optional.of(value),
            options.period,
            options.listener,
            options.clock,
            options.nanoTime));
  }

  /**
   * Has a listener told how far a run is: every {@code period}, 10 seconds by default, and at the
   * end. {@link Duration#ZERO} is after every photo.
   */
  public BulkRecognition progress(Duration period, BulkProgress.Listener listener) {
    Objects.requireNonNull(listener, "listener");
    if (period.isNegative()) {
      throw new IllegalArgumentException(
          "Cannot set period of progress: found %s, expected 0 or more".formatted(period));
    }
    return with(
        new Options(
            options.width, options.readBy, period, listener, options.clock, options.nanoTime));
  }

  /** The same with other clocks, the second in nanoseconds. */
  BulkRecognition clock(Clock clock, LongSupplier nanoTime) {
    return with(
        new Options(
            options.width, options.readBy, options.period, options.listener, clock, nanoTime));
  }

  private BulkRecognition with(Options changed) {
    return new BulkRecognition(recognizer, changed);
  }

  /**
   * Begins to read the pictures of a folder, {@link BulkPhoto#inFolder}, into a file of results,
   * and goes on with it when it is there. They are counted first. Returns at once; what goes wrong
   * is thrown by {@link BulkRun#await}.
   *
   * @param results the file; locked against other runs by another one beside it, {@code NAME.lock}.
   *     Folders on the way to it are made
   * @return the run, which need not be closed when its end is awaited
   */
  public BulkRun start(Path folder, Path results) {
    Source source =
        new Source(
            stopped -> FolderPhotos.find(folder, stopped),
            stopped -> FolderPhotos.count(folder, stopped));
    return new BulkRun(this, source, results).begin();
  }

  /** The same with photos from anywhere; the run reads the stream to its end and closes it. */
  public BulkRun start(Stream<BulkPhoto> photos, Path results) {
    Objects.requireNonNull(photos, "photos");
    return new BulkRun(
            this, new Source(stopped -> photos, stopped -> OptionalLong.empty()), results)
        .begin();
  }

  /**
   * Reads the pictures of a folder into a file of results and waits for the end; an interrupt
   * cancels, as {@link BulkRun#await} says.
   *
   * @return complete, or cancelled by an interrupt
   * @throws ResultsException when photos cannot be listed, results not written, or 100 photos in a
   *     row failed without being bad themselves
   * @throws IllegalStateException when the recognizer was closed meanwhile
   */
  public BulkProgress run(Path folder, Path results) {
    return start(folder, results).await();
  }

  /** The same with photos from anywhere; the run reads the stream to its end and closes it. */
  public BulkProgress run(Stream<BulkPhoto> photos, Path results) {
    return start(photos, results).await();
  }

  /**
   * Reads photos without a file: each outcome as it is done.
   *
   * @param photos closed with the result
   * @return sequential; nothing is opened before it is read. The caller closes it, which stops what
   *     is on its way.
   */
  public Stream<BulkOutcome> recognizeAll(Stream<BulkPhoto> photos) {
    return OutcomeStream.of(photos, this::flight);
  }

  PhotoFlight flight(Iterator<BulkPhoto> photos) {
    return new PhotoFlight(recognizer, photos, options.width, options.readBy, options.clock);
  }

  Optional<String> readBy() {
    return options.readBy;
  }

  Duration period() {
    return options.period;
  }

  BulkProgress.Listener listener() {
    return options.listener;
  }

  LongSupplier nanoTime() {
    return options.nanoTime;
  }
}
