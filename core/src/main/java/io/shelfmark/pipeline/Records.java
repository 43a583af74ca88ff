package io.shelfmark.pipeline;

import io.shelfmark.storage.StorageException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The records of ended runs: a file for each, or in memory. Thread-safe. */
final class Records {

  /** Whether a file must survive a power failure before the call returns. */
  enum Sync {
    YES,
    NO
  }

  private static final Logger LOG = LoggerFactory.getLogger(Records.class);

  private final Path runs;
  private final boolean onDisk;
  private final Map<RunId, RunRecord> memory = new ConcurrentHashMap<>();

  /** Runs that ended since the journal was cut: it holds their events, too. */
  private final Set<RunId> inJournal = ConcurrentHashMap.newKeySet();

  /** Those of which the journal alone has the record, as there was no room for its file. */
  private final Map<RunId, RunRecord> unwritten = new ConcurrentHashMap<>();

  Records(Path folder, boolean onDisk) {
    this.runs = folder.resolve("runs");
    this.onDisk = onDisk;
  }

  private Path file(RunId run) {
    return runs.resolve(run.value()).resolve("record.json");
  }

  /** Until the journal is cut, it also holds what a file says that is not synced. */
  void write(RunRecord record, Sync sync) {
    if (!onDisk) {
      memory.put(record.id(), record);
      return;
    }
    inJournal.add(record.id());
    Path file = file(record.id());
    Path temporary = file.resolveSibling("record.new");
    try {
      Files.createDirectories(file.getParent());
      try (FileChannel channel =
          FileChannel.open(
              temporary,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        ByteBuffer bytes = ByteBuffer.wrap(Documents.write(record));
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        if (sync == Sync.YES) {
          channel.force(true);
        }
      }
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
      Files.deleteIfExists(forgotten(record.id())); // another run of that id
      unwritten.remove(record.id());
    } catch (IOException e) {
      unwritten.put(record.id(), record);
      throw new StorageException(
          "Cannot write record %s: found %s, expected room for it (check the disk)"
              .formatted(file, e),
          e);
    }
  }

  boolean onDisk() {
    return onDisk;
  }

  /** A run of an id that was forgotten before is on record. */
  void begins(RunId run) {
    try {
      Files.deleteIfExists(forgotten(run));
    } catch (IOException e) {
      throw new StorageException(
          "Cannot begin run %s, whose id an earlier one had: found %s, expected to delete %s (check the disk and permissions)"
              .formatted(run, e, forgotten(run)),
          e);
    }
  }

  /**
   * Makes records durable of which the journal need not know any longer.
   *
   * @return what is left to do once the journal has been cut
   * @throws StorageException when there is no room for one; then the journal must keep it
   */
  Runnable settle() {
    unwritten.values().forEach(record -> write(record, Sync.YES));
    List<RunId> settled = List.copyOf(inJournal);
    for (RunId run : settled) {
      try {
        if (Files.exists(file(run))) {
          try (FileChannel channel = FileChannel.open(file(run), StandardOpenOption.WRITE)) {
            channel.force(true);
          }
        }
      } catch (NoSuchFileException e) {
        LOG.debug("Run {} has just been forgotten", run, e);
      } catch (IOException e) {
        throw new StorageException(
            "Cannot settle record %s: found %s, expected to write (check the disk)"
                .formatted(file(run), e),
            e);
      }
    }
    return () -> settled.forEach(this::leaveJournal);
  }

  private void leaveJournal(RunId run) {
    inJournal.remove(run);
    try {
      if (isForgotten(run)) {
        removeFolder(run);
      }
    } catch (IOException e) {
      LOG.warn("Cannot remove what is left of run {}; the next runner does", run, e);
    }
  }

  /**
   * Removes a record, and what was logged. A mark comes first and goes last: killed in between, the
   * next runner does the rest. While the journal holds the run's events the mark stays, so that the
   * record does not come back with them.
   */
  void remove(RunId run) {
    memory.remove(run);
    try {
      if (inJournal.contains(run)) {
        Files.createDirectories(runs.resolve(run.value()));
      }
      if (Files.isDirectory(runs.resolve(run.value()))) {
        Files.write(forgotten(run), new byte[0]);
      }
      unwritten.remove(run);
      removeFolder(run);
    } catch (IOException e) {
      throw new StorageException(
          "Cannot remove run %s: found %s, expected to delete %s (check the disk and permissions)"
              .formatted(run, e, runs.resolve(run.value())),
          e);
    }
  }

  boolean isForgotten(RunId run) {
    return Files.exists(forgotten(run));
  }

  private Path forgotten(RunId run) {
    return runs.resolve(run.value()).resolve("forgotten");
  }

  /** The record first: what has none is not seen. */
  private void removeFolder(RunId run) throws IOException {
    Files.deleteIfExists(file(run));
    Path folder = runs.resolve(run.value());
    if (!Files.isDirectory(folder)) {
      return;
    }
    boolean marked = inJournal.contains(run) && isForgotten(run);
    try (Stream<Path> files = Files.walk(folder)) {
      // in this order the folder's mark follows its logs
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        if (!marked || !(file.equals(forgotten(run)) || file.equals(folder))) {
          Files.deleteIfExists(file);
        }
      }
    } catch (UncheckedIOException e) {
      throw e.getCause(); // from the walk
    }
  }

