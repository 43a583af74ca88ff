package io.shelfmark.pipeline;

import io.shelfmark.Workspace;
import io.shelfmark.artifact.ArtifactVersion;
import io.shelfmark.artifact.NewArtifactVersion;
import io.shelfmark.dataset.DatasetCommit;
import java.nio.file.Path;

/**
 * What a step's code knows of its attempt. A runner gives it; it is good until the code returns.
 * Thread-safe. Parameters are not in it: a step takes them as inputs, so that they are part of its
 * cache key.
 */
public interface StepContext {

  /** The run. */
  RunId run();

  /** The step's name in the graph; {@code NAME[3]} for the fourth element of a fan-out. */
  String step();

  /** Which call of the code this is, from 1. */
  int attempt();

  /** Where the runner keeps things. */
  Workspace workspace();

  /** Adds a line to the step's log, with the values of secrets masked. */
  void log(String line);

  /** A folder of this attempt's own, empty at first; it is removed when the code returns. */
  Path workFolder();

  /**
   * The value of a secret that the step declared.
   *
   * @throws IllegalArgumentException when it did not
   * @throws IllegalStateException when the runner has none of that name
   */
  String secret(String name);

  /** Whether the result is no longer wanted: the time limit passed or the run was cancelled. */
  boolean isCancelled();

  /**
   * Begins a version of an artifact that is on record as this step's, made from the versions among
   * the step's inputs. The caller closes it.
   */
  NewArtifactVersion newArtifact(String name);

  /** Begins a commit to a dataset that is on record as this step's. The caller closes it. */
  DatasetCommit newCommit(String dataset);

  /** Publishes a file, under its own name, or all files of a folder, on record as this step's. */
  ArtifactVersion publish(String name, Path fileOrFolder);
}
