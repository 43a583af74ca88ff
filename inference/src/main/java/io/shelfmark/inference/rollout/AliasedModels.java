package io.shelfmark.inference.rollout;

import io.shelfmark.artifact.ArtifactVersion;
import io.shelfmark.artifact.Artifacts;
import io.shelfmark.inference.ModelException;
import io.shelfmark.inference.PriceTagRecognizer;
import io.shelfmark.inference.RecognizerBuilder;
import io.shelfmark.internal.Spool;
import io.shelfmark.storage.StorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The models that an alias of a workspace's artifacts names, such as {@code production}. Say which
 * artifacts have them and what each replaces; networks that belong together are best one artifact,
 * since aliases of two move one after the other. Immutable and thread-safe.
 *
 * <pre>{@code
 * AliasedModels models =
 *     AliasedModels.of(workspace.artifacts(), "production")
 *         .artifact(
 *             "text-recognizer",
 *             (options, folder) -> options.textRecognizer(folder.resolve("text-recognizer.onnx")));
 * try (RollingRecognizer recognizer = models.open();
 *     AliasWatch watch = models.follow(recognizer)) {
 *   serve(recognizer);
 * }
 * }</pre>
 */
public final class AliasedModels {

  /** What to do with the files of an artifact. */
  @FunctionalInterface
  public interface ModelFiles {

    /**
     * Names the models of {@code folder} in {@code options}. The folder has the files of the
     * version and is removed when the recognizer is open.
     */
    void use(RecognizerBuilder options, Path folder);
  }

  private static final Logger LOG = LoggerFactory.getLogger(AliasedModels.class);

  private final Artifacts artifacts;
  private final String alias;
  private final Map<String, ModelFiles> parts;
  private final Supplier<RecognizerBuilder> options;
  private final Duration interval;

  private AliasedModels(
      Artifacts artifacts,
      String alias,
      Map<String, ModelFiles> parts,
      Supplier<RecognizerBuilder> options,
      Duration interval) {
    this.artifacts = artifacts;
    this.alias = alias;
    this.parts = parts;
    this.options = options;
    this.interval = interval;
  }

  /** Models of {@code alias}; no artifact yet. The workspace stays the caller's. */
  public static AliasedModels of(Artifacts artifacts, String alias) {
    return new AliasedModels(
        Objects.requireNonNull(artifacts, "artifacts"),
        Objects.requireNonNull(alias, "alias"),
        Map.of(),
        PriceTagRecognizer::builder,
        Duration.ofSeconds(10));
  }

  /** Adds an artifact and how its files are used. */
  public AliasedModels artifact(String name, ModelFiles files) {
    Map<String, ModelFiles> more = new LinkedHashMap<>(parts);
    more.put(name, Objects.requireNonNull(files, "files"));
    return new AliasedModels(artifacts, alias, more, options, interval);
  }

  /**
   * Options that each version is opened with, beside {@link RecognizerBuilder#version}, which is
   * what reports call it too; every one at its default if not said.
   */
  public AliasedModels options(Supplier<RecognizerBuilder> value) {
    return new AliasedModels(artifacts, alias, parts, value, interval);
  }

  /** How often {@link #follow} looks whether the alias has moved; every 10 s if not said. */
  public AliasedModels lookEvery(Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new IllegalArgumentException(
          "Cannot look every %s: expected more than nothing".formatted(value));
    }
    return new AliasedModels(artifacts, alias, parts, options, value);
  }

  /**
   * A recognizer with the version that the alias names now.
   *
   * @throws io.shelfmark.artifact.VersionNotFoundException when an artifact has no such alias
   * @throws io.shelfmark.storage.StorageException when the store fails
   * @throws ModelException when the models do not open
   */
  public RollingRecognizer open() {
    return open(RollingRecognizer.builder());
  }

  /** The same with options of the rolling recognizer. */
  public RollingRecognizer open(RollingBuilder rolling) {
    List<ArtifactVersion> versions =
        names().stream().map(name -> artifacts.require(name, alias)).toList();
    return rolling.open(label(versions), () -> load(versions));
  }

  /**
   * Swaps the models of {@code recognizer} whenever the alias is moved, until the watch is closed;
   * a candidate that the alias names is promoted instead of being opened again. Models that do not
   * open are logged and not tried again before the alias moves; a store that fails is asked again.
   *
   * @return the watch, which the caller closes, before the recognizer
   */
  public AliasWatch follow(RollingRecognizer recognizer) {
    return new AliasWatch(this, recognizer);
  }

  /**
   * Opens the version that the alias names as the candidate of {@code recognizer}: of {@code
   * candidate}, say, beside {@code production}.
   *
   * @throws io.shelfmark.artifact.VersionNotFoundException when an artifact has no such alias
   * @throws ModelException when the models do not open: nothing has changed then
   * @throws IllegalStateException when there is a candidate already
   */
  public void tryOut(RollingRecognizer recognizer) {
    List<ArtifactVersion> versions =
        names().stream().map(name -> artifacts.require(name, alias)).toList();
    recognizer.tryOut(label(versions), () -> load(versions));
  }

  Duration interval() {
    return interval;
  }

  String alias() {
    return alias;
  }

  /** What the alias names now; nothing when an artifact has no such alias. */
  Optional<List<ArtifactVersion>> find() {
    List<ArtifactVersion> versions = new ArrayList<>();
    for (String name : names()) {
      Optional<ArtifactVersion> found = artifacts.find(name, alias);
      if (found.isEmpty()) {
        return Optional.empty();
      }
      versions.add(found.get());
    }
    return Optional.of(versions);
  }

  private List<String> names() {
    if (parts.isEmpty()) {
      throw new IllegalStateException(
          "Cannot find models of alias %s: found no artifact, expected at least one (name it with artifact())"
              .formatted(alias));
    }
    return List.copyOf(parts.keySet());
  }

  /** What a set of versions is called: {@code text-recognizer@3}. */
  static String label(List<ArtifactVersion> versions) {
    return versions.stream()
        .map(version -> version.name() + "@" + version.number())
        .collect(Collectors.joining(" "));
  }

  PriceTagRecognizer load(List<ArtifactVersion> versions) {
    RecognizerBuilder builder = options.get().version(label(versions));
    Path folder = temporaryFolder(versions);
    try {
      for (int i = 0; i < versions.size(); i++) {
        Path files = folder.resolve(Integer.toString(i));
        ArtifactVersion version = versions.get(i);
        version.download(files);
        Objects.requireNonNull(parts.get(version.name()), "files").use(builder, files);
      }
      return builder.build();
    } finally {
      remove(folder);
    }
  }

  /** What fails here may go well in a moment, as what a store fails with. */
  private static Path temporaryFolder(List<ArtifactVersion> versions) {
    try {
      return Files.createTempDirectory("shelfmark-models");
    } catch (IOException e) {
      throw new StorageException(
          "Cannot load models %s: %s, expected to write them to the temporary folder for a moment"
              .formatted(label(versions), e.getMessage()),
          e);
    }
  }

  /** Files that stay behind are no reason to go without the models, which are open by now. */
  private static void remove(Path folder) {
    try {
      Spool.remove(folder);
    } catch (IOException e) {
      LOG.warn("Cannot remove {}, from which models were loaded: {}", folder, e.toString());
    }
  }
}
