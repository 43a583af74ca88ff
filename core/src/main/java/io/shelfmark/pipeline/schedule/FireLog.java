package io.shelfmark.pipeline.schedule;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shelfmark.internal.storage.ConditionalWrite;
import io.shelfmark.internal.storage.Json;
import io.shelfmark.internal.storage.KeyNames;
import io.shelfmark.pipeline.RunId;
import io.shelfmark.storage.BlobConflictException;
import io.shelfmark.storage.BlobContent;
import io.shelfmark.storage.BlobInfo;
import io.shelfmark.storage.BlobKey;
import io.shelfmark.storage.BlobStore;
import io.shelfmark.storage.ETag;
import io.shelfmark.storage.UnknownOutcomeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The documents of one schedule or trigger in the store: a record for each fire, claimed by {@code
 * putIfAbsent} and changed by compare-and-set; which fire has the slot, where runs must not
 * overlap; and since when it is watched. Each has a random number, by which a writer whose reply
 * was lost knows its own. Thread-safe.
 */
final class FireLog {

  static final String FOLDER = "fires/";
  private static final String RECORDS = "records/";

  private final BlobStore store;
  private final String name;
  private final String folder;

  FireLog(BlobStore store, String name) {
    this.store = store;
    this.name = name;
    this.folder = FOLDER + KeyNames.encode(name) + "/";
  }

  /** A document as it is in the store. */
  record Stored<T>(T value, String change, ETag etag, Instant lastModified) {}

  /**
   * Since when a name is watched.
   *
   * @param what the schedule or trigger in words
   * @param at since when
   * @param baseline where the trigger's source stood then
   */
  record Watched(String what, Instant at, String baseline) {}

  /** Claims a fire's record; what is there is the caller's if its change is the given one. */
  Stored<Fire> claim(Fire fire, String change) {
    return create(record(fire.id()), json(fire), change, this::fire);
  }

  /** A fire's record. */
  Optional<Stored<Fire>> find(String id) {
    return read(record(id), this::fire);
  }

  /** Changes a record, unless another writer did. */
  Optional<Stored<Fire>> replace(Stored<Fire> old, Fire fire) {
    return replace(record(fire.id()), json(fire), old.etag(), this::fire);
  }

  /** The fire that has the slot. */
  Optional<Stored<String>> slot() {
    return read(slotKey(), FireLog::slot);
  }

  /** Gives the slot to a fire if nobody has taken it. */
  boolean takeSlot(Optional<Stored<String>> from, String fire) {
    ObjectNode document = Json.document().put("fire", fire);
    if (from.isPresent()) {
      return replace(slotKey(), document, from.get().etag(), FireLog::slot).isPresent();
    }
    String change = UUID.randomUUID().toString();
    return create(slotKey(), document, change, FireLog::slot).change().equals(change);
  }

  /** Puts on record since when it is watched, unless that is on record. */
  Watched watch(String what, Instant now, Supplier<String> baseline) {
    BlobKey key = BlobKey.of(folder + "watched");
    while (true) {
      Optional<Stored<Watched>> found = read(key, FireLog::watched);
      if (found.isPresent() && found.get().value().what().equals(what)) {
        return found.get().value();
      }
      Watched anew = new Watched(what, now, baseline.get());
      if (found.isEmpty()) {
        create(key, json(anew), UUID.randomUUID().toString(), FireLog::watched);
      } else {
        replace(key, json(anew), found.get().etag(), FireLog::watched);
      }
    }
  }

  /** Where all records lie, in the order in which they were last changed. */
  List<BlobInfo> records() {
    try (Stream<BlobInfo> records = store.list(folder + RECORDS)) {
      return records.sorted(Comparator.comparing(BlobInfo::lastModified)).toList();
    }
  }

  /** The id of the fire whose record lies there. */
  static String id(BlobInfo record) {
    return record.key().value().substring(record.key().value().lastIndexOf('/') + 1);
  }

  /** The record that lies there. */
  Optional<Stored<Fire>> find(BlobInfo record) {
    return read(record, this::fire);
  }

  void delete(String id) {
    store.delete(record(id));
  }

