package io.shelfmark.examples.loop;

import static io.shelfmark.examples.loop.TextRecognizer.ARTIFACT;

import io.shelfmark.artifact.ArtifactVersion;
import io.shelfmark.pipeline.StepContext;

/**
 * What a candidate is compared with.
 *
 * @param model the version in production, or the bundled one before there is any
 * @param from which of them
 */
record Production(ArtifactVersion model, From from) {

  static final String ALIAS = "production";

  enum From {
    ALIAS,
    BUNDLED
  }

  /**
   * Part of the cache key is the candidate: what was in production when that one was judged is
   * found once.
   */
  static Production find(StepContext context, ArtifactVersion candidate, ArtifactVersion bundled) {
    Production production =
        context
            .workspace()
            .artifacts()
            .find(ARTIFACT, ALIAS)
            .map(version -> new Production(version, From.ALIAS))
            .orElseGet(() -> new Production(bundled, From.BUNDLED));
    context.log("%s is compared with %s".formatted(candidate, production.model()));
    return production;
  }
}
