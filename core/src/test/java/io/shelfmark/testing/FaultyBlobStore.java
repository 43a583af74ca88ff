package io.shelfmark.testing;

import io.shelfmark.storage.BlobBatch;
import io.shelfmark.storage.BlobContent;
import io.shelfmark.storage.BlobInfo;
import io.shelfmark.storage.BlobKey;
import io.shelfmark.storage.BlobStore;
import io.shelfmark.storage.ByteRange;
import io.shelfmark.storage.DirectUploads;
import io.shelfmark.storage.ETag;
import io.shelfmark.storage.StorageException;
import io.shelfmark.storage.StoredBlob;
import io.shelfmark.storage.UnknownOutcomeException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A store that fails at the write it is told to, counted from 1; every put, claim, replacement,
 * deletion, addition to a batch and sync of one is a write. Until then it does what the store below
 * does. Thread-safe.
 */
public final class FaultyBlobStore implements BlobStore {

  /** What happens. */
  public enum Fault {
    /** The write fails without effect, as on a full disk. */
    FAIL,
    /** The write takes effect, and its reply is lost. */
    LOSE_REPLY,
    /** The reply is lost and the write is repeated, which conflicts with itself. */
    REPEAT,
    /** The process dies before the write: nothing works any more. */
    KILL_BEFORE,
    /** The process dies after the write. */
    KILL_AFTER
  }

  /** The process that used the store is dead. */
  public static final class Killed extends Error {
    private static final long serialVersionUID = 1L;

    Killed() {
      super("killed");
    }
  }

  private final BlobStore store;
  private final AtomicInteger reads = new AtomicInteger();
  private int writes;
  private int faultAt;
  private Fault fault = Fault.FAIL;
  private boolean dead;

  public FaultyBlobStore(BlobStore store) {
    this.store = store;
  }

  /** Fails at the write that is this many from now, 1 for the next one. */
  public synchronized FaultyBlobStore failAt(int write, Fault kind) {
    faultAt = writes + write;
    fault = kind;
    return this;
  }

  /** How many writes there were. */
  public synchronized int writes() {
    return writes;
  }

  /** How many blobs were opened as a whole. */
  public int reads() {
    return reads.get();
  }

  private <T> T write(Supplier<T> action) {
    Optional<Fault> due = nextWrite();
    if (due.isEmpty()) {
      return action.get();
    }
    Fault kind = due.get();
    if (kind == Fault.FAIL) {
      throw new StorageException("No space left on device");
    }
    if (kind == Fault.KILL_BEFORE) {
      throw kill();
    }
    T result = action.get();
    return switch (kind) {
      case LOSE_REPLY -> throw new UnknownOutcomeException("the reply was lost");
      case KILL_AFTER -> throw kill();
      case REPEAT -> action.get();
      default -> result;
    };
  }

  private synchronized Optional<Fault> nextWrite() {
    requireAlive();
    return ++writes == faultAt ? Optional.of(fault) : Optional.empty();
  }

  private synchronized Killed kill() {
    dead = true;
    return new Killed();
  }

  private synchronized BlobStore requireAlive() {
    if (dead) {
      throw new Killed();
    }
    return store;
  }

  @Override
  public URI location() {
    return store.location();
  }

  @Override
  public Access access() {
    return store.access();
  }

  @Override
  public Instant currentTime() {
    return requireAlive().currentTime();
  }

  @Override
  public BlobInfo put(BlobKey key, BlobContent content) {
    return write(() -> store.put(key, content));
  }

  @Override
  public BlobInfo putIfAbsent(BlobKey key, BlobContent content) {
    return write(() -> store.putIfAbsent(key, content));
  }

  @Override
  public BlobInfo replace(BlobKey key, BlobContent content, ETag expected) {
    return write(() -> store.replace(key, content, expected));
  }

  @Override
  public InputStream open(BlobKey key) {
    reads.incrementAndGet();
    return requireAlive().open(key);
  }

  @Override
  public InputStream open(BlobKey key, ByteRange range) {
    return requireAlive().open(key, range);
  }

  @Override
  public Optional<Path> file(BlobKey key) {
    return requireAlive().file(key);
  }

  @Override
  public Optional<BlobInfo> head(BlobKey key) {
    return requireAlive().head(key);
  }

  @Override
  public Stream<BlobInfo> list(String prefix) {
    return requireAlive().list(prefix);
  }

  @Override
  public void delete(BlobKey key) {
    write(
        () -> {
          store.delete(key);
          return key;
        });
  }

  @Override
  public BlobBatch batch() {
    BlobBatch batch = requireAlive().batch();
    return new BlobBatch() {
      @Override
      public StoredBlob add(BlobContent content) {
        return write(() -> batch.add(content));
      }

      @Override
      public void sync() {
        write(
            () -> {
              batch.sync();
              return batch;
            });
      }

      @Override
      public void close() {
        batch.close();
      }
    };
  }

  /** What is sent past it does not fail. */
  @Override
  public Optional<DirectUploads> directUploads() {
    return store.directUploads();
  }

  @Override
  public void close() {
    store.close();
  }
}