  void deleteAll() {
    List<BlobKey> keys;
    try (Stream<BlobInfo> blobs = store.list(folder)) {
      keys = blobs.map(BlobInfo::key).toList();
    }
    keys.forEach(store::delete);
  }

  /** How long ago something was written, by the store's clock. */
  Duration age(Stored<?> stored) {
    return Duration.between(stored.lastModified(), store.currentTime());
  }

  private BlobKey record(String id) {
    return BlobKey.of(folder + RECORDS + id);
  }

  private BlobKey slotKey() {
    return BlobKey.of(folder + "slot");
  }

  private <T> Stored<T> create(
      BlobKey key, ObjectNode document, String change, Function<JsonNode, T> reader) {
    byte[] bytes = Json.bytes(document.put("change", change));
    try {
      BlobInfo info = store.putIfAbsent(key, BlobContent.of(bytes));
      return new Stored<>(reader.apply(document), change, info.etag(), info.lastModified());
    } catch (BlobConflictException | UnknownOutcomeException e) {
      return read(key, reader).orElseThrow(() -> e);
    }
  }

  private <T> Optional<Stored<T>> replace(
      BlobKey key, ObjectNode document, ETag expected, Function<JsonNode, T> reader) {
    String change = UUID.randomUUID().toString();
    byte[] bytes = Json.bytes(document.put("change", change));
    try {
      BlobInfo info = store.replace(key, BlobContent.of(bytes), expected);
      return Optional.of(
          new Stored<>(reader.apply(document), change, info.etag(), info.lastModified()));
    } catch (BlobConflictException | UnknownOutcomeException e) {
      return read(key, reader).filter(found -> found.change().equals(change));
    }
  }

  /** The state first: when the document changes in between, its replacement finds the conflict. */
  private <T> Optional<Stored<T>> read(BlobKey key, Function<JsonNode, T> reader) {
    return store.head(key).flatMap(info -> read(info, reader));
  }

  private <T> Optional<Stored<T>> read(BlobInfo info, Function<JsonNode, T> reader) {
    return ConditionalWrite.read(store, info.key())
        .map(bytes -> Json.parse(bytes, info.key()))
        .map(
            document ->
                new Stored<>(
                    reader.apply(document),
                    Json.text(document, "change", info.key()),
                    info.etag(),
                    info.lastModified()));
  }

  private static String slot(JsonNode document) {
    return Json.text(document, "fire", "slot");
  }

  private static ObjectNode json(Watched watched) {
    return Json.document()
        .put("what", watched.what())
        .put("at", watched.at().toString())
        .put("baseline", watched.baseline());
  }

  private static Watched watched(JsonNode document) {
    return new Watched(
        Json.text(document, "what", "watched"),
        Instant.parse(Json.text(document, "at", "watched")),
        Json.text(document, "baseline", "watched"));
  }

  private static ObjectNode json(Fire fire) {
    ObjectNode document =
        Json.document()
            .put("fire", fire.id())
            .put("due", fire.due().toString())
            .put("state", fire.state().name())
            .put("claimedAt", fire.claimedAt().toString())
            .put("by", fire.by());
    fire.startedAt().ifPresent(at -> document.put("startedAt", at.toString()));
    fire.run().ifPresent(run -> document.put("run", run.value()));
    fire.reason().ifPresent(reason -> document.put("reason", reason));
    if (!fire.values().isEmpty()) {
      ObjectNode values = document.putObject("values");
      fire.values().forEach(values::put);
    }
    fire.events().forEach(document.withArray("events")::add);
    return document;
  }

  private Fire fire(JsonNode document) {
    List<String> events = new ArrayList<>();
    document.path("events").forEach(event -> events.add(event.asText()));
    String id = Json.text(document, "fire", name);
    return new Fire(
        name,
        id,
        Instant.parse(Json.text(document, "due", id)),
        FireState.valueOf(Json.text(document, "state", id)),
        Instant.parse(Json.text(document, "claimedAt", id)),
        Json.optionalText(document, "startedAt").map(Instant::parse),
        Json.text(document, "by", id),
        Json.optionalText(document, "run").map(RunId::of),
        Json.optionalText(document, "reason"),
        Json.texts(document, "values"),
        events);
  }
}
