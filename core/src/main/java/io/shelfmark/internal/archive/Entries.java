package io.shelfmark.internal.archive;

import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** The plain files of a tar, one after another, none longer than it says. For one thread. */
final class Entries {

  /** What stands between two entries' content: headers and padding. */
  private static final long HEADERS = 64 * 1024;

  private static final int BUFFER = 64 * 1024;

  private final BudgetStream stream;
  private final TarArchiveInputStream tar;
  private final Path copy;
  private final byte[] buffer = new byte[BUFFER];

  /**
   * @param copy the file that each entry's bytes are copied to
   */
  Entries(BudgetStream stream, Path copy) {
    this.stream = stream;
    this.tar = new TarArchiveInputStream(stream);
    this.copy = copy;
  }

  /** The next entry; whatever the last one still had is passed over within the same budget. */
  Optional<TarArchiveEntry> next() throws IOException {
    stream.allow(HEADERS);
    TarArchiveEntry entry = tar.getNextEntry();
    if (entry != null && entry.getLinkFlag() != TarConstants.LF_NORMAL) {
      throw new IOException("an entry that is no plain file");
    }
    return Optional.ofNullable(entry);
  }

  /** The bytes of the entry that was given last, in the file that the next call writes over. */
  Path copy(TarArchiveEntry entry) throws IOException {
    stream.allow(entry.getSize() + HEADERS);
    try (OutputStream out = Files.newOutputStream(copy)) {
      long left = entry.getSize();
      while (left > 0) {
        int count = tar.read(buffer, 0, (int) Math.min(left, buffer.length));
        if (count < 0) {
          throw new EOFException("the end " + left + " bytes early");
        }
        out.write(buffer, 0, count);
        left -= count;
      }
    }
    return copy;
  }
}
