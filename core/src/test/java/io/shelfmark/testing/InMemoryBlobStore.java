package io.shelfmark.testing;

import io.shelfmark.internal.storage.HashFirstBatch;
import io.shelfmark.storage.BlobBatch;
import io.shelfmark.storage.BlobConflictException;
import io.shelfmark.storage.BlobContent;
import io.shelfmark.storage.BlobInfo;
import io.shelfmark.storage.BlobKey;
import io.shelfmark.storage.BlobNotFoundException;
import io.shelfmark.storage.BlobStore;
import io.shelfmark.storage.ByteRange;
import io.shelfmark.storage.ContentChangedException;
import io.shelfmark.storage.ETag;
import io.shelfmark.storage.StorageException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A store on the heap, for tests: lost with the process, durable never. Several can be opened on
 * the same content by {@link #another()}, as processes would. Thread-safe.
 */
public final class InMemoryBlobStore implements BlobStore {

  private record Entry(byte[] bytes, BlobInfo info) {}

  /** Shared by all that are opened on it; the map's monitor guards it. */
  private final NavigableMap<BlobKey, Entry> entries;

  private final AtomicLong states;
  private final Clock clock;
  private volatile boolean closed;

  public InMemoryBlobStore() {
    this(Clock.systemUTC());
  }

  /** A store that takes its time from a clock. */
  public InMemoryBlobStore(Clock clock) {
    this(clock, new TreeMap<>(), new AtomicLong());
  }

  private InMemoryBlobStore(Clock clock, NavigableMap<BlobKey, Entry> entries, AtomicLong states) {
    this.clock = clock;
    this.entries = entries;
    this.states = states;
  }

  /** Another store on the same content, open even when this one is closed. */
  public InMemoryBlobStore another() {
    return new InMemoryBlobStore(clock, entries, states);
  }

  /** Changes one byte of a blob behind the store's back, as a failing disk would. */
  public void flipByte(BlobKey key, int offset) {
    synchronized (entries) {
      Entry entry = entries.get(key);
      byte[] bytes = entry.bytes().clone();
      bytes[offset] ^= 1;
      entries.put(key, new Entry(bytes, entry.info()));
    }
  }

  @Override
  public URI location() {
    return URI.create("memory:" + System.identityHashCode(entries));
  }

  @Override
  public Access access() {
    return Access.READ_WRITE;
  }

  @Override
  public Instant currentTime() {
    requireOpen();
    return clock.instant();
  }

  @Override
  public BlobInfo put(BlobKey key, BlobContent content) {
    byte[] bytes = read(content);
    synchronized (entries) {
      return store(key, bytes);
    }
  }

  @Override
  public BlobInfo putIfAbsent(BlobKey key, BlobContent content) {
    byte[] bytes = read(content);
    synchronized (entries) {
      if (entries.containsKey(key)) {
        throw new BlobConflictException(key, "a blob", "none");
      }
      return store(key, bytes);
    }
  }

  @Override
  public BlobInfo replace(BlobKey key, BlobContent content, ETag expected) {
    byte[] bytes = read(content);
    synchronized (entries) {
      @Nullable Entry entry = entries.get(key);
      if (entry == null || !entry.info().etag().equals(expected)) {
        throw new BlobConflictException(
            key, entry == null ? "none" : "state " + entry.info().etag(), "state " + expected);
      }
      return store(key, bytes);
    }
  }

  private BlobInfo store(BlobKey key, byte[] bytes) {
    ETag etag = new ETag(Long.toString(states.incrementAndGet()));
    BlobInfo info = new BlobInfo(key, bytes.length, etag, clock.instant());
    entries.put(key, new Entry(bytes, info));
    return info;
  }

  private byte[] read(BlobContent content) {
    requireOpen();
    byte[] bytes;
    try (InputStream stream = content.open()) {
      bytes = stream.readAllBytes();
    } catch (IOException e) {
      throw new StorageException("Cannot read content to store: found " + e, e);
    }
    if (content.size().isPresent() && content.size().getAsLong() != bytes.length) {
      throw new ContentChangedException(
          "Cannot store content: found %d bytes, expected %d"
              .formatted(bytes.length, content.size().getAsLong()));
    }
    return bytes;
  }

  @Override
  public InputStream open(BlobKey key) {
    return new ByteArrayInputStream(require(key));
  }

  @Override
  public InputStream open(BlobKey key, ByteRange range) {
    byte[] bytes = require(key);
    int from = (int) Math.min(range.offset(), bytes.length);
    return new ByteArrayInputStream(
        bytes, from, (int) Math.min(range.length(), bytes.length - from));
  }

  private byte[] require(BlobKey key) {
    requireOpen();
    synchronized (entries) {
      @Nullable Entry entry = entries.get(key);
      if (entry == null) {
        throw new BlobNotFoundException(key, location());
      }
      return entry.bytes();
    }
  }

  @Override
  public Optional<Path> file(BlobKey key) {
    requireOpen();
    return Optional.empty();
  }

  @Override
  public Optional<BlobInfo> head(BlobKey key) {
    requireOpen();
    synchronized (entries) {
      return Optional.ofNullable(entries.get(key)).map(Entry::info);
    }
  }

  @Override
  public Stream<BlobInfo> list(String prefix) {
    requireOpen();
    BlobKey.requirePrefix(prefix);
    synchronized (entries) {
      return entries.entrySet().stream()
          .filter(entry -> entry.getKey().value().startsWith(prefix))
          .map(Map.Entry::getValue)
          .map(Entry::info)
          .toList()
          .stream();
    }
  }

  @Override
  public void delete(BlobKey key) {
    requireOpen();
    synchronized (entries) {
      entries.remove(key);
    }
  }

  @Override
  public BlobBatch batch() {
    requireOpen();
    return new HashFirstBatch(this);
  }

  @Override
  public void close() {
    closed = true;
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the store " + location() + " is closed");
    }
  }
}
