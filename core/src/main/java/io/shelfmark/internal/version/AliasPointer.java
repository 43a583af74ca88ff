package io.shelfmark.internal.version;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shelfmark.artifact.AliasConflictException;
import io.shelfmark.artifact.AliasMove;
import io.shelfmark.artifact.VersionRef;
import io.shelfmark.artifact.VersionRef.Kind;
import io.shelfmark.internal.WorkspaceContext;
import io.shelfmark.internal.gc.WriteGuard;
import io.shelfmark.internal.storage.ConditionalWrite;
import io.shelfmark.internal.storage.Json;
import io.shelfmark.internal.storage.KeyNames;
import io.shelfmark.internal.storage.Layout;
import io.shelfmark.internal.storage.VerifiedContent;
import io.shelfmark.storage.BlobBatch;
import io.shelfmark.storage.BlobContent;
import io.shelfmark.storage.BlobInfo;
import io.shelfmark.storage.BlobKey;
import io.shelfmark.storage.BlobStore;
import io.shelfmark.storage.Digest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The aliases of one artifact or dataset. An alias is a small document that moves by
 * compare-and-set; before it moves, its old state is stored as content, which the new state names:
 * the history is a chain that no crash can tear. Thread-safe.
 */
public final class AliasPointer {

  private final WorkspaceContext context;
  private final Kind kind;
  private final String name;
  private final VersionLog versions;

  /** The aliases of a name. */
  public AliasPointer(WorkspaceContext context, Kind kind, String name) {
    this.context = context;
    this.kind = kind;
    this.name = name;
    this.versions = new VersionLog(context.store(), kind, name);
  }

  /** The number that an alias names. */
  public OptionalLong find(String alias) {
    long number = read(alias).map(AliasPointer::number).orElse(0L);
    return number == 0 ? OptionalLong.empty() : OptionalLong.of(number);
  }

  /** The number that a selector stands for: a number itself, or what an alias names. */
  public OptionalLong resolve(String selector) {
    if (selector.isEmpty() || !selector.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return find(selector);
    }
    long number = selector.length() < 19 ? Long.parseLong(selector) : 0;
    return number > 0 ? OptionalLong.of(number) : OptionalLong.empty();
  }

  private Optional<JsonNode> read(String alias) {
    BlobKey key = Layout.alias(kind, name, alias);
    return ConditionalWrite.read(context.store(), key).map(bytes -> Json.parse(bytes, key));
  }

  /** All aliases that name something, by their names. */
  public List<String> names() {
    String prefix = Layout.aliases(kind, name);
    try (Stream<BlobInfo> aliases = context.store().list(prefix)) {
      return aliases
          .map(info -> info.key().value().substring(prefix.length()))
          .map(KeyNames::decode)
          .filter(alias -> find(alias).isPresent())
          .sorted()
          .toList();
    }
  }

  /** The moves of an alias, the last one first. */
  public List<AliasMove> history(String alias) {
    List<AliasMove> moves = new ArrayList<>();
    forEachState(alias, document -> moves.add(move(alias, document)));
    return moves;
  }

  private void forEachState(String alias, Consumer<JsonNode> action) {
    Optional<JsonNode> document = read(alias);
    while (document.isPresent()) {
      action.accept(document.get());
      document =
          previous(document.get())
              .map(digest -> Json.parse(VerifiedContent.read(context.store(), digest), digest));
    }
  }

  /** The content that holds the state before a state of a pointer. */
  public static Optional<Digest> previous(JsonNode document) {
    return Json.optionalText(document, "previous").map(Digest::parse);
  }

  /** The version that a state of the pointer under a key names, unless the alias was removed. */
  public static Optional<VersionRef> target(Kind kind, BlobKey pointer, JsonNode document) {
    long number = number(document);
    return number == 0
        ? Optional.empty()
        : Optional.of(
            new VersionRef(kind, KeyNames.decode(pointer.value().split("/", 3)[1]), number));
  }

  /** The number that a state names; 0 for that of a removed alias. */
  private static long number(JsonNode document) {
    return document.path("version").asLong(0);
  }

  private static AliasMove move(String alias, JsonNode document) {
    return new AliasMove(
        alias,
        Optional.of(document.path("from").asLong(0)).filter(from -> from != 0),
        Optional.of(number(document)).filter(to -> to != 0),
        Instant.parse(Json.text(document, "at", alias)),
        Json.text(document, "author", alias),
        Json.text(document, "reason", alias));
  }

  /** Moves an alias wherever it is. */
  public void move(String alias, long to, String reason) {
    while (!tryMove(alias, to, reason, OptionalLong.empty())) {
      // another writer moved it meanwhile: from where it is now
    }
  }

  /**
   * Moves an alias from where it is expected to be.
   *
   * @param expected the number it names, 0 for none
   * @throws AliasConflictException when it names another one
   */
  public void move(String alias, long to, String reason, long expected) {
    if (!tryMove(alias, to, reason, OptionalLong.of(expected))) {
      throw new AliasConflictException(name, alias, find(alias).orElse(0), expected);
    }
  }

  /** Removes an alias that names something, from wherever it is; its history stays. */
  public void remove(String alias, String reason) {
    while (!tryMove(alias, 0, reason, OptionalLong.empty())) {
      // another writer moved it meanwhile: from where it is now
    }
  }

  private boolean tryMove(String alias, long to, String reason, OptionalLong expected) {
    if (alias.chars().allMatch(Character::isDigit)) {
      throw new IllegalArgumentException(
          "Cannot name alias %s: found digits alone, expected something that is no version's number"
              .formatted(alias));
    }
    return context
        .guards()
        .write(
            guard -> {
              if (to != 0) {
                versions.relyOn(guard, to);
              }
              return write(guard, alias, to, reason, expected);
            });
  }

  private boolean write(
      WriteGuard guard, String alias, long to, String reason, OptionalLong expected) {
    BlobStore store = context.store();
    BlobKey key = Layout.alias(kind, name, alias);
    // the state first: when the pointer moves in between, the replacement finds the conflict
    Optional<BlobInfo> info = store.head(key);
    Optional<byte[]> old = info.flatMap(known -> ConditionalWrite.read(store, key));
    long from = old.map(bytes -> number(Json.parse(bytes, key))).orElse(0L);
    if (expected.isPresent() && expected.getAsLong() != from) {
      return false;
    }
    if (to == 0 && from == 0) {
      return true;
    }
    String claim = UUID.randomUUID().toString();
    ObjectNode document =
        Json.document()
            .put("from", from)
            .put("at", context.clock().instant().toString())
            .put("author", context.author())
            .put("reason", reason)
            .put("claim", claim);
    if (to != 0) {
      document.put("version", to);
    }
    if (old.isPresent()) {
      try (BlobBatch batch = store.batch()) {
        Digest previous = batch.add(BlobContent.of(old.get())).digest();
        guard.relyOn(previous);
        batch.sync();
        document.put("previous", previous.toString());
      }
    }
    guard.settle();
    byte[] bytes = Json.bytes(document);
    boolean moved =
        info.isPresent()
            ? ConditionalWrite.replace(store, key, bytes, info.get().etag())
            : ConditionalWrite.claim(store, key, bytes);
    return moved || hasMoved(alias, claim);
  }

  /** Whether a move succeeded whose reply was lost, and others moved the alias on. */
  private boolean hasMoved(String alias, String claim) {
    boolean[] found = {false};
    forEachState(alias, document -> found[0] |= claim.equals(document.path("claim").textValue()));
    return found[0];
  }
}
