package io.shelfmark.internal.storage;

import io.shelfmark.storage.BlobContent;
import io.shelfmark.storage.BlobKey;
import io.shelfmark.storage.BlobStore;
import io.shelfmark.storage.CorruptBlobException;
import io.shelfmark.storage.Digest;
import io.shelfmark.storage.StorageException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;

/** Puts good bytes in the place of damaged ones. */
public final class Restoration {

  private Restoration() {}

  /** Restores the blob that has a file's content; false when the store has none or a good one. */
  public static boolean restore(BlobStore store, Path file) {
    try {
      MessageDigest calculation = Digest.start();
      long size;
      try (InputStream stream = new DigestInputStream(Files.newInputStream(file), calculation)) {
        size = stream.transferTo(OutputStream.nullOutputStream());
      }
      Digest digest = Digest.of(calculation);
      if (store.head(BlobKey.of(digest)).isEmpty() || isGood(store, digest)) {
        return false;
      }
      store.put(
          BlobKey.of(digest),
          ExpectedContentStream.expecting(BlobContent.of(file, size), digest, size));
      return true;
    } catch (IOException e) {
      throw new StorageException(
          "Cannot restore from %s: found %s, expected a readable file (check the path)"
              .formatted(file, e),
          e);
    }
  }

  private static boolean isGood(BlobStore store, Digest digest) throws IOException {
    try (InputStream stream = VerifiedContent.open(store, digest)) {
      stream.transferTo(OutputStream.nullOutputStream());
      return true;
    } catch (CorruptBlobException e) {
      return false;
    }
  }
}
