package io.shelfmark.internal.verification;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.shelfmark.Progress;
import io.shelfmark.StoreReport;
import io.shelfmark.StoreReport.Fault;
import io.shelfmark.artifact.FileEntry;
import io.shelfmark.artifact.VersionRef;
import io.shelfmark.artifact.VersionRef.Kind;
import io.shelfmark.artifact.WorkingFile;
import io.shelfmark.internal.file.FileKeys;
import io.shelfmark.internal.file.FilePointer;
import io.shelfmark.internal.manifest.Manifest;
import io.shelfmark.internal.storage.ConditionalWrite;
import io.shelfmark.internal.storage.Json;
import io.shelfmark.internal.storage.Layout;
import io.shelfmark.internal.storage.VerifiedContent;
import io.shelfmark.internal.version.AliasPointer;
import io.shelfmark.internal.version.VersionDocument;
import io.shelfmark.internal.version.VersionLog;
import io.shelfmark.storage.BlobInfo;
import io.shelfmark.storage.BlobKey;
import io.shelfmark.storage.BlobNotFoundException;
import io.shelfmark.storage.BlobStore;
import io.shelfmark.storage.CorruptBlobException;
import io.shelfmark.storage.Digest;
import io.shelfmark.storage.StorageException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.stream.Stream;

/**
 * Reads everything in a store: all content against its digests, then all versions, aliases and
 * working files, and whether what they name is there. Others may write and collect meanwhile. For
 * one thread, once.
 */
public final class StoreCheck {

  private final BlobStore store;
  private final ContentCheck contents;
  private final List<Fault> faults = new ArrayList<>();
  private long versions;

  /** A check of a store. */
  public StoreCheck(BlobStore store, ExecutorService executor, Progress.Listener progress) {
    this.store = store;
    this.contents = new ContentCheck(store, executor, progress);
  }

  /** Runs the check. */
  public StoreReport run() {
    contents.run();
    faults.addAll(contents.faults());
    for (BlobKey key : keys(FileKeys.PREFIX)) {
      guarded(key, () -> file(key));
    }
    for (Kind kind : Kind.values()) {
      for (BlobKey key : keys(Layout.folder(kind))) {
        Optional<VersionRef> version = Layout.version(key);
        if (version.isPresent()) {
          guarded(key, () -> version(key, version.get()));
        } else {
          guarded(key, () -> alias(kind, key));
        }
      }
    }
    return new StoreReport(contents.blobs(), contents.bytes(), versions, faults);
  }

  private List<BlobKey> keys(String prefix) {
    try (Stream<BlobInfo> blobs = store.list(prefix)) {
      return blobs.map(BlobInfo::key).toList();
    }
  }

  /** Takes what makes a document unreadable for a fault of it. */
  private void guarded(BlobKey key, Runnable check) {
    try {
      check.run();
    } catch (CorruptBlobException | BlobNotFoundException | IllegalArgumentException e) {
      faults.add(new Fault(key, String.valueOf(e.getMessage())));
    } catch (StorageException e) {
      boolean unreachable =
          e.getCause() instanceof IOException && !(e.getCause() instanceof JsonProcessingException);
      if (unreachable) {
        throw e;
      }
      faults.add(new Fault(key, String.valueOf(e.getMessage())));
    }
  }

  private void version(BlobKey key, VersionRef ref) {
    Optional<VersionDocument> found = find(ref);
    if (found.isEmpty()) {
      return;
    }
    versions++;
    for (VersionRef input : found.get().inputs()) {
      if (find(input).isEmpty() && find(ref).isPresent()) {
        faults.add(new Fault(key, "found no %s, which %s was made from".formatted(input, ref)));
      }
    }
    Manifest manifest = Manifest.open(store, found.get().manifest());
    for (Manifest.Cursor entries = manifest.cursor(); entries.hasNext(); ) {
      FileEntry entry = entries.next();
      problem(entry.digest())
          .filter(problem -> find(ref).isPresent())
          .ifPresent(
              problem ->
                  faults.add(
                      new Fault(
                          key, "found file %s of %s %s".formatted(entry.path(), ref, problem))));
    }
  }

  private Optional<VersionDocument> find(VersionRef ref) {
    return new VersionLog(store, ref.kind(), ref.name()).find(ref.number());
  }

  private Optional<String> problem(Digest digest) {
    if (contents.isGood(digest)) {
      return Optional.empty();
    }
    if (contents.isDamaged(digest)) {
      return Optional.of("damaged");
    }
    // what was added since the listing is there, or nothing is
    return store.head(BlobKey.of(digest)).isPresent() ? Optional.empty() : Optional.of("missing");
  }

  private void file(BlobKey key) {
    Optional<WorkingFile> found = FilePointer.read(store, key);
    found
        .flatMap(file -> problem(file.digest()))
        // what was replaced or deleted meanwhile needs its content no more
        .filter(problem -> FilePointer.read(store, key).equals(found))
        .ifPresent(
            problem ->
                faults.add(
                    new Fault(
                        key,
                        "found content of file %s %s".formatted(found.get().path(), problem))));
  }

  private void alias(Kind kind, BlobKey key) {
    Optional<JsonNode> state =
        ConditionalWrite.read(store, key).map(bytes -> Json.parse(bytes, key));
    if (state.isEmpty()) {
      return;
    }
    AliasPointer.target(kind, key, state.get())
        .filter(ref -> find(ref).isEmpty())
        .ifPresent(
            ref -> faults.add(new Fault(key, "found no %s, which the alias names".formatted(ref))));
    while (state.isPresent()) {
      state =
          AliasPointer.previous(state.get())
              .map(digest -> Json.parse(VerifiedContent.read(store, digest), digest));
    }
  }
}
