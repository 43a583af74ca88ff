package io.shelfmark.tracking.internal.files;

import static io.shelfmark.tracking.internal.files.WorkspaceFailures.translated;

import io.shelfmark.Workspace;
import io.shelfmark.artifact.AliasMove;
import io.shelfmark.artifact.ArtifactVersion;
import io.shelfmark.artifact.Artifacts;
import io.shelfmark.artifact.NewArtifactVersion;
import io.shelfmark.artifact.VersionRef;
import io.shelfmark.artifact.WorkingFile;
import io.shelfmark.internal.storage.KeyNames;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The artifacts in which registered models have their versions: files, numbers and aliases. What is
 * published without the registry is seen, too. Thread-safe; the workspace stays the caller's.
 */
public final class ModelArtifacts {

  /** The metadata that holds a version's source. */
  public static final String SOURCE = "tracking.source";

  /** The metadata that holds the id of the logged model that a version is. */
  public static final String LOGGED_MODEL = "tracking.loggedModel";

  /** The metadata that says where a version's files are when they are not its own. */
  public static final String LOCATION = "tracking.location";

  /** How the producer of a version begins that a run made. */
  private static final String RUN = "run:";

  /** The one file of a version whose files lie elsewhere. */
  static final String SOURCE_FILE = "source.json";

  /** So that a number can be added to every name. */
  private static final int LONGEST_NAME = 200;

  private final Workspace workspace;

  /** The artifacts of a workspace. */
  public ModelArtifacts(Workspace workspace) {
    this.workspace = workspace;
  }

  /**
   * The artifact's name for a model's: the same, unless no artifact may have it. Models that would
   * have one artifact are told apart by a number at its end.
   *
   * @param attempt from 1
   */
  public static String nameFor(String model, int attempt) {
    String name =
        Normalizer.normalize(
                new String(model.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8),
                Normalizer.Form.NFC)
            .replaceAll("[/\\p{Cntrl}]", "-");
    while (KeyNames.escape(name).length() > LONGEST_NAME) {
      name = name.substring(0, name.offsetByCodePoints(name.length(), -1));
    }
    return attempt == 1 ? name : name + "~" + attempt;
  }

  /** The number of an artifact's last version, 0 when there is none. */
  public long last(String artifact) {
    return translated(() -> artifacts().latest(artifact).map(ArtifactVersion::number).orElse(0L));
  }

  /** A version, if it was not collected. */
  public Optional<ArtifactVersion> find(String artifact, long number) {
    return translated(() -> artifacts().find(artifact, Long.toString(number)));
  }

  /** The run that made a version, if it says so. */
  public static Optional<String> run(ArtifactVersion version) {
    return version
        .provenance()
        .producer()
        .filter(producer -> producer.startsWith(RUN))
        .map(producer -> producer.substring(RUN.length()));
  }

  /** Publishes the files that lie at a model version's source, or a file that says where it is. */
  public ArtifactVersion publish(ModelDraft draft) {
    return translated(
        () -> {
          try (NewArtifactVersion version = artifacts().newVersion(draft.artifact())) {
            version.message(draft.description()).metadata(SOURCE, draft.source());
            draft.runId().ifPresent(id -> version.producer(RUN + id));
            draft.modelId().ifPresent(id -> version.metadata(LOGGED_MODEL, id));
            draft.codeVersion().ifPresent(version::codeVersion);
            draft.inputs().stream().filter(this::isThere).forEach(version::input);
            Map<String, WorkingFile> files = ModelFiles.at(workspace, draft.location());
            files.forEach(version::addFile);
            if (files.isEmpty()) {
              version.metadata(LOCATION, draft.location());
              version.addStream(SOURCE_FILE, new ByteArrayInputStream(draft.sourceFile()));
            }
            ArtifactVersion published = version.publish();
            keep(published);
            return published;
          }
        });
  }

  private boolean isThere(VersionRef ref) {
    return ref.kind() == VersionRef.Kind.DATASET
        ? workspace.dataset(ref.name()).find(Long.toString(ref.number())).isPresent()
        : artifacts().find(ref.name(), Long.toString(ref.number())).isPresent();
  }

  /** Where the files of a version can be read: in the workspace, or where its source is. */
  public static String location(ArtifactVersion version) {
    String elsewhere = version.metadata().get(LOCATION);
    return elsewhere != null ? elsewhere : FileLocation.ofVersion(version.name(), version.number());
  }

  /** Keeps a version for as long as it is in the registry, whatever the retention rule says. */
  private void keep(ArtifactVersion version) {
    workspace.references().keep(owner(version.ref()), List.of(version.ref()));
  }

  /** Keeps a version whose publisher may have died before it could. */
  public void keepIfPublished(ArtifactVersion version) {
    if (version.metadata().containsKey(SOURCE)) {
      translated(
          () -> {
            keep(version);
            return true;
          });
    }
  }

  /** Lets go of a version that was deleted from the registry: the retention rule decides on it. */
  public void release(String artifact, long number) {
    translated(
        () -> {
          workspace.references().release(owner(VersionRef.artifact(artifact, number)));
          return true;
        });
  }

  private static String owner(VersionRef ref) {
    return "registry:" + ref;
  }

  /** The aliases of an artifact and the number that each names. */
  public Map<String, Long> aliases(String artifact) {
    return translated(
        () -> {
          Map<String, Long> aliases = new HashMap<>();
          for (String alias : artifacts().aliases(artifact)) {
            alias(artifact, alias).ifPresent(number -> aliases.put(alias, number));
          }
          return aliases;
        });
  }

  /** What an alias names. */
  public Optional<Long> alias(String artifact, String alias) {
    return translated(() -> artifacts().find(artifact, alias).map(ArtifactVersion::number));
  }

  /** Lets an alias name a version, from wherever it is. */
  public void setAlias(String artifact, String alias, long number) {
    translated(
        () -> {
          artifacts().alias(artifact, alias, artifacts().require(artifact, number));
          return true;
        });
  }

  /** Removes an alias; nothing happens when there is none. */
  public void removeAlias(String artifact, String alias, String reason) {
    translated(
        () -> {
          artifacts().removeAlias(artifact, alias, reason);
          return true;
        });
  }

  /** The moves of an alias, the last one first. */
  public List<AliasMove> history(String artifact, String alias) {
    return translated(() -> artifacts().history(artifact, alias));
  }

  private Artifacts artifacts() {
    return workspace.artifacts();
  }
}
