package io.shelfmark.internal.storage;

import io.shelfmark.storage.CorruptBlobException;
import io.shelfmark.storage.Digest;
import io.shelfmark.storage.StorageException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Copies of content in a folder, each in a file named by its digest. When it was last read is the
 * file's time of change. Thread-safe, among processes too.
 */
public final class ContentCache {

  private static final int BUFFER = 64 * 1024;
  private static final String PARTIAL = ".partial";

  /** One lock for each of the digests' first bytes: two threads do not fetch the same content. */
  private final Object[] locks = Stream.generate(Object::new).limit(256).toArray();

  private final Path folder;
  private final long maximumSize;
  private final AtomicLong size;
  private final MarkSet checked = new MarkSet();

  private ContentCache(Path folder, long maximumSize, long size) {
    this.folder = folder;
    this.maximumSize = maximumSize;
    this.size = new AtomicLong(size);
  }

  /** Opens a folder, which is created when it is missing. */
  public static ContentCache open(Path folder, long maximumSize) {
    if (maximumSize < 0) {
      throw new IllegalArgumentException(
          "Cannot limit cache %s: found %d bytes, expected 0 or more"
              .formatted(folder, maximumSize));
    }
    try {
      Files.createDirectories(folder);
      ContentCache cache = new ContentCache(folder, maximumSize, 0);
      cache.size.set(cache.copies().stream().mapToLong(Copy::size).sum());
      return cache;
    } catch (IOException e) {
      throw new StorageException(
          "Cannot use cache %s: found %s, expected a folder to write to (name another one)"
              .formatted(folder, e),
          e);
    }
  }

  /** The copy of content, if there is a good one. */
  public Optional<Path> find(Digest digest) throws IOException {
    synchronized (lock(digest)) {
      return found(digest);
    }
  }

  private Optional<Path> found(Digest digest) throws IOException {
    Path file = file(digest);
    try {
      if (!checked.contains(MarkSet.mark(digest))) {
        if (!digestOf(file).equals(digest)) {
          forget(digest);
          return Optional.empty();
        }
        checked.add(MarkSet.mark(digest));
      }
      Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
      return Optional.of(file);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /**
   * Copies content into the folder, unless another thread did meanwhile.
   *
   * @return nothing when it is too long to be kept
   * @throws CorruptBlobException when the source gives other bytes
   */
  public Optional<Path> fetch(Digest digest, Supplier<InputStream> source) throws IOException {
    synchronized (lock(digest)) {
      Optional<Path> found = found(digest);
      return found.isPresent() ? found : copy(digest, source);
    }
  }

  private Optional<Path> copy(Digest digest, Supplier<InputStream> source) throws IOException {
    Path file = file(digest);
    Files.createDirectories(file.getParent());
    Path partial = Files.createTempFile(file.getParent(), digest.hex().substring(0, 8), PARTIAL);
    try {
      MessageDigest calculation = Digest.start();
      long length = 0;
      try (InputStream in = new DigestInputStream(source.get(), calculation);
          OutputStream out = Files.newOutputStream(partial)) {
        byte[] buffer = new byte[BUFFER];
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
          length += count;
          if (length > maximumSize / 4) {
            return Optional.empty();
          }
          out.write(buffer, 0, count);
        }
      }
      Digest found = Digest.of(calculation);
      if (!found.equals(digest)) {
        throw new CorruptBlobException(digest, "bytes of " + found);
      }
      Files.move(
          partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      checked.add(MarkSet.mark(digest));
      if (size.addAndGet(length) > maximumSize) {
        makeRoom();
      }
      return Optional.of(file);
    } finally {
      Files.deleteIfExists(partial);
    }
  }

  /** Removes a copy; nothing happens when there is none. */
  public void forget(Digest digest) {
    try {
      Path file = file(digest);
      long length = Files.size(file);
      if (Files.deleteIfExists(file)) {
        size.addAndGet(-length);
      }
    } catch (IOException e) {
      // a copy that cannot be removed is still checked before it is read
    }
  }

  private record Copy(Path file, long size, FileTime read) {}

  /** Removes what was not read for longest, down to nine tenths. */
  private synchronized void makeRoom() throws IOException {
    List<Copy> copies = copies();
    long left = copies.stream().mapToLong(Copy::size).sum();
    copies.sort(Comparator.comparing(Copy::read));
    for (Copy copy : copies) {
      if (left <= maximumSize / 10 * 9) {
        break;
      }
      Files.deleteIfExists(copy.file());
      left -= copy.size();
    }
    size.set(left);
  }

  private List<Copy> copies() throws IOException {
    List<Copy> copies = new ArrayList<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        try {
          if (Files.isRegularFile(file) && !file.toString().endsWith(PARTIAL)) {
            copies.add(new Copy(file, Files.size(file), Files.getLastModifiedTime(file)));
          }
        } catch (NoSuchFileException e) {
          // another process made room
        }
      }
    }
    return copies;
  }

  private static Digest digestOf(Path file) throws IOException {
    MessageDigest calculation = Digest.start();
    try (InputStream in = new DigestInputStream(Files.newInputStream(file), calculation)) {
      in.transferTo(OutputStream.nullOutputStream());
    }
    return Digest.of(calculation);
  }

  private Path file(Digest digest) {
    return folder.resolve(digest.hex().substring(0, 2)).resolve(digest.hex());
  }

  private Object lock(Digest digest) {
    return locks[Integer.parseInt(digest.hex(), 0, 2, 16)];
  }
}
