package io.shelfmark.examples.loop;

import io.shelfmark.pipeline.CommandResult;
import io.shelfmark.pipeline.StepContext;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a run of the loop came to; {@link #toString} is for people.
 *
 * @param photos the photos and what was wrong with some
 * @param training what was trained, or why nothing was
 * @param promotion what became of the candidate
 */
public record LoopReport(String photos, String training, String promotion) {

  static LoopReport of(
      StepContext context,
      CheckedPhotos photos,
      PythonCheck python,
      Optional<CommandResult> trained,
      Promotion promotion) {
    LoopReport report =
        new LoopReport(
            photos(photos),
            trained
                .map(result -> "%s; %s".formatted(python.found(), new TreeMap<>(result.metrics())))
                .orElseGet(
                    () ->
                        "skipped, the candidate is the bundled model: %s (set the parameter python; inference/training/requirements.lock has what it needs)"
                            .formatted(python.found())),
            promotion(promotion));
    context.log(report.toString());
    return report;
  }

  private static String photos(CheckedPhotos photos) {
    String text =
        "%d sound in %s with %d tags, %d left out"
            .formatted(photos.photos(), photos.sound(), photos.tags(), photos.rejected());
    return photos.problems().isEmpty() ? text : text + ": " + String.join("; ", photos.problems());
  }

  private static String promotion(Promotion promotion) {
    Comparison comparison = promotion.comparison();
    String alias =
        comparison.verdict() == Comparison.Verdict.PROMOTE
            ? "moved to " + promotion.candidate()
            : "stays where it is";
    return "alias %s %s: %s on %d dev photos%n  candidate  %s: %s%n  %s %s: %s"
        .formatted(
            Production.ALIAS,
            alias,
            comparison.reason(),
            comparison.candidate().photos(),
            promotion.candidate(),
            comparison.candidate(),
            promotion.production().from() == Production.From.ALIAS ? "production" : "bundled   ",
            promotion.production().model(),
            comparison.production());
  }

  @Override
  public String toString() {
    return "photos: %s%ntraining: %s%n%s".formatted(photos, training, promotion);
  }
}
