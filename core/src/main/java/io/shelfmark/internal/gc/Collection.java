package io.shelfmark.internal.gc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shelfmark.internal.storage.ConditionalWrite;
import io.shelfmark.internal.storage.Json;
import io.shelfmark.storage.BlobInfo;
import io.shelfmark.storage.BlobKey;
import io.shelfmark.storage.BlobStore;
import io.shelfmark.storage.ETag;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * The one collection of garbage that a store may have under way, as its document says.
 *
 * @param id told apart from all others
 * @param state how far it is
 * @param startedAt when it condemned, by the store's clock
 * @param changedAt when the document was last written, by the store's clock
 * @param condemned the content that lists the condemned keys
 * @param writers the leases that may have begun before the keys were condemned
 * @param etag the state of the document
 */
record Collection(
    String id,
    State state,
    Instant startedAt,
    Instant changedAt,
    BlobKey condemned,
    Set<String> writers,
    ETag etag) {

  static final BlobKey KEY = BlobKey.of("gc/collection");
  static final String CONDEMNED = "gc/condemned/";
  static final String RESCUED = "gc/rescued/";

  enum State {
    /** The keys are condemned; whoever begins now sees it. */
    ANNOUNCED,
    /** It is known for whom to wait. */
    CONDEMNED,
    /** What is still garbage is being deleted. */
    DELETING
  }

  /** The collection under way, if there is one. */
  static Optional<Collection> find(BlobStore store) {
    Optional<BlobInfo> info = store.head(KEY);
    // the state first: when the document changes in between, a replacement finds the conflict
    return info.flatMap(
        known ->
            ConditionalWrite.read(store, KEY).map(bytes -> parse(Json.parse(bytes, KEY), known)));
  }

  private static Collection parse(JsonNode document, BlobInfo info) {
    Set<String> writers = new HashSet<>();
    document.path("writers").forEach(writer -> writers.add(writer.asText()));
    return new Collection(
        Json.text(document, "id", KEY),
        State.valueOf(Json.text(document, "state", KEY)),
        Instant.parse(Json.text(document, "startedAt", KEY)),
        info.lastModified(),
        BlobKey.of(Json.text(document, "condemned", KEY)),
        writers,
        info.etag());
  }

  static byte[] document(
      String id, State state, Instant startedAt, BlobKey condemned, Set<String> writers) {
    ObjectNode document =
        Json.document()
            .put("id", id)
            .put("state", state.name())
            .put("startedAt", startedAt.toString())
            .put("condemned", condemned.value())
            .put("change", UUID.randomUUID().toString());
    writers.forEach(writer -> document.withArray("writers").add(writer));
    return Json.bytes(document);
  }
}
