package io.shelfmark.storage;

/**
 * Content that becomes durable together: what one commit adds, before it writes its pointer. Get
 * one from {@link BlobStore#batch()}.
 *
 * <p>Content lies under the key of its digest. {@link #add} stores what the store lacks and makes
 * it visible, whole or not at all; {@link #sync()} makes everything added so far durable, what was
 * {@link StoredBlob.Origin#PRESENT} included: another writer may have made it visible and not yet
 * durable. A pointer to content is written only after {@code sync} has returned.
 *
 * <p>Thread-safe: callers add from as many threads as they like and the store works on all of them
 * at once. The memory a batch takes does not grow with the length of the content, and by a few
 * bytes at most with its number. Who opened a batch closes it; closing without {@code sync} leaves
 * content that nothing refers to, which the collection of garbage takes away.
 */
public interface BlobBatch extends AutoCloseable {

  /**
   * Stores content under the key of its digest unless the store has it.
   *
   * @throws ContentChangedException when the content is not as long as it said; nothing of it
   *     becomes visible
   * @throws StorageException when the content cannot be read or the store cannot be written
   * @throws IllegalStateException when the batch is closed
   */
  StoredBlob add(BlobContent content);

  /**
   * Makes everything added before this call durable; what is added meanwhile may be left out.
   *
   * @throws StorageException when it failed; nothing of the batch may be taken for durable then
   * @throws IllegalStateException when the batch is closed
   */
  void sync();

  /** Lets go of what the batch holds. May be called again. */
  @Override
  void close();
}
