package io.shelfmark.tracking.internal.mlflow.server;

import com.fasterxml.jackson.core.JsonGenerator;
import io.shelfmark.tracking.internal.mlflow.wire.Answer;
import io.shelfmark.tracking.store.FileStore;
import io.shelfmark.tracking.store.TrackingStore;
import java.io.IOException;
import java.util.List;
import java.util.function.UnaryOperator;

/** Lists of files as they are answered. */
final class FileAnswer {

  private FileAnswer() {}

  /** What lies in a folder below a location, with paths from the location on. */
  static Answer below(TrackingStore store, String location, String folder) {
    List<FileStore.Entry> entries = store.files(location).list(folder);
    return out -> {
      out.writeStringField("root_uri", location);
      files(out, entries, UnaryOperator.identity());
    };
  }

  /**
   * Writes a list of files.
   *
   * @param name what to call a path
   */
  static void files(JsonGenerator out, List<FileStore.Entry> entries, UnaryOperator<String> name)
      throws IOException {
    out.writeArrayFieldStart("files");
    for (FileStore.Entry entry : entries) {
      out.writeStartObject();
      out.writeStringField("path", name.apply(entry.path()));
      out.writeBooleanField("is_dir", entry.isFolder());
      if (!entry.isFolder()) {
        out.writeNumberField("file_size", entry.size());
      }
      out.writeEndObject();
    }
    out.writeEndArray();
  }
}
