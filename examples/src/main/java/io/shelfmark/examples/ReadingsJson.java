package io.shelfmark.examples;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shelfmark.inference.ShelfReading;
import io.shelfmark.inference.bulk.BulkOutcome;
import io.shelfmark.inference.bulk.ResultLines;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The readings as JSON: an array with one object per photo, written as photos come, with the fields
 * of a bulk run's line that docs/bulk.md says are common to both. What was not read is left out.
 * Not thread-safe.
 */
final class ReadingsJson implements AutoCloseable {

  /** What a bulk run notes of the photo's file and of itself. */
  private static final List<String> OF_THE_RUN = List.of("v", "bytes", "modified", "read_at");

  private static final ObjectMapper JSON = new ObjectMapper();

  private final JsonGenerator json;

  ReadingsJson(Path file) throws IOException {
    json = JSON.createGenerator(file.toFile(), JsonEncoding.UTF8);
    json.setPrettyPrinter(
        new DefaultPrettyPrinter()
            .withObjectIndenter(new DefaultIndenter("  ", "\n"))
            .withArrayIndenter(new DefaultIndenter("  ", "\n")));
    json.writeStartArray();
  }

  void reading(String file, ShelfReading reading) throws IOException {
    BulkOutcome outcome =
        new BulkOutcome(
            file,
            0,
            Instant.EPOCH,
            Instant.EPOCH,
            Optional.empty(),
            Optional.of(reading),
            Optional.empty());
    ObjectNode fields = (ObjectNode) JSON.readTree(ResultLines.line(outcome));
    fields.remove(OF_THE_RUN);
    fields.findParents("amount").forEach(price -> ((ObjectNode) price).remove("amount"));
    fields.findParents("score").forEach(tag -> ((ObjectNode) tag).remove("score"));
    json.writeTree(fields);
  }

  void failure(String file, String message) throws IOException {
    json.writeTree(JSON.createObjectNode().put("file", file).put("error", message));
  }

  @Override
  public void close() throws IOException {
    json.writeEndArray();
    json.writeRaw('\n');
    json.close();
  }
}
