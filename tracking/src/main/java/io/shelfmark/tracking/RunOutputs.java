package io.shelfmark.tracking;

import io.shelfmark.artifact.ArtifactVersion;
import io.shelfmark.artifact.NewArtifactVersion;
import io.shelfmark.artifact.VersionRef;
import io.shelfmark.dataset.DatasetVersion;
import io.shelfmark.tracking.internal.Names;
import io.shelfmark.tracking.store.DatasetInput;
import io.shelfmark.tracking.store.FileStore;
import io.shelfmark.tracking.store.ModelVersionRecord;
import io.shelfmark.tracking.store.NewModelVersion;
import io.shelfmark.tracking.store.RecordExistsException;
import io.shelfmark.tracking.store.StoreUnavailableException;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/** What a run stores besides its record. Thread-safe; nothing to close. */
final class RunOutputs {

  /** How long the store may take for what was logged before. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Tracker tracker;
  private final String runId;
  private final Set<VersionRef> datasets = ConcurrentHashMap.newKeySet();

  /** Known once the run is on record. */
  private volatile Optional<FileStore> files = Optional.empty();

  RunOutputs(Tracker tracker, String runId) {
    this.tracker = tracker;
    this.runId = runId;
  }

  private FileStore files() {
    if (files.isEmpty()) {
      deliver();
      files = Optional.of(tracker.store().files(tracker.require(runId).info().artifactLocation()));
    }
    return files.orElseThrow();
  }

  /** Files and inputs hang on the run's record, so they come after it. */
  private void deliver() {
    if (!tracker.deliver(PATIENCE)) {
      throw new StoreUnavailableException(
          "Cannot store something with run %s: the run itself has not reached %s (it is kept and sent later; store this again then)"
              .formatted(runId, tracker.store().location()));
    }
  }

  void dataset(DatasetVersion version, String context) {
    deliver();
    String hex = version.digest().toString().replace("sha256:", "");
    tracker
        .store()
        .runs()
        .logInputs(
            runId,
            List.of(
                new DatasetInput(
                    version.ref().name(),
                    hex.substring(0, 32),
                    "shelfmark",
                    version.ref().toString(),
                    "",
                    "{\"files\":" + version.fileCount() + ",\"bytes\":" + version.size() + "}",
                    Map.of("mlflow.data.context", context))),
            List.of());
    datasets.add(version.ref());
  }

  void file(String path, Path fileOrFolder) {
    if (!Files.isDirectory(fileOrFolder)) {
      putFile(path, fileOrFolder);
      return;
    }
    try (Stream<Path> found = Files.walk(fileOrFolder)) {
      for (Path file : (Iterable<Path>) found.filter(Files::isRegularFile).sorted()::iterator) {
        String name =
            fileOrFolder
                .relativize(file)
                .toString()
                .replace(file.getFileSystem().getSeparator(), "/");
        putFile(path.isEmpty() ? name : path + "/" + name, file);
      }
    } catch (IOException e) {
      throw unreadable(fileOrFolder, e);
    }
  }

  private UncheckedIOException unreadable(Path file, IOException e) {
    return new UncheckedIOException(
        "Cannot store %s with run %s: found %s, expected a file or folder that can be read"
            .formatted(file, runId, e),
        e);
  }

  private void putFile(String path, Path file) {
    try (InputStream content = Files.newInputStream(file)) {
      files().put(path, content);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  void text(String path, String text) {
    files().put(path, new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
  }

  void figure(String path, BufferedImage picture) {
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    try {
      ImageIO.write(picture, "png", png);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    files().put(path, new ByteArrayInputStream(png.toByteArray()));
  }

  void table(String path, List<String> columns, List<? extends List<?>> rows) {
    StringBuilder csv = new StringBuilder(line(columns));
    for (List<?> row : rows) {
      if (row.size() != columns.size()) {
        throw new IllegalArgumentException(
            "Cannot write table %s: found a row of %d values, expected %d"
                .formatted(path, row.size(), columns.size()));
      }
      csv.append(line(row));
    }
    text(path, csv.toString());
  }

  /** By RFC 4180. */
  private static String line(List<?> values) {
    return values.stream()
        .map(String::valueOf)
        .map(
            value ->
                value.matches("(?s).*[\",\r\n].*")
                    ? '"' + value.replace("\"", "\"\"") + '"'
                    : value)
        .collect(Collectors.joining(",", "", "\r\n"));
  }

  ArtifactVersion publish(String artifact, Path fileOrFolder) {
    try (NewArtifactVersion version = tracker.workspace().artifacts().newVersion(artifact)) {
      if (Files.isDirectory(fileOrFolder)) {
        version.addDirectory(fileOrFolder);
      } else {
        version.addFile(String.valueOf(fileOrFolder.getFileName()), fileOrFolder);
      }
      datasets.forEach(version::input);
      tracker.live().commit().ifPresent(version::codeVersion);
      return version.producer("run:" + runId).publish();
    }
  }

  ModelVersionRecord registerModel(String model, Path fileOrFolder) {
    String path =
        Files.isDirectory(fileOrFolder)
            ? model
            : model + "/" + String.valueOf(fileOrFolder.getFileName());
    file(path, fileOrFolder);
    try {
      if (tracker.models().find(model).isEmpty()) {
        tracker.models().create(model, "", Map.of());
      }
    } catch (RecordExistsException e) {
      // another process made it meanwhile
    }
    return tracker
        .models()
        .createVersion(
            new NewModelVersion(
                model,
                "runs:/" + runId + "/" + model,
                Optional.of(runId),
                Optional.empty(),
                "",
                Map.of()));
  }

  static String describe(Throwable failure) {
    StringWriter trace = new StringWriter();
    failure.printStackTrace(new PrintWriter(trace));
    String text = trace.toString();
    return Names.cleaned(
        text.length() <= Names.MAX_TAG ? text : text.substring(0, Names.MAX_TAG - 1) + "…");
  }
}
