package io.shelfmark;

import io.shelfmark.artifact.Artifacts;
import io.shelfmark.artifact.GarbageReport;
import io.shelfmark.artifact.References;
import io.shelfmark.artifact.RetentionRule;
import io.shelfmark.artifact.VersionRef;
import io.shelfmark.artifact.WorkingFiles;
import io.shelfmark.dataset.Dataset;
import io.shelfmark.internal.WorkspaceContext;
import io.shelfmark.internal.archive.ArchiveReader;
import io.shelfmark.internal.gc.GarbageCollector;
import io.shelfmark.internal.gc.Leases;
import io.shelfmark.internal.gc.WriteGuards;
import io.shelfmark.internal.storage.ConditionalWrite;
import io.shelfmark.internal.storage.Json;
import io.shelfmark.internal.storage.Layout;
import io.shelfmark.internal.storage.Restoration;
import io.shelfmark.internal.verification.StoreCheck;
import io.shelfmark.internal.version.VersionLog;
import io.shelfmark.pipeline.StepResults;
import io.shelfmark.pipeline.schedule.Fires;
import io.shelfmark.storage.BlobStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One place where artifacts, datasets and files are kept: a store, which many machines may share,
 * and a home, this machine's own folder. Get one from {@link #open(Path)} or {@link #builder()}.
 *
 * <p>Processes and machines share a store without a server and without being told of each other.
 * One workspace for each application is enough; thread-safe. Who opened it closes it; versions that
 * came from it cannot be read afterwards.
 */
public final class Workspace implements AutoCloseable {

  private final WorkspaceContext context;
  private final Runnable closeStore;
  private final Duration grace;
  private final RetentionRule retention;
  private final AtomicBoolean closed = new AtomicBoolean();

  /** What other modules added, in the order they did; guards itself and what is below. */
  private final Map<Class<?>, AutoCloseable> companions = new LinkedHashMap<>();

  /** Whether they are being closed, or were: one that is made then would stay open. */
  private boolean isClosing;

  private Workspace(
      WorkspaceContext context, Runnable closeStore, Duration grace, RetentionRule retention) {
    this.context = context;
    this.closeStore = closeStore;
    this.grace = grace;
    this.retention = retention;
  }

  /**
   * Opens the workspace in a folder, which is created when it is missing: its store in {@code
   * store}, its home in {@code home}.
   *
   * @throws io.shelfmark.storage.StorageException when the folder cannot be used, holds another
   *     format, or shelfmark-storage-fs is not on the class path
   */
  public static Workspace open(Path folder) {
    return builder().folder(folder).open();
  }

  /** Options, each at its default. */
  public static WorkspaceBuilder builder() {
    return new WorkspaceBuilder();
  }

  static Workspace open(WorkspaceBuilder options, BlobStore store, Path home, Runnable closeStore) {
    requireFormat(store);
    Leases leases = new Leases(store, options.leaseDuration);
    ExecutorService executor =
        Executors.newFixedThreadPool(
            options.threads,
            task -> {
              Thread thread = new Thread(task, "shelfmark-files");
              thread.setDaemon(true);
              return thread;
            });
    WorkspaceContext context =
        new WorkspaceContext(
            store,
            home,
            options.clock,
            options.author,
            leases,
            new WriteGuards(store, leases),
            executor);
    return new Workspace(context, closeStore, options.grace, options.retention);
  }

  /** A new store gets the format's number; a store of another format is refused. */
  private static void requireFormat(BlobStore store) {
    while (true) {
      var found = ConditionalWrite.read(store, Layout.FORMAT);
      if (found.isPresent()) {
        Json.parse(found.get(), "the format of store " + store.location());
        return;
      }
      if (store.access() == BlobStore.Access.READ_ONLY) {
        return;
      }
      ConditionalWrite.claim(store, Layout.FORMAT, Json.bytes(Json.document()));
    }
  }

  /** Models, reports and other outputs. */
  public Artifacts artifacts() {
    requireOpen();
    return new Artifacts(context);
  }

  /**
   * A file set by its name, which comes into being with its first commit.
   *
   * @throws IllegalArgumentException when it cannot be a name
   */
  public Dataset dataset(String name) {
    requireOpen();
    return new Dataset(context, name);
  }

  /** Files that have a path and no versions, such as those of runs. */
  public WorkingFiles files() {
    requireOpen();
    return new WorkingFiles(context);
  }

