package io.shelfmark.artifact;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shelfmark.internal.WorkspaceContext;
import io.shelfmark.internal.gc.ReadLease;
import io.shelfmark.internal.storage.Json;
import io.shelfmark.internal.storage.KeyNames;
import io.shelfmark.internal.storage.Layout;
import io.shelfmark.internal.version.VersionLog;
import io.shelfmark.storage.BlobContent;
import io.shelfmark.storage.BlobKey;
import java.util.Collection;
import java.util.List;

/**
 * Who keeps versions besides aliases and the retention rule: runs, releases and results by a
 * reference in the store, readers by a lease. Get it from {@code workspace.references()}.
 * Thread-safe.
 */
public final class References {

  /** Keeps versions for as long as it is open and its process lives. The caller closes it. */
  public interface VersionLease extends AutoCloseable {
    @Override
    void close();
  }

  private final WorkspaceContext context;

  /** Used by the workspace; hosts call {@code workspace.references()}. */
  public References(WorkspaceContext context) {
    this.context = context;
  }

  /**
   * Keeps versions for an owner, such as {@code run:42}, until it releases them; in place of what
   * it kept before.
   *
   * @throws VersionNotFoundException when a version is not there
   */
  public void keep(String owner, Collection<VersionRef> versions) {
    BlobKey reference = key(owner);
    ObjectNode document = Json.document().put("owner", owner);
    keys(versions).forEach(key -> document.withArray("keys").add(key.value()));
    context
        .guards()
        .write(
            guard -> {
              VersionLog.relyOn(guard, context.store(), versions);
              guard.settle();
              return context.store().put(reference, BlobContent.of(Json.bytes(document)));
            });
  }

  /** Keeps an owner's versions no longer; nothing happens when it keeps none. */
  public void release(String owner) {
    context.store().delete(key(owner));
  }

  /**
   * Keeps versions while they are read.
   *
   * @throws VersionNotFoundException when a version is not there
   */
  public VersionLease lease(Collection<VersionRef> versions) {
    return ReadLease.open(context, versions)::close;
  }

  private static List<BlobKey> keys(Collection<VersionRef> versions) {
    return versions.stream().map(Layout::version).toList();
  }

  private static BlobKey key(String owner) {
    return BlobKey.of(Layout.REFERENCES + KeyNames.encode(owner));
  }
}
