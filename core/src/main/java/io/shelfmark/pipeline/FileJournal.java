package io.shelfmark.pipeline;

import io.shelfmark.storage.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A {@link JournalFile} that many threads append to: one of them at a time, the leader, writes what
 * has come and syncs it by one call. It is the journal's own thread, or a step's that finds nobody
 * at work: that saves waking two threads for each step of a chain. A {@link HomeLock} keeps other
 * processes away. Thread-safe.
 */
final class FileJournal implements Journal {

  private static final Logger LOG = LoggerFactory.getLogger(FileJournal.class);

  /** Bytes that are written at once, unless one event has more. */
  private static final int BATCH = 64 << 20;

  private final Path path;
  private final HomeLock lock;
  private final Consumer<StorageException> onFailure;
  private final Thread writer = new Thread(this::work, "shelfmark-journal");

  /** The leader's alone. */
  private final JournalFile file;

  /** What waits for a leader, who that is, and whether more may come; guards itself and those. */
  private final List<Entry> pending = new ArrayList<>();

  private @Nullable Thread leader;
  private boolean closed;

  private volatile Cut cut = new Cut(Long.MAX_VALUE, event -> true, () -> () -> {});

  /** The size beyond which the writer cuts it. */
  private volatile long limit = Long.MAX_VALUE;

  private record Entry(ByteBuffer bytes, Wait until, Runnable then) {}

  /** When it is cut, what stays then, and what is done before, which gives what is done after. */
  private record Cut(long limit, Predicate<RunEvent> keep, Supplier<Runnable> before) {}

  private FileJournal(
      Path path, HomeLock lock, JournalFile file, Consumer<StorageException> onFailure) {
    this.path = path;
    this.lock = lock;
    this.file = file;
    this.onFailure = onFailure;
    writer.setDaemon(true);
  }

  /**
   * Opens the journal in a folder.
   *
   * @param earlier is told the events on record, in order
   * @param keep tells, after that, which of them stay on record
   * @param onFailure is told when the disk fails; nothing more is put on record then
   * @throws StorageException when another process has it, or it cannot be read
   */
  static FileJournal open(
      Path folder,
      Consumer<RunEvent> earlier,
      Predicate<RunEvent> keep,
      Consumer<StorageException> onFailure) {
    Path path = folder.resolve("journal");
    try {
      Files.createDirectories(folder);
      HomeLock lock = HomeLock.of(folder);
      try {
        List<RunEvent> events = JournalFile.read(path);
        events.forEach(earlier);
        JournalFile file = JournalFile.openWith(path, events.stream().filter(keep).toList());
        FileJournal journal = new FileJournal(path, lock, file, onFailure);
        journal.writer.start();
        return journal;
      } catch (IOException | RuntimeException e) {
        lock.close();
        throw e;
      }
    } catch (IOException e) {
      throw new StorageException(
          "Cannot open journal %s: found %s, expected a file to read and write (check the disk and permissions)"
              .formatted(path, e),
          e);
    }
  }

  @Override
  public void append(RunEvent event, Wait wait, Runnable then) {
    Entry entry = new Entry(JournalFile.encode(event), wait, then);
    synchronized (pending) {
      add(entry);
    }
  }

  /** The caller leads when nobody else is at work, or about to be. */
  @Override
  public void appendHere(RunEvent event, Wait wait, Runnable then) {
    Entry entry = new Entry(JournalFile.encode(event), wait, then);
    synchronized (pending) {
      if (closed || leader != null || !pending.isEmpty()) {
        add(entry);
        return;
      }
      leader = Thread.currentThread();
    }
    lead(List.of(entry));
  }

  private void add(Entry entry) {
    if (closed) {
      return;
    }
    pending.add(entry);
    if (leader == null) { // who leads looks again
      pending.notifyAll();
    }
  }

