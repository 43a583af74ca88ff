package io.shelfmark.examples;

import io.shelfmark.Workspace;
import io.shelfmark.artifact.ArtifactVersion;
import io.shelfmark.dataset.DatasetVersion;

/**
 * Names a version on the command line: {@code NAME}, {@code NAME@3} or {@code NAME@production}.
 *
 * @param name of the artifact or dataset
 * @param version a number or alias; the last version when empty
 */
record Selector(String name, String version) {

  static Selector of(String text) {
    int at = text.lastIndexOf('@');
    return at < 0
        ? new Selector(text, "")
        : new Selector(text.substring(0, at), text.substring(at + 1));
  }

  DatasetVersion dataset(Workspace workspace) {
    var dataset = workspace.dataset(name);
    return version.isEmpty()
        ? dataset.latest().orElseGet(() -> dataset.require(1))
        : dataset.require(version);
  }

  ArtifactVersion artifact(Workspace workspace) {
    var artifacts = workspace.artifacts();
    return version.isEmpty()
        ? artifacts.latest(name).orElseGet(() -> artifacts.require(name, 1))
        : artifacts.require(name, version);
  }
}
