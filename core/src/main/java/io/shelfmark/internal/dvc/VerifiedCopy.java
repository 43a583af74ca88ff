package io.shelfmark.internal.dvc;

import io.shelfmark.dataset.DvcRemote;
import io.shelfmark.storage.StorageException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;

/**
 * Copies a remote's object to a file and checks it on the way: DVC itself takes a damaged object
 * without a word.
 */
final class VerifiedCopy {

  private static final int BUFFER = 64 * 1024;

  private VerifiedCopy() {}

  static void copy(DvcRemote remote, DvcLayout layout, Md5 md5, String key, Path target) {
    try (InputStream object =
            remote
                .open(key)
                .orElseThrow(
                    () ->
                        new StorageException(
                            "Cannot import %s from DVC remote %s: found no such object, expected it (run dvc push)"
                                .formatted(key, remote)));
        OutputStream out = Files.newOutputStream(target)) {
      MessageDigest plain = Md5.start();
      MessageDigest unix = Md5.start();
      copy(object, out, plain, layout == DvcLayout.TWO ? unix : plain);
      Md5 found = Md5.of(plain);
      // DVC 2 hashed text as if its lines ended as on Unix
      boolean same = found.equals(md5) || (layout == DvcLayout.TWO && Md5.of(unix).equals(md5));
      if (!same) {
        throw new StorageException(
            "Cannot import %s from DVC remote %s: found bytes of MD5 %s, expected %s (restore it from another copy)"
                .formatted(key, remote, found, md5));
      }
    } catch (IOException e) {
      throw new StorageException(
          "Cannot import %s from DVC remote %s: found %s, expected a readable object and room for it in %s (try again)"
              .formatted(key, remote, e, target.getParent()),
          e);
    }
  }

  private static void copy(
      InputStream object, OutputStream out, MessageDigest plain, MessageDigest unix)
      throws IOException {
    byte[] buffer = new byte[BUFFER];
    byte[] shortened = new byte[BUFFER + 1];
    boolean heldReturn = false;
    for (int count = object.read(buffer); count >= 0; count = object.read(buffer)) {
      out.write(buffer, 0, count);
      plain.update(buffer, 0, count);
      if (unix != plain) {
        int length = 0;
        for (int i = 0; i < count; i++) {
          if (heldReturn && buffer[i] != '\n') {
            shortened[length++] = '\r';
          }
          heldReturn = buffer[i] == '\r';
          if (!heldReturn) {
            shortened[length++] = buffer[i];
          }
        }
        unix.update(shortened, 0, length);
      }
    }
    if (heldReturn && unix != plain) {
      unix.update((byte) '\r');
    }
  }
}