  /**
   * Cuts it whenever it has grown beyond a limit, and to twice what the last cut left.
   *
   * @param keep tells which events stay on record
   * @param before makes what the others say durable elsewhere; gives what is done once they are
   *     gone
   */
  void cutBeyond(long limit, Predicate<RunEvent> keep, Supplier<Runnable> before) {
    this.cut = new Cut(limit, keep, before);
    this.limit = limit;
  }

  private void work() {
    for (List<Entry> batch = take(); batch != null; batch = take()) {
      lead(batch);
    }
  }

  /** Waits for what is left for the writer, which leads then; nothing once it is closed. */
  private @Nullable List<Entry> take() {
    synchronized (pending) {
      while (leader != null || (pending.isEmpty() && !isTooLarge())) {
        if (closed && leader == null) {
          return null;
        }
        try {
          pending.wait();
        } catch (InterruptedException e) {
          closed = true;
        }
      }
      leader = writer;
      return takeFirst();
    }
  }

  private boolean isTooLarge() {
    return !closed && file.size() > limit;
  }

  private List<Entry> takeFirst() {
    List<Entry> first = pending.subList(0, fitting(BATCH));
    List<Entry> batch = new ArrayList<>(first);
    first.clear();
    return batch;
  }

  /** How many of those that wait have no more bytes than that together; one has, at least. */
  private int fitting(long most) {
    long bytes = 0;
    int count = 0;
    while (count < pending.size()) {
      bytes += pending.get(count).bytes().remaining();
      if (count > 0 && bytes > most) {
        break;
      }
      count++;
    }
    return count;
  }

  /** Writes a batch, and goes on with what follows it; cutting is left to the writer. */
  private void lead(List<Entry> batch) {
    try {
      write(batch);
      batch.forEach(FileJournal::proceed);
      if (Thread.currentThread() == writer && file.size() > limit) {
        limit = cut(cut);
      }
    } catch (IOException | RuntimeException | Error e) {
      fail(e);
    } finally {
      synchronized (pending) {
        leader = null;
        if (closed || !pending.isEmpty() || isTooLarge()) {
          pending.notifyAll();
        }
      }
    }
  }

  private void write(List<Entry> batch) throws IOException {
    file.write(batch.stream().map(Entry::bytes).toList());
    if (batch.stream().anyMatch(entry -> entry.until() == Wait.FOR_DISK)) {
      file.sync();
    }
  }

  private static void proceed(Entry entry) {
    try {
      entry.then().run();
    } catch (RuntimeException e) {
      LOG.error("What follows an event of a run failed", e);
    }
  }

  /** Gives the size from which it is worth to be cut again. */
  private long cut(Cut how) throws IOException {
    Path copy;
    Runnable after;
    try {
      after = how.before().get();
      copy = file.copy(how.keep());
    } catch (IOException | RuntimeException e) {
      LOG.warn("Journal {} could not be cut; it goes on growing", path, e);
      return file.size() + how.limit();
    }
    file.continueIn(copy);
    after.run();
    return Math.max(how.limit(), 2 * file.size());
  }

  /** Without a leader runs would wait for ever: they are told. */
  private void fail(Throwable cause) {
    synchronized (pending) {
      closed = true;
      pending.clear();
    }
    onFailure.accept(
        new StorageException(
            "Cannot put runs on record in %s: found %s, expected to write (make room, then start again: the runs are resumed)"
                .formatted(path, cause),
            cause));
  }

  @Override
  public void stop() {
    synchronized (pending) {
      closed = true;
      pending.notifyAll();
      if (Thread.currentThread() == leader) {
        return;
      }
    }
    awaitWriter();
  }

  @Override
  public void close() {
    stop();
    try {
      file.close();
      lock.close();
    } catch (IOException e) {
      throw new StorageException(
          "Cannot close journal %s: found %s, expected nothing left to do (check the disk)"
              .formatted(path, e),
          e);
    }
  }

  /** An interrupted caller gives the home back as well. */
  private void awaitWriter() {
    boolean interrupted = false;
    while (writer.isAlive()) {
      try {
        writer.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