  /**
   * What another module adds to this workspace, such as its tracker: made at the first call, the
   * same at each further one, closed with the workspace.
   */
  public <T extends AutoCloseable> T companion(Class<T> type, Supplier<T> maker) {
    synchronized (companions) {
      if (isClosing) {
        throw closedException();
      }
      AutoCloseable companion = companions.get(type);
      if (companion == null) {
        companion = maker.get();
        companions.put(type, companion);
      }
      return type.cast(companion);
    }
  }

  /** This machine's own folder, which other machines on the store do not see. */
  public Path home() {
    return context.home();
  }

  /** The names of the datasets that have versions, in order. */
  public List<String> datasets() {
    requireOpen();
    return VersionLog.names(context.store(), VersionRef.Kind.DATASET);
  }

  /**
   * Puts the bytes of a good file in the place of damaged ones: of the blob that should have the
   * same content.
   *
   * @return whether there was such a blob and it was damaged
   */
  public boolean restore(Path file) {
    requireOpen();
    return Restoration.restore(context.store(), file);
  }

  /** Reads everything in the store and tells what is damaged or missing. */
  public StoreReport verify() {
    return verify(Progress.Listener.NONE);
  }

  /**
   * The same, telling of each piece of content. Others may write and collect garbage meanwhile.
   * Takes about 24 bytes of memory for each piece of content.
   */
  public StoreReport verify(Progress.Listener progress) {
    requireOpen();
    return new StoreCheck(context.store(), context.executor(), progress).run();
  }

  /**
   * Takes the version out of an archive that {@code export} of a version wrote elsewhere, under the
   * next number of its name. Only what this store lacks is written. An archive that was imported
   * last gives the version of then. What it was made from elsewhere is not kept.
   *
   * @throws io.shelfmark.storage.StorageException when the archive is damaged, incomplete or holds
   *     anything else; no version is made then
   */
  public VersionRef importArchive(Path archive) {
    return importArchive(archive, ImportOptions.defaults());
  }

  /** The same under another name, or with another limit. */
  public VersionRef importArchive(Path archive, ImportOptions options) {
    requireOpen();
    return new ArchiveReader(context, archive, options).read().ref();
  }

  /** What cached steps of pipelines gave. */
  public StepResults stepResults() {
    requireOpen();
    return new StepResults(context);
  }

  /** What schedules and triggers of pipelines did. */
  public Fires fires() {
    requireOpen();
    return new Fires(context);
  }

  /** Who keeps versions besides aliases and the retention rule. */
  public References references() {
    requireOpen();
    return new References(context);
  }

  /**
   * Takes the collection of garbage on as far as it may go now, and never waits. The first call
   * condemns what no alias, kept version, reference, working file or lease leads to; a call after
   * the grace period deletes what is still garbage then, and condemns anew. Call it now and then,
   * from any number of processes. Nothing that a writer relies on or a lease names is deleted.
   *
   * @throws io.shelfmark.storage.StorageException when something on the way from the roots cannot
   *     be read; nothing is deleted then
   */
  public GarbageReport collectGarbage() {
    requireOpen();
    return new GarbageCollector(context.store(), retention, grace).collect();
  }

  /** Lists what {@link #collectGarbage()} would delete once the grace period is over. */
  public GarbageReport findGarbage() {
    requireOpen();
    return new GarbageCollector(context.store(), retention, grace).dryRun();
  }

  private void requireOpen() {
    if (closed.get()) {
      throw closedException();
    }
  }

  private IllegalStateException closedException() {
    return new IllegalStateException(
        "the workspace in " + context.store().location() + " is closed");
  }

  @Override
  public void close() {
    List<AutoCloseable> added;
    synchronized (companions) {
      isClosing = true;
      added = new ArrayList<>(companions.values());
      companions.clear();
    }
    Collections.reverse(added);
    RuntimeException failure = null;
    for (AutoCloseable companion : added) {
      failure = close(companion, failure);
    }
    if (closed.compareAndSet(false, true)) {
      context.executor().shutdown();
      context.leases().close();
      closeStore.run();
    }
    if (failure != null) {
      throw failure;
    }
  }

  /** What one of them throws keeps neither the others nor the workspace from being closed. */
  private static @Nullable RuntimeException close(
      AutoCloseable companion, @Nullable RuntimeException earlier) {
    try {
      companion.close();
      return earlier;
    } catch (Exception e) {
      RuntimeException failure =
          e instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(e);
      if (earlier != null) {
        failure.addSuppressed(earlier);
      }
      return failure;
    }
  }
}
