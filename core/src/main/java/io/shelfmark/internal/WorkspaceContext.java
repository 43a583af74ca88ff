package io.shelfmark.internal;

import io.shelfmark.internal.gc.Leases;
import io.shelfmark.internal.gc.WriteGuards;
import io.shelfmark.storage.BlobStore;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.ExecutorService;

/**
 * What the parts of one workspace share. Thread-safe; the workspace closes it.
 *
 * @param store where everything lies
 * @param home this machine's own folder
 * @param clock what times in documents are taken from
 * @param author who is named in documents
 * @param leases of this workspace
 * @param guards of writers
 * @param executor for reading and writing many files at once
 */
public record WorkspaceContext(
    BlobStore store,
    Path home,
    Clock clock,
    String author,
    Leases leases,
    WriteGuards guards,
    ExecutorService executor) {}
