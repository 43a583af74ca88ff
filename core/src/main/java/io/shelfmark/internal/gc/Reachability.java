package io.shelfmark.internal.gc;

import com.fasterxml.jackson.databind.JsonNode;
import io.shelfmark.artifact.RetentionRule;
import io.shelfmark.artifact.VersionRef;
import io.shelfmark.internal.file.FilePointer;
import io.shelfmark.internal.manifest.Manifest;
import io.shelfmark.internal.storage.ConditionalWrite;
import io.shelfmark.internal.storage.Json;
import io.shelfmark.internal.storage.Layout;
import io.shelfmark.internal.storage.MarkSet;
import io.shelfmark.internal.storage.VerifiedContent;
import io.shelfmark.internal.version.AliasPointer;
import io.shelfmark.storage.BlobInfo;
import io.shelfmark.storage.BlobKey;
import io.shelfmark.storage.BlobStore;
import io.shelfmark.storage.Digest;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the roots lead to: aliases, versions that the rule keeps, references, working files and the
 * readers' leases. Edges run from a version to its files and to the versions it was made from. When
 * anything on the way cannot be read, nothing is known to be garbage, and it fails. Not
 * thread-safe.
 */
final class Reachability {

  private final BlobStore store;
  private final MarkSet reached = new MarkSet();
  private final Deque<VersionRef> pending = new ArrayDeque<>();

  private Reachability(BlobStore store) {
    this.store = store;
  }

  static MarkSet of(BlobStore store, RetentionRule rule, List<BlobKey> further) {
    Reachability reachability = new Reachability(store);
    further.forEach(reachability::reach);
    for (VersionRef.Kind kind : VersionRef.Kind.values()) {
      reachability.roots(kind, rule);
    }
    reachability.references();
    reachability.files();
    for (Lease.Seen lease : Leases.live(store)) {
      lease.keys().forEach(reachability::reach);
    }
    reachability.follow();
    return reachability.reached;
  }

  private void references() {
    try (Stream<BlobInfo> references = store.list(Layout.REFERENCES)) {
      references.forEach(
          info ->
              ConditionalWrite.read(store, info.key())
                  .map(bytes -> Json.parse(bytes, info.key()))
                  .ifPresent(
                      document ->
                          document.path("keys").forEach(key -> reach(BlobKey.of(key.asText())))));
    }
  }

  private void files() {
    FilePointer.forEach(store, file -> reached.add(MarkSet.mark(file.digest())));
  }

  private void roots(VersionRef.Kind kind, RetentionRule rule) {
    Instant now = store.currentTime();
    List<BlobInfo> versions = new ArrayList<>();
    String name = "";
    try (Stream<BlobInfo> blobs = store.list(Layout.folder(kind))) {
      for (BlobInfo blob : (Iterable<BlobInfo>) blobs::iterator) {
        String[] segments = blob.key().value().split("/", -1);
        if (!segments[1].equals(name)) {
          keep(versions, rule, now);
          versions.clear();
          name = segments[1];
        }
        if (segments.length == 4 && segments[2].equals("aliases")) {
          alias(kind, blob.key());
        } else if (Layout.version(blob.key()).isPresent()) {
          versions.add(blob);
        }
      }
    }
    keep(versions, rule, now);
  }

  private void keep(List<BlobInfo> versions, RetentionRule rule, Instant now) {
    for (int i = 0; i < versions.size(); i++) {
      BlobInfo version = versions.get(i);
      if (rule.keeps(versions.size() - 1L - i, version.lastModified(), now)) {
        reach(version.key());
      }
    }
  }

  private void alias(VersionRef.Kind kind, BlobKey pointer) {
    Optional<JsonNode> state =
        ConditionalWrite.read(store, pointer).map(bytes -> Json.parse(bytes, pointer));
    state
        .flatMap(document -> AliasPointer.target(kind, pointer, document))
        .ifPresent(ref -> reach(Layout.version(ref)));
    while (state.isPresent()) {
      Optional<Digest> previous = AliasPointer.previous(state.get());
      previous.ifPresent(digest -> reached.add(MarkSet.mark(digest)));
      state = previous.map(digest -> Json.parse(VerifiedContent.read(store, digest), digest));
    }
  }

  private void reach(BlobKey key) {
    if (reached.add(MarkSet.mark(key))) {
      Layout.version(key).ifPresent(pending::add);
    }
  }

  private void follow() {
    while (!pending.isEmpty()) {
      VersionRef ref = pending.remove();
      Optional<JsonNode> document =
          ConditionalWrite.read(store, Layout.version(ref)).map(bytes -> Json.parse(bytes, ref));
      if (document.isPresent() && document.get().has("manifest")) {
        Digest manifest = Digest.parse(Json.text(document.get(), "manifest", ref));
        if (reached.add(MarkSet.mark(manifest))) {
          Manifest.open(store, manifest)
              .forEachContent(digest -> reached.add(MarkSet.mark(digest)));
        }
        document
            .get()
            .path("inputs")
            .forEach(input -> reach(Layout.version(VersionRef.parse(input.asText()))));
      }
    }
  }
}
