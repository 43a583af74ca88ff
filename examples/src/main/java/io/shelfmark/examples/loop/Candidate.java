package io.shelfmark.examples.loop;

import static io.shelfmark.examples.loop.TextRecognizer.ARTIFACT;

import io.shelfmark.artifact.ArtifactVersion;
import io.shelfmark.artifact.Artifacts;
import io.shelfmark.pipeline.CommandResult;
import io.shelfmark.pipeline.StepContext;
import java.io.IOException;
import java.util.Optional;

/** What may go into production: the trained model, or the bundled one where none was trained. */
final class Candidate {

  static final String ALIAS = "candidate";

  private Candidate() {}

  static ArtifactVersion publish(
      StepContext context, Optional<CommandResult> trained, ArtifactVersion bundled)
      throws IOException {
    Artifacts artifacts = context.workspace().artifacts();
    ArtifactVersion candidate =
        trained.isPresent()
            ? trained.get().artifact(ARTIFACT)
            : asCandidate(context, artifacts, bundled);
    artifacts.alias(ARTIFACT, ALIAS, candidate, "made by run " + context.run());
    context.log("%s is %s".formatted(ALIAS, candidate));
    return candidate;
  }

  /** The version that is there already, where the last call did not come to its end. */
  private static ArtifactVersion asCandidate(
      StepContext context, Artifacts artifacts, ArtifactVersion bundled) throws IOException {
    Optional<ArtifactVersion> last =
        artifacts.latest(ARTIFACT).filter(version -> version.digest().equals(bundled.digest()));
    return last.isPresent() ? last.get() : TextRecognizer.publishBundled(context, ARTIFACT);
  }
}
