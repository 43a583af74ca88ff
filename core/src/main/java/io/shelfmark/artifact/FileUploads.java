package io.shelfmark.artifact;

import io.shelfmark.internal.manifest.FilePaths;
import io.shelfmark.storage.BlobContent;
import io.shelfmark.storage.DirectUploads;
import io.shelfmark.storage.StorageException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * Working files that others send in parts straight to the store, at addresses that it signs. Get it
 * from {@link WorkingFiles#uploads()}.
 *
 * <p>Nothing shows under the path until {@link #complete} has returned: the parts are joined where
 * no reader looks, read once to find out their digest, and stored like any other file. An upload is
 * bound to its path; its id is of no use with another one. A process that dies on the way leaves
 * what the store removes as abandoned, or the next call for the same upload goes on with.
 * Thread-safe. Methods throw {@link StorageException} when the store fails, and {@link
 * IllegalArgumentException} for what is no path of a file.
 */
public final class FileUploads {

  private final WorkingFiles files;
  private final DirectUploads uploads;

  FileUploads(WorkingFiles files, DirectUploads uploads) {
    this.files = files;
    this.uploads = uploads;
  }

  /**
   * Begins the upload of a file.
   *
   * @param parts how many at most
   * @param validity how long the addresses are good for
   * @throws IllegalArgumentException when the path is a folder, one of its folders is a file, or
   *     {@link DirectUploads#begin} refuses parts or validity
   */
  public DirectUploads.Begun begin(String path, int parts, Duration validity) {
    files.requireFree(FilePaths.require(path));
    return uploads.begin(path, parts, validity);
  }

  /**
   * Stores what was sent, in place of what was under the path. Takes the time to read and to store
   * it, and space for a copy in the home.
   *
   * @param parts all of them by ascending number
   * @param length is told how many bytes these are before any is stored under the path; what it
   *     throws ends the call, and leaves the upload to {@link #abort}
   * @throws io.shelfmark.storage.UploadNotFoundException when there is no such upload of that path,
   *     or it is done
   * @throws IllegalArgumentException when a part is not there as it was sent, or not long enough
   */
  public WorkingFile complete(
      String path, String id, List<DirectUploads.Sent> parts, LongConsumer length) {
    BlobContent content = uploads.join(FilePaths.require(path), id, parts, length);
    WorkingFile file;
    try (InputStream stream = content.open()) {
      file = files.put(path, stream);
    } catch (IOException e) {
      throw new StorageException(
          "Cannot put file %s: found %s, expected to read what was uploaded (complete it again)"
              .formatted(path, e),
          e);
    }
    try {
      uploads.remove(path, id);
    } catch (StorageException e) {
      // the file is there; the store removes the rest as abandoned
    }
    return file;
  }

  /** Removes all that an upload left; nothing happens when there is none of that path. */
  public void abort(String path, String id) {
    uploads.remove(FilePaths.require(path), id);
  }
}
