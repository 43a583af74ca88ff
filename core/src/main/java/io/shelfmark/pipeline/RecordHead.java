package io.shelfmark.pipeline;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the record of an ended run begins with: enough to tell whose it is and how old.
 *
 * @param id the run's
 * @param pipeline the pipeline's name
 * @param startedAt when it began
 * @param endedAt when it ended
 */
record RecordHead(RunId id, String pipeline, Instant startedAt, Instant endedAt) {

  private static final Logger LOG = LoggerFactory.getLogger(RecordHead.class);
  private static final JsonFactory JSON = new JsonFactory();

  static RecordHead of(RunRecord run) {
    return new RecordHead(
        run.id(), run.pipeline(), run.startedAt(), run.endedAt().orElse(run.startedAt()));
  }

  /** Read without the steps, of which there may be many thousands; they come last. */
  static Optional<RecordHead> read(Path file) {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    Map<String, String> texts = new HashMap<>();
    try (JsonParser json = JSON.createParser(file.toFile())) {
      json.nextToken();
      while (json.nextToken() == JsonToken.FIELD_NAME && !json.currentName().equals("steps")) {
        String name = json.currentName();
        if (json.nextToken() == JsonToken.VALUE_STRING) {
          texts.put(name, json.getText());
        }
        json.skipChildren();
      }
      Instant begin = Instant.parse(texts.getOrDefault("startedAt", ""));
      return Optional.of(
          new RecordHead(
              RunId.of(texts.getOrDefault("id", "")),
              texts.getOrDefault("pipeline", ""),
              begin,
              Instant.parse(texts.getOrDefault("endedAt", begin.toString()))));
    } catch (IOException | DateTimeException | IllegalArgumentException e) {
      LOG.warn("Record {} cannot be read; it stays as it is", file, e);
      return Optional.empty();
    }
  }
}
