package io.shelfmark.artifact;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shelfmark.Progress;
import io.shelfmark.artifact.VersionRef.Kind;
import io.shelfmark.internal.WorkspaceContext;
import io.shelfmark.internal.gc.WriteGuard;
import io.shelfmark.internal.manifest.Additions;
import io.shelfmark.internal.manifest.FileUpload;
import io.shelfmark.internal.version.VersionDocument;
import io.shelfmark.internal.version.VersionLog;
import io.shelfmark.storage.BlobBatch;
import io.shelfmark.storage.BlobKey;
import io.shelfmark.storage.ContentChangedException;
import io.shelfmark.storage.Digest;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * A version in the making. Get one from {@link Artifacts#newVersion}; name its files, then {@link
 * #publish()}. Nothing is read before that, apart from streams. Not thread-safe. Who began it
 * closes it, which removes the copies of streams.
 */
public final class NewArtifactVersion implements AutoCloseable {

  private final WorkspaceContext context;
  private final VersionLog versions;
  private final String name;
  private final Additions additions;
  private final Map<String, String> metadata = new LinkedHashMap<>();
  private final List<FileEntry> stored = new ArrayList<>();
  private final Set<VersionRef> inputs = new LinkedHashSet<>();
  private Optional<ModelSignature> signature = Optional.empty();
  private Optional<String> producer = Optional.empty();
  private Optional<String> codeVersion = Optional.empty();
  private String message = "";
  private Progress.Listener progress = Progress.Listener.NONE;

  NewArtifactVersion(WorkspaceContext context, String name) {
    this.context = context;
    this.name = name;
    this.versions = new VersionLog(context.store(), Kind.ARTIFACT, name);
    this.additions = new Additions(context.home(), context.clock());
  }

  /**
   * Adds the files below a folder; see {@link
   * io.shelfmark.dataset.DatasetCommit#addDirectory(Path)} for links.
   */
  public NewArtifactVersion addDirectory(Path directory) {
    additions.folder(directory, "");
    return this;
  }

  /**
   * Adds a file.
   *
   * @param path that it gets in the version, such as {@code model/detector.onnx}
   */
  public NewArtifactVersion addFile(String path, Path file) {
    additions.file(path, file);
    return this;
  }

  /**
   * Adds the content of a working file, as it was when it was found; nothing is copied. It may be
   * replaced or deleted meanwhile, as long as its content was not collected.
   */
  public NewArtifactVersion addFile(String path, WorkingFile file) {
    FileEntry entry = new FileEntry(path, file.digest(), file.size());
    additions.stored(entry);
    stored.add(entry);
    return this;
  }

  /** Adds what a stream gives up to its end, which is read now; the stream stays open. */
  public NewArtifactVersion addStream(String path, InputStream content) {
    additions.stream(path, content);
    return this;
  }

  /** Notes something of the version; the last value of a key counts. */
  public NewArtifactVersion metadata(String key, String value) {
    metadata.put(Objects.requireNonNull(key, "key"), Objects.requireNonNull(value, "value"));
    return this;
  }

  /** Notes a version that this one was made from; it is kept as long as this one. */
  public NewArtifactVersion input(VersionRef input) {
    inputs.add(Objects.requireNonNull(input, "input"));
    return this;
  }

  /** Says what the model takes and gives; none by default. */
  public NewArtifactVersion signature(ModelSignature value) {
    signature = Optional.of(value);
    return this;
  }

  /** Names the run or step that made the version; none by default. */
  public NewArtifactVersion producer(String value) {
    producer = Optional.of(value);
    return this;
  }

  /** Names the state of the program that made the version; none by default. */
  public NewArtifactVersion codeVersion(String value) {
    codeVersion = Optional.of(value);
    return this;
  }

  /** Says something of the version; empty by default. */
  public NewArtifactVersion message(String value) {
    message = Objects.requireNonNull(value, "value");
    return this;
  }

  /** Is told of each file that is stored; nobody by default. */
  public NewArtifactVersion progress(Progress.Listener value) {
    progress = Objects.requireNonNull(value, "value");
    return this;
  }

  /**
   * Stores the files and claims the next number. May be called once more after a failure.
   *
   * @throws VersionNotFoundException when an input is not there
   * @throws io.shelfmark.storage.ContentChangedException when a file changed while it was read, or
   *     a working file's content was collected since it was found
   * @throws IllegalStateException when there are no files
   */
  public ArtifactVersion publish() {
    if (additions.isEmpty()) {
      throw new IllegalStateException("a version of " + name + " has no files");
    }
    return context.guards().write(this::publish);
  }

  private ArtifactVersion publish(WriteGuard guard) {
    VersionLog.relyOn(guard, context.store(), inputs);
    stored.forEach(entry -> relyOn(guard, entry));
    try (BlobBatch batch = context.store().batch();
        Additions.Cursor files = additions.open()) {
      FileUpload upload = new FileUpload(batch, guard, context.executor(), progress);
      Digest manifest;
      try {
        while (files.peek().isPresent()) {
          upload.add(files, Optional.empty());
        }
        manifest = upload.finish();
      } finally {
        upload.cancel();
      }
      ObjectNode draft = draft(manifest, upload.files(), upload.bytes());
      guard.settle();
      return new ArtifactVersion(context, versions.claimNext(draft));
    }
  }

  private void relyOn(WriteGuard guard, FileEntry entry) {
    guard.relyOn(entry.digest());
    if (context.store().head(BlobKey.of(entry.digest())).isEmpty()) {
      throw new ContentChangedException(
          "Cannot add %s: found that %s was collected, expected it to be kept (find the working file again)"
              .formatted(entry.path(), entry.digest()));
    }
  }

  private ObjectNode draft(Digest manifest, long files, long bytes) {
    ObjectNode draft =
        VersionDocument.draft(
            manifest,
            files,
            bytes,
            new Provenance(
                context.clock().instant(), context.author(), message, producer, codeVersion));
    metadata.forEach(draft.withObject("/metadata")::put);
    inputs.forEach(input -> draft.withArray("inputs").add(input.toString()));
    signature.ifPresent(
        model -> {
          write(model.inputs(), draft.withObject("/signature").withArray("inputs"));
          write(model.outputs(), draft.withObject("/signature").withArray("outputs"));
        });
    return draft;
  }

  private static void write(List<ModelSignature.Tensor> tensors, ArrayNode array) {
    for (ModelSignature.Tensor tensor : tensors) {
      ObjectNode node = array.addObject().put("name", tensor.name()).put("type", tensor.type());
      tensor.shape().forEach(node.putArray("shape")::add);
    }
  }

  @Override
  public void close() {
    additions.close();
  }
}
