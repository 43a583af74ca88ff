package io.shelfmark.tracking.store;

import io.shelfmark.storage.DirectUploads;
import java.time.Duration;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * Files that others send in parts straight to where they lie, at addresses that the place signs.
 * Get it from {@link FileStore#partUploads()}. Nothing shows under a path until its upload is
 * complete; an upload's id is of no use with another path. Paths and failures are those of a {@link
 * FileStore}. Thread-safe; the store that it came from closes it.
 */
public interface PartUploads {

  /**
   * Begins the upload of a file.
   *
   * @param parts how many at most
   * @param validity how long the addresses are good for
   */
  DirectUploads.Begun begin(String path, int parts, Duration validity);

  /**
   * Stores what was sent, in place of what was there.
   *
   * @param parts all of them by ascending number
   * @param length is told how many bytes these are before any is stored under the path; what it
   *     throws ends the call, and leaves the upload to {@link #abort}
   * @throws RecordNotFoundException when there is no such upload of that path, or it is done
   * @throws InvalidRequestException when a part is not there as it was sent, or not long enough
   */
  void complete(String path, String id, List<DirectUploads.Sent> parts, LongConsumer length);

  /** Removes all that an upload left; nothing happens when there is none of that path. */
  void abort(String path, String id);
}
