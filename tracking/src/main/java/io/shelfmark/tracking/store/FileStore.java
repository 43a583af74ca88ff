package io.shelfmark.tracking.store;

import io.shelfmark.storage.ByteRange;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/**
 * The files below one artifact location. Get one from {@link TrackingStore#files}. Paths are
 * relative, their names joined by {@code /}; one that climbs out, is absolute or names nothing is
 * an {@link InvalidRequestException}. Thread-safe; the store that it came from closes it.
 */
public interface FileStore {

  /**
   * One file or folder.
   *
   * @param path below the location
   * @param size in bytes; 0 for a folder
   * @param isFolder whether it is a folder
   */
  record Entry(String path, long size, boolean isFolder) {}

  /** Stores a file in place of what was there; the stream stays open. */
  void put(String path, InputStream content);

  /** The file or folder of a path, if it is there. */
  Optional<Entry> find(String path);

  /** What lies directly in a folder, by path; nothing in an unknown one. The root is "". */
  List<Entry> list(String folder);

  /**
   * The content of a file, which the caller closes.
   *
   * @throws RecordNotFoundException when there is no such file
   */
  InputStream open(String path);

  /** A part of a file; it may end beyond the file's end. */
  InputStream open(String path, ByteRange range);

  /** Deletes a file, or a folder with all that it holds; nothing happens when it is not there. */
  void delete(String path);

  /** Uploads by others past this process; nothing where the place does not offer it. */
  default Optional<PartUploads> partUploads() {
    return Optional.empty();
  }
}
