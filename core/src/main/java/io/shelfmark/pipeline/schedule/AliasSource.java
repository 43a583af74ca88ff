package io.shelfmark.pipeline.schedule;

import com.fasterxml.jackson.databind.JsonNode;
import io.shelfmark.artifact.VersionRef;
import io.shelfmark.internal.storage.ConditionalWrite;
import io.shelfmark.internal.storage.Json;
import io.shelfmark.internal.storage.Layout;
import io.shelfmark.internal.version.AliasPointer;
import io.shelfmark.storage.BlobKey;
import io.shelfmark.storage.BlobStore;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The moves of an alias, each known by the random number of its document. Of several moves between
 * two polls the last one is seen. A poll takes one request.
 */
record AliasSource(BlobStore store, VersionRef.Kind kind, String name, String alias)
    implements EventSource {

  private Optional<JsonNode> state() {
    BlobKey key = Layout.alias(kind, name, alias);
    return ConditionalWrite.read(store, key).map(bytes -> Json.parse(bytes, key));
  }

  private String move(JsonNode state) {
    return Json.text(state, "claim", alias);
  }

  @Override
  public String baseline() {
    return state().map(this::move).orElse("");
  }

  @Override
  public List<Event> poll(Past past, Instant now) {
    return state()
        .filter(state -> !move(state).equals(past.baseline()))
        .flatMap(state -> event(state))
        .map(List::of)
        .orElse(List.of());
  }

  private Optional<Event> event(JsonNode state) {
    return AliasPointer.target(kind, Layout.alias(kind, name, alias), state)
        .map(
            version -> {
              Map<String, String> values = new HashMap<>();
              values.put("version", version.toString());
              values.put("name", name);
              values.put("number", String.valueOf(version.number()));
              values.put("alias", alias);
              values.put("reason", state.path("reason").asText());
              long from = state.path("from").asLong(0);
              if (from != 0) {
                values.put("from", new VersionRef(kind, name, from).toString());
              }
              return new Event(move(state), Instant.parse(Json.text(state, "at", alias)), values);
            });
  }
}
