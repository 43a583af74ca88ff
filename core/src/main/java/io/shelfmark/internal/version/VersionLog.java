package io.shelfmark.internal.version;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shelfmark.artifact.VersionNotFoundException;
import io.shelfmark.artifact.VersionRef;
import io.shelfmark.artifact.VersionRef.Kind;
import io.shelfmark.internal.gc.WriteGuard;
import io.shelfmark.internal.storage.ConditionalWrite;
import io.shelfmark.internal.storage.Json;
import io.shelfmark.internal.storage.KeyNames;
import io.shelfmark.internal.storage.Layout;
import io.shelfmark.storage.BlobInfo;
import io.shelfmark.storage.BlobKey;
import io.shelfmark.storage.BlobStore;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The numbered versions of one artifact or dataset, without gaps: the number after the last one is
 * claimed by {@code putIfAbsent} of its document. A number is never used again; a version that was
 * collected leaves its number behind. Thread-safe.
 */
public final class VersionLog {

  private final BlobStore store;
  private final Kind kind;
  private final String name;
  private final String prefix;

  /**
   * The versions of a name.
   *
   * @throws IllegalArgumentException when it cannot be a name
   */
  public VersionLog(BlobStore store, Kind kind, String name) {
    this.store = store;
    this.kind = kind;
    this.name = name;
    this.prefix = Layout.versions(kind, name);
  }

  /** A version of this name. */
  public VersionRef ref(long number) {
    return new VersionRef(kind, name, number);
  }

  /** The number of the last version, 0 when there is none. */
  public long last() {
    try (Stream<BlobInfo> versions = store.list(prefix)) {
      return versions.reduce((first, second) -> second).map(VersionLog::number).orElse(0L);
    }
  }

  /** All versions that were not collected, the oldest first. */
  public List<VersionDocument> all() {
    try (Stream<BlobInfo> versions = store.list(prefix)) {
      return versions
          .map(VersionLog::number)
          .map(this::read)
          .flatMap(Optional::stream)
          .filter(document -> !document.isCollected())
          .toList();
    }
  }

  private static long number(BlobInfo version) {
    return Long.parseLong(
        version.key().value().substring(version.key().value().lastIndexOf('/') + 1));
  }

  /** A version, collected or not. */
  private Optional<VersionDocument> read(long number) {
    BlobKey key = Layout.version(ref(number));
    return ConditionalWrite.read(store, key)
        .map(bytes -> new VersionDocument(ref(number), Json.parse(bytes, ref(number))));
  }

  /** A version that was not collected. */
  public Optional<VersionDocument> find(long number) {
    return read(number).filter(document -> !document.isCollected());
  }

  /**
   * A version that must be there.
   *
   * @throws VersionNotFoundException when it is not
   */
  public VersionDocument require(long number) {
    VersionDocument document =
        read(number)
            .orElseThrow(
                () ->
                    new VersionNotFoundException(
                        "Cannot find %s: found versions up to %d, expected it among them (check the number)"
                            .formatted(ref(number), last())));
    if (document.isCollected()) {
      throw new VersionNotFoundException(
          "Cannot read %s: found that it was collected at %s, expected it to be kept (keep versions by an alias or the retention rule)"
              .formatted(ref(number), document.collectedAt()));
    }
    return document;
  }

  /**
   * The same for a writer that relies on the version and all that it leads to.
   *
   * @throws VersionNotFoundException when it is not there
   */
  public VersionDocument relyOn(WriteGuard guard, long number) {
    guard.relyOn(Layout.version(ref(number)));
    return require(number);
  }

  /**
   * Says that a writer relies on versions of any name.
   *
   * @throws VersionNotFoundException when one is not there
   */
  public static void relyOn(WriteGuard guard, BlobStore store, Iterable<VersionRef> versions) {
    for (VersionRef ref : versions) {
      new VersionLog(store, ref.kind(), ref.name()).relyOn(guard, ref.number());
    }
  }

  /**
   * Claims a number for a draft; nothing when another writer has it.
   *
   * @param number one more than that of a version that is there
   */
  public Optional<VersionDocument> claim(long number, ObjectNode draft) {
    VersionRef ref = ref(number);
    JsonNode json = draft.deepCopy().put("claim", UUID.randomUUID().toString());
    return ConditionalWrite.claim(store, Layout.version(ref), Json.bytes(json))
        ? Optional.of(new VersionDocument(ref, json))
        : Optional.empty();
  }

  /** Claims the next number for a draft, whoever else does. */
  public VersionDocument claimNext(ObjectNode draft) {
    long number = last() + 1;
    while (true) {
      Optional<VersionDocument> claimed = claim(number, draft);
      if (claimed.isPresent()) {
        return claimed.get();
      }
      number++;
    }
  }

  /** The names of a kind that have versions or aliases. */
  public static List<String> names(BlobStore store, Kind kind) {
    try (Stream<BlobInfo> blobs = store.list(Layout.folder(kind))) {
      return blobs
          .map(blob -> blob.key().value().split("/", 3)[1])
          .distinct()
          .map(KeyNames::decode)
          .sorted()
          .toList();
    }
  }
}
