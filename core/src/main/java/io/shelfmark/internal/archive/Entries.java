package io.shelfmark.internal.archive;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** The plain files of a tar, one after another, none longer than it says. For one thread. */
final class Entries {

  /** What stands between two entries' content: headers and padding. */
  private static final long HEADERS = 64 * 1024;

  private final BudgetStream stream;
  private final TarArchiveInputStream tar;
  private final Spool spool;

  Entries(BudgetStream stream, Spool spool) {
    this.stream = stream;
    this.tar = new TarArchiveInputStream(stream);
    this.spool = spool;
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

  /** The bytes of the entry that was given last, in a file that the next call writes over. */
  Path copy(TarArchiveEntry entry) throws IOException {
    stream.allow(entry.getSize() + HEADERS);
    return spool.copy(tar, entry.getSize());
  }
}