  /** Of all records. */
  List<RecordHead> heads() {
    return runs().flatMap(run -> RecordHead.read(file(run)).stream()).toList();
  }

  /** Runs whose removal an ended process began, and of which the journal knows nothing more. */
  List<RunId> forgotten() {
    return runs().filter(this::isRest).toList();
  }

  /** Removes what is left of a forgotten run, unless another of that id is on record since. */
  void removeForgotten(RunId run) {
    if (isRest(run)) {
      remove(run);
    }
  }

  private boolean isRest(RunId run) {
    return isForgotten(run) && !inJournal.contains(run);
  }

  private Stream<RunId> runs() {
    return folders().stream().flatMap(folder -> id(folder).stream());
  }

  /** The run of a folder; others may lie there that an editor or a file browser made. */
  private static Optional<RunId> id(Path folder) {
    try {
      return Optional.of(RunId.of(folder.getFileName().toString()));
    } catch (IllegalArgumentException e) {
      LOG.debug("Folder {} is no run's", folder, e);
      return Optional.empty();
    }
  }

  private List<Path> folders() {
    if (!Files.isDirectory(runs)) {
      return List.of();
    }
    try (Stream<Path> folders = Files.list(runs)) {
      return folders.toList();
    } catch (IOException | UncheckedIOException e) {
      throw new StorageException(
          "Cannot list runs in %s: found %s, expected a folder (check the disk)".formatted(runs, e),
          e);
    }
  }

  Optional<RunRecord> find(RunId run) {
    return onDisk
        ? Optional.ofNullable(unwritten.get(run)).or(() -> read(file(run)))
        : Optional.ofNullable(memory.get(run));
  }

  /** Those of a pipeline's runs. */
  List<RunRecord> of(String pipeline) {
    Stream<RunRecord> written =
        folders().stream()
            .map(folder -> folder.resolve("record.json"))
            .filter(
                file ->
                    RecordHead.read(file)
                        .filter(head -> head.pipeline().equals(pipeline))
                        .isPresent())
            .flatMap(file -> read(file).stream());
    Stream<RunRecord> others =
        (onDisk ? unwritten : memory)
            .values().stream().filter(run -> run.pipeline().equals(pipeline));
    return (onDisk ? Stream.concat(written, others) : others).toList();
  }

  private static Optional<RunRecord> read(Path file) {
    try {
      return Files.exists(file)
          ? Optional.of(Documents.read(Files.readAllBytes(file), RunRecord.class, file))
          : Optional.empty();
    } catch (IOException e) {
      throw new StorageException(
          "Cannot read record %s: found %s, expected a file (check the disk)".formatted(file, e),
          e);
    }
  }
}
