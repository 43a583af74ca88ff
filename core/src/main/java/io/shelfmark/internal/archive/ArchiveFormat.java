package io.shelfmark.internal.archive;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shelfmark.artifact.VersionRef;
import io.shelfmark.internal.storage.Json;
import io.shelfmark.internal.version.VersionDocument;
import java.util.List;

/** What an archive holds; docs/format.md describes it for readers. */
final class ArchiveFormat {

  /** The first entry: which version the archive holds. */
  static final String DOCUMENT = "version.json";

  /** The longest document that is read. */
  static final long LONGEST_DOCUMENT = 16L << 20;

  /** What goes with a version to another store; numbers of other versions mean nothing there. */
  private static final List<String> CARRIED =
      List.of(
          "manifest",
          "files",
          "bytes",
          "createdAt",
          "author",
          "message",
          "metadata",
          "producer",
          "codeVersion",
          "signature");

  private ArchiveFormat() {}

  /** The archive's document of a version. */
  static ObjectNode document(VersionDocument version) {
    ObjectNode document = Json.document().put("version", version.ref().toString());
    for (String field : CARRIED) {
      version.field(field).ifPresent(value -> document.set(field, value));
    }
    version.inputs().forEach(input -> document.withArray("inputs").add(input.toString()));
    return document;
  }

  /** A version's draft for the store that an archive is imported into. */
  static ObjectNode draft(JsonNode archive) {
    ObjectNode draft = Json.document();
    for (String field : CARRIED) {
      if (archive.has(field)) {
        draft.set(field, archive.get(field));
      }
    }
    return draft.put("importedFrom", Json.text(archive, "version", "archive"));
  }

  /** The version that an archive holds. */
  static VersionRef ref(JsonNode archive) {
    return VersionRef.parse(Json.text(archive, "version", "archive"));
  }
}
