package io.shelfmark.internal.manifest;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.shelfmark.artifact.FileEntry;
import io.shelfmark.internal.storage.VerifiedContent;
import io.shelfmark.storage.BlobStore;
import io.shelfmark.storage.Digest;
import io.shelfmark.storage.StorageException;
import java.util.ArrayList;
import java.util.List;

/**
 * A part of a manifest: a run of entries, as the root of the manifest lists it.
 *
 * @param digest of the chunk's bytes
 * @param files how many entries it has
 * @param bytes how long their files are together
 * @param firstPath where it begins
 */
record ManifestChunk(Digest digest, long files, long bytes, String firstPath) {

  static final String HEADER = "shelfmark-manifest 1";

  /** One line for each chunk after the header. */
  static List<ManifestChunk> readRoot(BlobStore store, Digest root) {
    List<ManifestChunk> chunks = new ArrayList<>();
    String[] lines = lines(store, root);
    if (!lines[0].equals(HEADER)) {
      throw damaged(root, "the line «" + lines[0] + "»", "«" + HEADER + "»");
    }
    for (int i = 1; i < lines.length; i++) {
      String[] fields = lines[i].split(" ", 4);
      try {
        chunks.add(
            new ManifestChunk(
                new Digest(fields[0]),
                Long.parseLong(fields[1]),
                Long.parseLong(fields[2]),
                fields[3]));
      } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
        throw damaged(root, "the line «" + lines[i] + "»", "digest, files, bytes and path");
      }
    }
    return chunks;
  }

  List<FileEntry> read(BlobStore store) {
    List<FileEntry> entries = new ArrayList<>();
    for (String line : lines(store, digest)) {
      String[] fields = line.split(" ", 3);
      try {
        FileEntry entry =
            new FileEntry(fields[2], new Digest(fields[0]), Long.parseLong(fields[1]));
        if (!entries.isEmpty()
            && FilePaths.ORDER.compare(entries.get(entries.size() - 1).path(), entry.path()) >= 0) {
          throw damaged(digest, "path «" + entry.path() + "» out of order", "rising paths");
        }
        entries.add(entry);
      } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
        throw new StorageException(
            "Cannot read manifest %s: %s".formatted(digest, e.getMessage()), e);
      }
    }
    return entries;
  }

  private static String[] lines(BlobStore store, Digest digest) {
    return new String(VerifiedContent.read(store, digest), UTF_8).split("\n");
  }

  private static StorageException damaged(Digest digest, String found, String expected) {
    return new StorageException(
        "Cannot read manifest %s: found %s, expected %s (use the version of Shelfmark that wrote it)"
            .formatted(digest, found, expected));
  }
}
