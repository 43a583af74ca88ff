package io.shelfmark.internal.gc;

import io.shelfmark.artifact.VersionRef;
import io.shelfmark.internal.WorkspaceContext;
import io.shelfmark.internal.storage.Layout;
import io.shelfmark.internal.version.VersionLog;
import io.shelfmark.storage.BlobStore;
import java.util.Collection;

/** Keeps versions while they are read. Thread-safe; who opened it closes it. */
public interface ReadLease extends AutoCloseable {

  /**
   * Takes a lease on versions. A store that cannot be written to gives none: what it holds is kept
   * by those who write it.
   *
   * @throws io.shelfmark.artifact.VersionNotFoundException when a version is not there
   */
  static ReadLease open(WorkspaceContext context, Collection<VersionRef> versions) {
    if (context.store().access() == BlobStore.Access.READ_ONLY) {
      return () -> {};
    }
    Lease lease =
        context
            .guards()
            .write(
                guard -> {
                  VersionLog.relyOn(guard, context.store(), versions);
                  guard.settle();
                  return context.leases().reader(versions.stream().map(Layout::version).toList());
                });
    return lease::close;
  }

  @Override
  void close();
}
