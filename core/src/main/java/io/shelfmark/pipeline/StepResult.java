package io.shelfmark.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.shelfmark.artifact.VersionRef;
import io.shelfmark.storage.Digest;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a step gave.
 *
 * @param json the value; versions of artifacts and datasets are in it by name
 * @param digest its identity for the cache: that of the JSON, with the digests of versions in the
 *     place of their names
 * @param versions the artifacts and datasets in it
 * @param cachedFrom the run that made it, if that was an earlier one
 */
public record StepResult(
    String json, Digest digest, List<VersionRef> versions, Optional<RunId> cachedFrom) {

  /** Characters of JSON at most; what is larger belongs into an artifact. */
  static final int LONGEST = 64 << 20;

  /** That of a step that was skipped. */
  static final StepResult NOTHING =
      new StepResult("null", Digest.of("null".getBytes(UTF_8)), List.of(), Optional.empty());

  /** Copies the list. */
  public StepResult {
    Objects.requireNonNull(json, "json");
    Objects.requireNonNull(digest, "digest");
    Objects.requireNonNull(cachedFrom, "cachedFrom");
    versions = List.copyOf(versions);
  }

  /** Why a result of so many characters cannot be kept. */
  static String tooLong(long characters) {
    return "its result is of %d characters of JSON, expected at most %d (publish an artifact, and give its version)"
        .formatted(characters, LONGEST);
  }

  /** The same, as a later run takes it from the one that made it. */
  StepResult madeBy(RunId run) {
    return new StepResult(json, digest, versions, Optional.of(run));
  }
}
