package io.shelfmark.inference.synthetic;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Writes generated photos as {@code images/000001.jpg} and on, and {@code labels.jsonl} beside, one
 * row per photo in the order of their numbers whatever the number of threads.
 *
 * <p>Not thread-safe: one writer per folder.
 */
public final class PhotoFolder {
  private final PhotoGenerator generator;
  private final Path folder;

  /**
   * Into {@code folder}, which need not exist; earlier photos of the same numbers are overwritten.
   */
  public PhotoFolder(PhotoGenerator generator, Path folder) {
    this.generator = generator;
    this.folder = folder;
  }

  /**
   * Writes photos 1 to {@code count}.
   *
   * @throws UncheckedIOException if the folder cannot be written
   */
  public void write(int count, int threads) {
    if (count < 1 || threads < 1) {
      throw new IllegalArgumentException(
          "Cannot write photos: found count %d on %d threads, expected at least 1 each"
              .formatted(count, threads));
    }
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      Files.createDirectories(folder.resolve("images"));
      try (BufferedWriter labels = Files.newBufferedWriter(folder.resolve("labels.jsonl"))) {
        Deque<CompletableFuture<String>> pending = new ArrayDeque<>();
        for (int i = 1; i <= count; i++) {
          int index = i;
          pending.add(CompletableFuture.supplyAsync(() -> writeOne(index), pool));
          if (pending.size() > 4 * threads) {
            append(labels, pending.remove().join());
          }
        }
        for (CompletableFuture<String> row : pending) {
          append(labels, row.join());
        }
      }
    } catch (IOException unwritable) {
      throw new UncheckedIOException("Cannot write photos to " + folder, unwritable);
    } catch (CompletionException failed) {
      throw failed.getCause() instanceof RuntimeException cause ? cause : failed;
    } finally {
      pool.shutdownNow();
    }
  }

  private static void append(BufferedWriter labels, String row) throws IOException {
    labels.write(row);
    labels.write('\n');
    labels.flush();
  }

  private String writeOne(int index) {
    GeneratedPhoto photo = generator.photo(index);
    String file = "images/%06d.jpg".formatted(index);
    try {
      Files.write(folder.resolve(file), photo.jpeg());
    } catch (IOException unwritable) {
      throw new UncheckedIOException("Cannot write photo " + folder.resolve(file), unwritable);
    }
    return new LabelRow(photo).json(file).toString();
  }
}
