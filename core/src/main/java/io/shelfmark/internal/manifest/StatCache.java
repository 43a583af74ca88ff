package io.shelfmark.internal.manifest;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.shelfmark.storage.Digest;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What the files of a folder were when they were last hashed, in this machine's home: one line a
 * file in the order of the paths, read beside the walk of the folder and written anew behind it, so
 * that its size does not matter. It is a cache: when it cannot be read or written, files are
 * hashed.
 *
 * <p>A file that changed within two seconds before the walk began, or later, is left out: its time
 * may not tell it from a change that comes after (Git calls such files racily clean). Not
 * thread-safe.
 */
final class StatCache implements AutoCloseable {

  private static final String HEADER = "shelfmark-stat 1";

  record Line(String path, FileStamp stamp, Digest digest) {}

  private final Path file;
  private final Path next;
  private final long begun;
  private @Nullable BufferedReader reader;
  private @Nullable BufferedWriter writer;
  private Optional<Line> ahead = Optional.empty();

  private StatCache(Path file, Instant begun) {
    this.begun = TimeUnit.MILLISECONDS.toNanos(begun.toEpochMilli());
    this.file = file;
    this.next = file.resolveSibling(file.getFileName() + "-" + UUID.randomUUID());
  }

  /** The cache of a folder in a home, for a walk that begins now. */
  static StatCache open(Path home, Path folder, Instant now) {
    String name = Digest.of(folder.toAbsolutePath().normalize().toString().getBytes(UTF_8)).hex();
    StatCache cache = new StatCache(home.resolve("stat").resolve(name), now);
    cache.beginReading();
    cache.beginWriting();
    return cache;
  }

  private void beginReading() {
    try {
      if (Files.exists(file)) {
        reader = Files.newBufferedReader(file);
        if (HEADER.equals(reader.readLine())) {
          ahead = read();
        }
      }
    } catch (IOException e) {
      // it is damaged, and is written anew
    }
  }

  private void beginWriting() {
    try {
      Files.createDirectories(next.resolveSibling(""));
      writer = Files.newBufferedWriter(next);
      writer.write(HEADER + "\n");
    } catch (IOException e) {
      dropWriter();
    }
  }

  /** What is known of a path; paths are asked for in their order. */
  Optional<Line> find(String path) {
    while (ahead.isPresent() && FilePaths.ORDER.compare(ahead.get().path(), path) < 0) {
      ahead = read();
    }
    return ahead.filter(line -> line.path().equals(path));
  }

  private Optional<Line> read() {
    try {
      @Nullable String line = reader == null ? null : reader.readLine();
      if (line == null) {
        return Optional.empty();
      }
      String[] fields = line.split(" ", 6);
      long size = Long.parseLong(fields[1]);
      long modified = Long.parseLong(fields[2]);
      FileStamp stamp = new FileStamp(size, modified, Long.parseLong(fields[3]), fields[4]);
      return Optional.of(new Line(fields[5], stamp, new Digest(fields[0])));
    } catch (IOException | IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
      return Optional.empty();
    }
  }

  /** Notes a file that was hashed or found unchanged; paths come in their order. */
  void put(String path, FileStamp stamp, Digest digest) {
    if (writer == null || !stamp.isSettled(begun)) {
      return;
    }
    try {
      String times = stamp.size() + " " + stamp.modified() + " " + stamp.changed();
      writer.write(digest.hex() + " " + times + " " + stamp.file() + " " + path + "\n");
    } catch (IOException e) {
      dropWriter();
    }
  }

  /** Puts what was noted in the place of the old cache. */
  void commit() {
    if (writer == null) {
      return;
    }
    try {
      writer.close();
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      dropWriter();
    }
    writer = null;
  }

  private void dropWriter() {
    try (BufferedWriter dropped = writer) {
      writer = null;
      Files.deleteIfExists(next);
    } catch (IOException e) {
      // a cache that was not written is made anew next time
    }
  }

  @Override
  public void close() {
    dropWriter();
    try (BufferedReader done = reader) {
      reader = null;
    } catch (IOException e) {
      // it was only read
    }
  }
}
