package io.shelfmark.inference;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Where the time of one photo goes: stages follow one another, and each ends where the next one
 * begins. Used again for one photo after the other, so it leaves no garbage; when nobody observes
 * and no recording is on, it asks for no time either. For one thread at a time.
 */
final class PhotoTrace {

  /** The stages of reading a photo, in their order; those of tags come again for every 32. */
  enum Stage {
    DECODE,
    TAGS,
    FIELDS,
    OUTLINES,
    TEXT,
    CODES,
    PARSE
  }

  /** How a photo ends. */
  enum Outcome {
    READ,
    /** The bytes are no photo. */
    UNREADABLE,
    /** Its time was up before it was read. */
    DEADLINE,
    /** A model or its engine did not work. */
    MODEL,
    /** Anything else. */
    ERROR
  }

  private static final Stage[] STAGES = Stage.values();

  /** A runtime image may lack the flight recorder's module; its classes are not loaded then. */
  private static final boolean HAS_RECORDER = ModuleLayer.boot().findModule("jdk.jfr").isPresent();

  private final String version;
  private final long[] nanos = new long[STAGES.length];
  private final @Nullable PhotoReadEvent event = HAS_RECORDER ? new PhotoReadEvent() : null;
  private @Nullable StageObserver observer;
  private boolean measures;
  private long begun;
  private long last;
  private long total;
  private int lines;
  private @Nullable ShelfReading reading;
  private @Nullable Throwable failure;

  /** A trace of photos that these models read. */
  PhotoTrace(String version) {
    this.version = version;
  }

  /** What the models are called. */
  String version() {
    return version;
  }

  /** A photo begins. */
  void begin(@Nullable StageObserver watching) {
    observer = watching;
    measures = watching != null || (event != null && event.isEnabled());
    if (measures) {
      Arrays.fill(nanos, 0);
      lines = 0;
      reading = null;
      failure = null;
      if (event != null) {
        event.begin();
      }
      if (watching != null) {
        watching.begun();
      }
      begun = System.nanoTime();
      last = begun;
    }
  }

  /** A stage has ended, which began when the one before it did. */
  void end(Stage stage) {
    if (measures) {
      long now = System.nanoTime();
      nanos[index(stage)] += now - last;
      last = now;
    }
  }

  /** So many lines of text are read. */
  void addLines(int count) {
    lines += count;
  }

  /** The photo was read. */
  void read(ShelfReading value) {
    reading = measures ? value : null;
  }

  /** The photo was not read. */
  void failed(Throwable value) {
    failure = measures ? value : null;
  }

  /** The photo has come to its end, one way or the other. */
  void end(ShelfPhoto photo) {
    if (measures) {
      total = System.nanoTime() - begun;
      if (event != null) {
        event.end();
        if (event.shouldCommit()) {
          event.fill(photo, this);
          event.commit();
        }
      }
      if (observer != null) {
        observer.ended(this);
      }
      reading = null;
      failure = null;
    }
  }

  /** How long a stage took, in nanoseconds; 0 when it was not reached. */
  long nanos(Stage stage) {
    return nanos[index(stage)];
  }

  @SuppressWarnings("EnumOrdinal") // within one photo: an EnumMap would box each number
  private static int index(Stage stage) {
    return stage.ordinal();
  }

  /** How long the photo took. */
  long nanos() {
    return total;
  }

  /** Lines of text that were read. */
  int lines() {
    return lines;
  }

  /** What was read; nothing when it failed. */
  @Nullable ShelfReading reading() {
    return reading;
  }

  /** Why it failed; nothing when it was read. */
  @Nullable Throwable failure() {
    return failure;
  }

  Outcome outcome() {
    if (failure == null) {
      return Outcome.READ;
    }
    if (failure instanceof UnreadablePhotoException) {
      return Outcome.UNREADABLE;
    }
    if (failure instanceof DeadlineException) {
      return Outcome.DEADLINE;
    }
    return failure instanceof ModelException ? Outcome.MODEL : Outcome.ERROR;
  }
}
