package io.shelfmark.inference.evaluation;

import io.shelfmark.inference.PriceTag;
import io.shelfmark.inference.PriceTagRecognizer;
import io.shelfmark.inference.ShelfReading;
import io.shelfmark.inference.UnreadablePhotoException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Scores a recognizer on labelled photos, whole photo in, fields out.
 *
 * <p>A tag matches a label when its outline contains the center of the label's price box, highest
 * confidence first, one to one. Labels that are hard to read, or cut by the frame, are not scored,
 * and neither is what was read on them. A field that was not read counts as wrong. A reading is
 * false when its price is wrong on a match, or when it has a price and matches nothing.
 * docs/evaluation.md names every figure.
 *
 * <p>A photo whose file is stretched is first brought to its natural size, outside of the time that
 * is measured. Photos are read one after the other on the calling thread; the first one is read
 * once before, so that no figure holds the start of the engine. Apart from times, the same
 * recognizer and labels give the same report.
 *
 * <p>Thread-safe if its reader is. Closes nothing.
 *
 * <pre>{@code
 * EvaluationReport report =
 *     Evaluation.of(recognizer).run(Labels.read(Path.of("dev.jsonl")), ProgressListener.none());
 * System.out.println(report.table());
 * }</pre>
 */
public final class Evaluation {

  private static final double NANOS_PER_MILLI = 1e6;

  private final PhotoReader reader;
  private final LongSupplier nanoTime;

  private Evaluation(PhotoReader reader, LongSupplier nanoTime) {
    this.reader = Objects.requireNonNull(reader, "reader");
    this.nanoTime = Objects.requireNonNull(nanoTime, "nanoTime");
  }

  /** Scores {@code recognizer}, which the caller closes. */
  public static Evaluation of(PriceTagRecognizer recognizer) {
    return of(PhotoReader.of(recognizer));
  }

  /** Scores any reader of photos. */
  public static Evaluation of(PhotoReader reader) {
    return new Evaluation(reader, System::nanoTime);
  }

  /** The same with another clock, in nanoseconds. */
  Evaluation clock(LongSupplier otherNanoTime) {
    return new Evaluation(reader, otherNanoTime);
  }

  /** Reads every photo and compares. A photo that cannot be read counts as one without any tag. */
  public EvaluationReport run(Labels labels, ProgressListener listener) {
    List<PhotoOutcomes> outcomes = new ArrayList<>();
    for (LabeledPhoto photo : labels.photos()) {
      outcomes.add(read(photo, outcomes.isEmpty()));
      listener.photoRead(outcomes.size(), labels.photos().size(), photo);
    }
    return new EvaluationReport(outcomes);
  }

  private PhotoOutcomes read(LabeledPhoto photo, boolean first) {
    try {
      EvaluationPhoto input = new EvaluationPhoto(photo, NaturalPhoto.bytes(photo));
      if (first) {
        reader.read(input);
      }
      long begin = nanoTime.getAsLong();
      ShelfReading reading = reader.read(input);
      double millis = (nanoTime.getAsLong() - begin) / NANOS_PER_MILLI;
      Matching matching = Matching.of(photo, reading);
      return new PhotoOutcomes(
          photo,
          outcomes(photo, matching.matches()),
          matching.unmatched(),
          millis,
          Optional.of(new LabeledPhoto.Size(reading.width(), reading.height())),
          Optional.empty());
    } catch (UnreadablePhotoException e) {
      List<Optional<PriceTag>> none =
          photo.tags().stream().map(tag -> Optional.<PriceTag>empty()).toList();
      return new PhotoOutcomes(
          photo,
          outcomes(photo, none),
          List.of(),
          0,
          Optional.empty(),
          Optional.of(String.valueOf(e.getMessage())));
    }
  }

  private static List<TagOutcome> outcomes(LabeledPhoto photo, List<Optional<PriceTag>> matches) {
    List<TagOutcome> outcomes = new ArrayList<>();
    for (int i = 0; i < matches.size(); i++) {
      LabeledTag label = photo.tags().get(i);
      if (label.scored() || label.hard()) {
        outcomes.add(new TagOutcome(photo, label, matches.get(i)));
      }
    }
    return outcomes;
  }
}
