package io.shelfmark.artifact;

import com.fasterxml.jackson.databind.JsonNode;
import io.shelfmark.Progress;
import io.shelfmark.internal.WorkspaceContext;
import io.shelfmark.internal.archive.ArchiveWriter;
import io.shelfmark.internal.manifest.FileDownload;
import io.shelfmark.internal.manifest.Manifest;
import io.shelfmark.internal.storage.PartialContent;
import io.shelfmark.internal.storage.VerifiedContent;
import io.shelfmark.internal.version.VersionDocument;
import io.shelfmark.storage.ByteRange;
import io.shelfmark.storage.Digest;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One version of an artifact: files that never change, and what is known of them. Get one from
 * {@link Artifacts}. It stays readable while an alias, the retention rule or another version keeps
 * it. Immutable and thread-safe; it holds nothing open.
 */
public final class ArtifactVersion {

  private final WorkspaceContext context;
  private final VersionDocument document;

  ArtifactVersion(WorkspaceContext context, VersionDocument document) {
    this.context = context;
    this.document = document;
  }

  /** Its name in the workspace. */
  public VersionRef ref() {
    return document.ref();
  }

  /** The artifact's name. */
  public String name() {
    return ref().name();
  }

  /** From 1, without gaps. */
  public long number() {
    return ref().number();
  }

  /** The identity of its files, their paths included: equal files have equal digests. */
  public Digest digest() {
    return document.manifest();
  }

  /** How long its files are together, in bytes. */
  public long size() {
    return document.bytes();
  }

  /** What was noted of it. */
  public Map<String, String> metadata() {
    return document.metadata();
  }

  /** The versions that it was made from. */
  public List<VersionRef> inputs() {
    return document.inputs();
  }

  /** Who made it, when, by what. */
  public Provenance provenance() {
    return document.provenance();
  }

  /** What the model takes and gives, if it is one and says so. */
  public Optional<ModelSignature> signature() {
    return document
        .field("signature")
        .map(
            node ->
                new ModelSignature(tensors(node.path("inputs")), tensors(node.path("outputs"))));
  }

  private static List<ModelSignature.Tensor> tensors(JsonNode array) {
    List<ModelSignature.Tensor> tensors = new ArrayList<>();
    for (JsonNode node : array) {
      List<Long> shape = new ArrayList<>();
      node.path("shape").forEach(length -> shape.add(length.asLong()));
      tensors.add(
          new ModelSignature.Tensor(node.path("name").asText(), node.path("type").asText(), shape));
    }
    return tensors;
  }

  /** Its files in the order of their paths, all in memory. */
  public List<FileEntry> files() {
    List<FileEntry> files = new ArrayList<>();
    manifest().cursor().forEachRemaining(files::add);
    return List.copyOf(files);
  }

  /**
   * Reads a file. The stream ends with {@link io.shelfmark.storage.CorruptBlobException} instead of
   * its last block when the bytes are not those that were published.
   *
   * @return a stream that the caller closes
   * @throws VersionNotFoundException when there is no file of that path
   */
  public InputStream open(String path) {
    return VerifiedContent.open(context.store(), require(path).digest());
  }

  /**
   * Reads a part of a file; less than asked for where the file ends within it, nothing where it
   * ends before. A digest is of the whole: a part is checked to be as long as it should be, and
   * against the digest only where it is the whole file.
   *
   * @return a stream that the caller closes
   * @throws VersionNotFoundException when there is no file of that path
   */
  public InputStream open(String path, ByteRange range) {
    FileEntry entry = require(path);
    return PartialContent.open(context.store(), entry.digest(), entry.size(), range);
  }

  private FileEntry require(String path) {
    return manifest()
        .find(path)
        .orElseThrow(
            () ->
                new VersionNotFoundException(
                    "Cannot read file %s of %s: found no such file among %d, expected one of its paths (check the path)"
                        .formatted(path, ref(), document.files())));
  }

  /**
   * Writes all files into a folder that is missing or empty, each checked against its digest. The
   * folder appears when it is complete. It is the caller's then.
   *
   * @throws io.shelfmark.storage.CorruptBlobException when a file is damaged in the store
   * @throws IllegalArgumentException when the folder is not empty
   */
  public void download(Path folder) {
    FileDownload.copies(context, Progress.Listener.NONE).run(manifest().cursor(), folder);
  }

  /**
   * Writes the version and all its content into one file, {@code .tar.zst}, for a site without a
   * network; {@link io.shelfmark.Workspace#importArchive} reads it there. A file of that name is
   * replaced when the new one is complete.
   *
   * @throws io.shelfmark.storage.CorruptBlobException when content is damaged in the store
   * @throws io.shelfmark.storage.StorageException when the file cannot be written
   */
  public void export(Path archive) {
    export(archive, Progress.Listener.NONE);
  }

  /** The same, telling of each file. */
  public void export(Path archive, Progress.Listener progress) {
    new ArchiveWriter(context, document, progress).write(archive);
  }

  private Manifest manifest() {
    return Manifest.open(context.store(), document.manifest());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ArtifactVersion version
        && version.ref().equals(ref())
        && version.digest().equals(digest());
  }

  @Override
  public int hashCode() {
    return ref().hashCode();
  }

  /** Its name, as {@link VersionRef} writes it. */
  @Override
  public String toString() {
    return ref().toString();
  }
}
