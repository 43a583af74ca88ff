package io.shelfmark.internal.archive;

import com.github.luben.zstd.ZstdInputStream;
import com.github.luben.zstd.ZstdOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** Archives that no export wrote. */
final class ArchiveForgery {

  record Entry(String name, byte[] content) {}

  private ArchiveForgery() {}

  static List<Entry> read(Path archive) throws IOException {
    List<Entry> entries = new ArrayList<>();
    try (var tar = new TarArchiveInputStream(new ZstdInputStream(Files.newInputStream(archive)))) {
      TarArchiveEntry entry = tar.getNextEntry();
      while (entry != null) {
        entries.add(new Entry(entry.getName(), tar.readAllBytes()));
        entry = tar.getNextEntry();
      }
    }
    return entries;
  }

  static void write(Path archive, List<Entry> entries) throws IOException {
    try (TarArchiveOutputStream tar = create(archive)) {
      put(tar, entries);
    }
  }

  static void appendLink(Path archive, String name, String target) throws IOException {
    List<Entry> entries = read(archive);
    try (TarArchiveOutputStream tar = create(archive)) {
      put(tar, entries);
      TarArchiveEntry link = new TarArchiveEntry(name, TarConstants.LF_SYMLINK);
      link.setLinkName(target);
      tar.putArchiveEntry(link);
      tar.closeArchiveEntry();
    }
  }

  /** A header for a name of so many bytes, all of which are there. */
  static void writeWithLongName(Path archive, List<Entry> entries, long length) throws IOException {
    try (TarArchiveOutputStream tar = create(archive)) {
      put(tar, entries);
      putZeros(tar, new TarArchiveEntry("././@LongLink", TarConstants.LF_GNUTYPE_LONGNAME), length);
    }
  }

  static void writeWithLongDocument(Path archive, long length) throws IOException {
    try (TarArchiveOutputStream tar = create(archive)) {
      putZeros(tar, new TarArchiveEntry("version.json"), length);
    }
  }

  private static TarArchiveOutputStream create(Path archive) throws IOException {
    OutputStream out = new ZstdOutputStream(Files.newOutputStream(archive));
    TarArchiveOutputStream tar = new TarArchiveOutputStream(out);
    tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
    return tar;
  }

  private static void put(TarArchiveOutputStream tar, List<Entry> entries) throws IOException {
    for (Entry entry : entries) {
      TarArchiveEntry header = new TarArchiveEntry(entry.name(), /* preserveAbsolutePath= */ true);
      header.setSize(entry.content().length);
      tar.putArchiveEntry(header);
      tar.write(entry.content());
      tar.closeArchiveEntry();
    }
  }

  private static void putZeros(TarArchiveOutputStream tar, TarArchiveEntry header, long length)
      throws IOException {
    header.setSize(length);
    tar.putArchiveEntry(header);
    byte[] zeros = new byte[1_000_000];
    for (long left = length; left > 0; left -= zeros.length) {
      tar.write(zeros, 0, (int) Math.min(left, zeros.length));
    }
    tar.closeArchiveEntry();
  }
}
