package io.shelfmark.examples.loop;

import static io.shelfmark.examples.loop.TextRecognizer.ARTIFACT;

import io.shelfmark.artifact.AliasConflictException;
import io.shelfmark.artifact.ArtifactVersion;
import io.shelfmark.artifact.Artifacts;
import io.shelfmark.pipeline.StepContext;

/**
 * What became of a candidate.
 *
 * @param candidate which one
 * @param production what it was compared with
 * @param comparison how, and with which outcome
 */
record Promotion(ArtifactVersion candidate, Production production, Comparison comparison) {

  /**
   * Moves the alias only from where the comparison found it.
   *
   * @throws AliasConflictException when someone moved it meanwhile: judge the candidate anew
   */
  static Promotion run(
      StepContext context,
      ArtifactVersion candidate,
      Production production,
      Comparison comparison) {
    Artifacts artifacts = context.workspace().artifacts();
    if (comparison.verdict() == Comparison.Verdict.PROMOTE) {
      try {
        move(artifacts, candidate, production, comparison.reason());
      } catch (AliasConflictException e) {
        // an earlier call of this step may have moved it and not lived to say so
        if (artifacts.find(ARTIFACT, Production.ALIAS).filter(candidate::equals).isEmpty()) {
          context.log(
              "judge the candidate anew: --rerun %s --from-step production"
                  .formatted(context.run()));
          throw e;
        }
      }
    }
    return new Promotion(candidate, production, comparison);
  }

  private static void move(
      Artifacts artifacts, ArtifactVersion candidate, Production production, String reason) {
    if (production.from() == Production.From.BUNDLED) {
      artifacts.newAlias(ARTIFACT, Production.ALIAS, candidate, reason);
    } else {
      artifacts.moveAlias(ARTIFACT, Production.ALIAS, production.model(), candidate, reason);
    }
  }
}
