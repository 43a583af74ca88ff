package io.shelfmark.examples.loop;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.shelfmark.dataset.CheckoutOptions;
import io.shelfmark.dataset.DatasetVersion;
import io.shelfmark.pipeline.StepContext;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Labelled photos in a dataset: {@code labels.jsonl} and the photos that its rows name. */
final class PhotoSet {

  private static final ObjectMapper JSON = new ObjectMapper();

  private PhotoSet() {}

  /** The labels, a row for each photo. */
  static List<String> rows(DatasetVersion photos) throws IOException {
    try (InputStream labels = photos.require(PhotoSource.LABELS).open()) {
      return new String(labels.readAllBytes(), UTF_8)
          .lines()
          .filter(line -> !line.isBlank())
          .toList();
    }
  }

  /** A text in a row, empty where there is none. */
  static String text(String row, String key) {
    try {
      JsonNode value = JSON.readTree(row).path(key);
      return value.isNull() ? "" : value.asText("");
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "Cannot read a row of %s: found no JSON, expected an object"
              .formatted(PhotoSource.LABELS),
          e);
    }
  }

  /** Makes some of the photos, by their rows, the next version of another dataset. */
  static DatasetVersion commit(
      StepContext context, DatasetVersion photos, String dataset, List<String> rows)
      throws IOException {
    Set<String> files = rows.stream().map(row -> text(row, "file")).collect(Collectors.toSet());
    Path folder = context.workFolder().resolve("photos");
    photos.checkout(
        folder, CheckoutOptions.defaults().where(entry -> files.contains(entry.path())));
    Files.write(folder.resolve(PhotoSource.LABELS), rows);
    try (var commit = context.newCommit(dataset)) {
      return commit
          .replaceWith(folder)
          .message("%d photos of %s".formatted(rows.size(), photos))
          .commit();
    }
  }
}
