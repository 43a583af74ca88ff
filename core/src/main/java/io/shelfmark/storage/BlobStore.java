package io.shelfmark.storage;

import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Named bytes on a disk, in a bucket or in memory: the one port that a storage adapter implements.
 * Get one from {@link #open(URI)} or from an adapter, such as {@code FsBlobStore.open(folder)}.
 *
 * <p><b>Atomic.</b> A write shows whole or not at all. A process killed at any instruction leaves
 * the old state or the new one; leftovers are in no listing. A reader that has opened a blob reads
 * that state to its end, or gets an error, whatever is written or deleted meanwhile. The operations
 * on one key are linearizable among all processes and machines that share the store: each takes
 * effect at one instant between its call and its return. Of any number of writers that {@code
 * putIfAbsent} one key, or {@code replace} one state of it, one at most succeeds.
 *
 * <p><b>Visible and durable.</b> What a write has stored is visible to everyone when the write
 * returns, in {@code head}, {@code open} and {@code list} alike. It also survives a power failure
 * from then on. Only what goes through a {@link #batch()} is durable later, after {@link
 * BlobBatch#sync()}.
 *
 * <p><b>Keys.</b> No key may be a folder of another one: who has stored {@code a/b} does not store
 * {@code a}, nor {@code a/b/c}. A store may refuse it.
 *
 * <p><b>Size.</b> Content of any length streams through; the memory in use does not grow with it.
 *
 * <p><b>Lost replies.</b> An adapter that repeats a request whose reply was lost may meet its own
 * first attempt. It compares what is there with what it wrote before it reports a conflict: equal
 * content is success. Writers that must be told apart therefore write different content, such as a
 * random number each.
 *
 * <p><b>Failures.</b> Every method may throw {@link StorageException}: the state is as before,
 * apart from {@link UnknownOutcomeException}. The store is not left unusable by a failure. Messages
 * and logs hold no credentials.
 *
 * <p>Thread-safe. Who opened a store closes it. Methods throw {@link IllegalStateException} once
 * the store is closed.
 */
public interface BlobStore extends AutoCloseable {

  /**
   * Opens the store at an address: {@code file:///var/lib/shelfmark} or {@code s3://bucket/prefix}.
   * The scheme picks the adapter among those on the class path.
   *
   * @throws IllegalArgumentException when the address has no scheme
   * @throws StorageException when no adapter serves the scheme, or the store cannot be opened
   */
  static BlobStore open(URI location) {
    return BlobStoreProvider.of(location).open(location);
  }

  /** Whether a store can be written to. */
  enum Access {
    /** All operations. */
    READ_WRITE,
    /** No writes and no deletions: they throw {@link ReadOnlyStoreException}. */
    READ_ONLY
  }

  /** Where the store lies, for messages; without credentials. */
  URI location();

  /** Whether the store can be written to, as found out when it was opened. */
  Access access();

  /**
   * The present time by the clock that {@link BlobInfo#lastModified()} is taken from. It may differ
   * from this machine's.
   */
  Instant currentTime();

  /**
   * Stores content under a key, in place of what is there.
   *
   * @throws ContentChangedException when the content is not as long as it said; nothing of it
   *     becomes visible
   * @throws UnknownOutcomeException when it may or may not have been stored
   */
  BlobInfo put(BlobKey key, BlobContent content);

  /**
   * Stores content under a key that is free.
   *
   * @throws BlobConflictException when the key is taken; the store is as before
   * @throws ContentChangedException as {@link #put}
   * @throws UnknownOutcomeException when it may or may not have been stored
   */
  BlobInfo putIfAbsent(BlobKey key, BlobContent content);

  /**
   * Stores content under a key if its state is still the expected one.
   *
   * @throws BlobConflictException when the key is free or has another state; the store is as before
   * @throws ContentChangedException as {@link #put}
   * @throws UnknownOutcomeException when it may or may not have been stored
   */
  BlobInfo replace(BlobKey key, BlobContent content, ETag expected);

  /**
   * Reads a blob from its beginning. The bytes are as the store has them, not checked against a
   * digest.
   *
   * @return a stream that the caller closes; failures while reading are {@link
   *     java.io.IOException}s
   * @throws BlobNotFoundException when the key is free
   */
  InputStream open(BlobKey key);

  /**
   * Reads a part of a blob; less than asked for where the blob ends within it, nothing where it
   * ends before.
   *
   * @return a stream that the caller closes
   * @throws BlobNotFoundException when the key is free
   */
  InputStream open(BlobKey key, ByteRange range);

  /**
   * The local file that holds exactly a blob, for hard links and clones; nothing when the key is
   * free or the store keeps no such files. Nobody may write to it.
   */
  Optional<Path> file(BlobKey key);

  /** What is known of the blob under a key, or nothing when the key is free. */
  Optional<BlobInfo> head(BlobKey key);

  /**
   * The blobs under a prefix, in the order of their keys. What is there all the time while the
   * stream is read is in it once; what comes or goes meanwhile may be in it or not.
   *
   * @param prefix empty, or a key followed by {@code /}
   * @return a lazy stream that the caller closes; it may throw {@link StorageException} while read
   * @throws IllegalArgumentException when the prefix is neither
   */
  Stream<BlobInfo> list(String prefix);

  /**
   * Removes a blob; nothing happens when the key is free. The adapter does not repeat a deletion
   * after it has returned or thrown.
   *
   * @throws UnknownOutcomeException when it may or may not have been removed
   */
  void delete(BlobKey key);

  /** Begins to add content that becomes durable together; the caller closes it. */
  BlobBatch batch();

  /**
   * Uploads by others, straight to where the store lies; nothing where it cannot be reached but
   * through this process, and where it is read only. A store that stands before another one passes
   * on what that one offers.
   */
  default Optional<DirectUploads> directUploads() {
    return Optional.empty();
  }

  /** Lets go of connections and threads. May be called again. */
  @Override
  void close();
}
