package io.shelfmark.pipeline;

import io.shelfmark.storage.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** The records of ended runs: a file for each, or in memory. Thread-safe. */
final class Records {

  /** Whether a file must survive a power failure before the call returns. */
  enum Sync {
    YES,
    NO
  }

  private final Path runs;
  private final boolean onDisk;
  private final Map<RunId, RunRecord> memory = new ConcurrentHashMap<>();

  Records(Path folder, boolean onDisk) {
    this.runs = folder.resolve("runs");
    this.onDisk = onDisk;
  }

  private Path file(RunId run) {
    return runs.resolve(run.value()).resolve("record.json");
  }

  /** Until the journal is opened anew, it also holds what a file says. */
  void write(RunRecord record, Sync sync) {
    if (!onDisk) {
      memory.put(record.id(), record);
      return;
    }
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
    } catch (IOException e) {
      throw new StorageException(
          "Cannot write record %s: found %s, expected room for it (check the disk)"
              .formatted(file, e),
          e);
    }
  }

  Optional<RunRecord> find(RunId run) {
    return onDisk ? read(file(run)) : Optional.ofNullable(memory.get(run));
  }

  List<RunRecord> all() {
    if (!onDisk) {
      return List.copyOf(memory.values());
    }
    if (!Files.isDirectory(runs)) {
      return List.of();
    }
    try (Stream<Path> folders = Files.list(runs)) {
      return folders.flatMap(run -> read(run.resolve("record.json")).stream()).toList();
    } catch (IOException e) {
      throw new StorageException(
          "Cannot list runs in %s: found %s, expected a folder (check the disk)".formatted(runs, e),
          e);
    }
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
