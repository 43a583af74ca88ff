package io.shelfmark.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.shelfmark.Workspace;
import io.shelfmark.pipeline.RunId;
import io.shelfmark.pipeline.StepRecord;
import io.shelfmark.storage.StorageException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What attempts logged, in the store where every process reads it. Thread-safe. */
record StepLogs(Workspace workspace) {

  private static String path(RunId run, String file) {
    return "pipeline-logs/" + run + "/" + file;
  }

  /** Moves a log, whose name is of the step and the attempt, into the store. */
  void keep(RunId run, Path log) {
    try {
      try (InputStream content = Files.newInputStream(log)) {
        workspace.files().put(path(run, String.valueOf(log.getFileName())), content);
      }
      Files.delete(log);
    } catch (IOException e) {
      throw new StorageException(
          "Cannot put log %s into the store: found %s, expected to read and remove it (check the disk)"
              .formatted(log, e),
          e);
    }
  }

  /** Removes those of a run. */
  void remove(RunId run) {
    workspace.files().delete("pipeline-logs/" + run);
  }

  /** The logs of a step's attempts, one after another. */
  String read(RunId run, String step, Optional<StepRecord> record) {
    StringBuilder text = new StringBuilder();
    for (StepRecord.Attempt attempt : record.map(StepRecord::attempts).orElse(List.of())) {
      String path = path(run, step.replace('/', '+') + "." + attempt.number());
      if (workspace.files().find(path).isPresent()) {
        try (InputStream log = workspace.files().open(path)) {
          text.append(new String(log.readAllBytes(), UTF_8));
        } catch (IOException e) {
          throw new StorageException(
              "Cannot read log %s: found %s, expected a text (look at the store)"
                  .formatted(path, e),
              e);
        }
      }
    }
    return text.toString();
  }
}
