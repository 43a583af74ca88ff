package io.shelfmark.inference.rollout;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.shelfmark.inference.Point;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;

/**
 * Writes disagreements to a file, one JSON document a line, and each at once: what labelers look at
 * first. Give one to {@link RollingBuilder#onDisagreement}. Thread-safe; who opened it closes it,
 * after the recognizer.
 *
 * <pre>{@code
 * {"at":"2026-05-01T12:00:00Z","photo":"shelf.jpg","current":"v4","candidate":"v5",
 *  "field":"price","outline":[[10.0,20.0],[110.0,20.0],[110.0,70.0],[10.0,70.0]],
 *  "read":{"current":"219.99 RUB","candidate":"279.99 RUB"}}
 * }</pre>
 *
 * <p>(on one line). {@code outline} is null where the field is {@code photo}; a value is null where
 * that version read nothing.
 */
public final class DisagreementLog implements Comparison.Listener, AutoCloseable {

  private final JsonFactory json = new JsonFactory();
  private final Path file;
  private final Writer lines;

  private DisagreementLog(Path file, Writer lines) {
    this.file = file;
    this.lines = lines;
  }

  /**
   * Opens a file to write at its end; it is made when it is not there. A last line that was cut
   * short, by a process that was killed, stays a line of its own.
   *
   * @throws UncheckedIOException when it cannot be written
   */
  public static DisagreementLog open(Path file) {
    try {
      boolean cutShort = isCutShort(file);
      Writer lines =
          Files.newBufferedWriter(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      if (cutShort) {
        lines.write('\n');
      }
      return new DisagreementLog(file, lines);
    } catch (IOException e) {
      throw unwritable(file, e);
    }
  }

  private static boolean isCutShort(Path file) throws IOException {
    if (!Files.exists(file) || Files.size(file) == 0) {
      return false;
    }
    try (SeekableByteChannel bytes = Files.newByteChannel(file)) {
      ByteBuffer last = ByteBuffer.allocate(1);
      bytes.position(bytes.size() - 1);
      return bytes.read(last) == 1 && last.get(0) != '\n';
    }
  }

  @Override
  public synchronized void onDisagreement(Comparison comparison) {
    try {
      for (Disagreement each : comparison.disagreements()) {
        JsonGenerator line = json.createGenerator(lines);
        line.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
        write(line, comparison, each);
        line.close();
        lines.write('\n');
      }
      lines.flush();
    } catch (IOException e) {
      throw unwritable(file, e);
    }
  }

  private static void write(JsonGenerator line, Comparison comparison, Disagreement each)
      throws IOException {
    line.writeStartObject();
    line.writeStringField("at", comparison.at().toString());
    line.writeStringField("photo", comparison.photo().name());
    line.writeStringField("current", comparison.current());
    line.writeStringField("candidate", comparison.candidate());
    line.writeStringField("field", each.field().name().toLowerCase(Locale.ROOT));
    line.writeFieldName("outline");
    if (each.outline().isPresent()) {
      line.writeStartArray();
      for (Point corner : each.outline().get().corners()) {
        line.writeArray(new double[] {corner.x(), corner.y()}, 0, 2);
      }
      line.writeEndArray();
    } else {
      line.writeNull();
    }
    line.writeObjectFieldStart("read");
    line.writeStringField("current", each.current().orElse(null));
    line.writeStringField("candidate", each.candidate().orElse(null));
    line.writeEndObject();
    line.writeEndObject();
  }

  @Override
  public synchronized void close() {
    try {
      lines.close();
    } catch (IOException e) {
      throw unwritable(file, e);
    }
  }

  private static UncheckedIOException unwritable(Path file, IOException cause) {
    return new UncheckedIOException(
        "Cannot write disagreements to %s: %s, expected a file that can be written"
            .formatted(file, cause.getMessage()),
        cause);
  }
}
