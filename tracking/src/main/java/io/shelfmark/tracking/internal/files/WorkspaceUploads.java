package io.shelfmark.tracking.internal.files;

import static io.shelfmark.tracking.internal.files.WorkspaceFailures.translated;

import io.shelfmark.artifact.FileUploads;
import io.shelfmark.storage.DirectUploads;
import io.shelfmark.tracking.store.PartUploads;
import java.time.Duration;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.function.UnaryOperator;

/** Uploads to a workspace's store past this process. Thread-safe. */
final class WorkspaceUploads implements PartUploads {

  private final FileUploads uploads;
  private final UnaryOperator<String> inStore;

  /**
   * @param inStore the working file of a path; refuses what cannot be changed
   */
  WorkspaceUploads(FileUploads uploads, UnaryOperator<String> inStore) {
    this.uploads = uploads;
    this.inStore = inStore;
  }

  @Override
  public DirectUploads.Begun begin(String path, int parts, Duration validity) {
    return translated(() -> uploads.begin(inStore.apply(path), parts, validity));
  }

  @Override
  public void complete(
      String path, String id, List<DirectUploads.Sent> parts, LongConsumer length) {
    translated(() -> uploads.complete(inStore.apply(path), id, parts, length));
  }

  @Override
  public void abort(String path, String id) {
    translated(
        () -> {
          uploads.abort(inStore.apply(path), id);
          return true;
        });
  }
}
