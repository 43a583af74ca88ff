package io.shelfmark.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * The least that a store by digest has to do: read each file, hash it, write it beside its place,
 * sync it, rename it, and sync the folders in the end; what is long is hashed while it is written.
 * No list, no claims, no looking before.
 */
final class BareWriter {

  private static final int BLOCK = 1 << 20;

  private BareWriter() {}

  static void copy(Path source, Path target, int threads) throws Exception {
    Set<Path> folders = ConcurrentHashMap.newKeySet();
    Files.createDirectories(target);
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try (Stream<Path> files = Files.walk(source)) {
      List<Future<?>> pending = new ArrayList<>();
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        pending.add(
            executor.submit(
                () -> {
                  copy(file, target, folders);
                  return null;
                }));
      }
      for (Future<?> one : pending) {
        one.get();
      }
      for (Path folder : folders) {
        sync(folder);
      }
      sync(target);
    } finally {
      executor.shutdown();
    }
  }

  private static void copy(Path file, Path target, Set<Path> folders) throws Exception {
    if (Files.size(file) > BLOCK) {
      copyLong(file, target, folders);
      return;
    }
    byte[] bytes = Files.readAllBytes(file);
    String hex = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    Path scratch = folder(target, hex, folders).resolve(hex + ".tmp");
    try (FileChannel out = create(scratch)) {
      write(out, bytes, bytes.length);
      out.force(true);
    }
    Files.move(scratch, scratch.resolveSibling(hex), StandardCopyOption.ATOMIC_MOVE);
  }

  /** Hashes each block on another thread while it is written. */
  private static void copyLong(Path file, Path target, Set<Path> folders) throws Exception {
    MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
    Path scratch = target.resolve(file.getFileName() + ".tmp");
    ExecutorService hasher = Executors.newSingleThreadExecutor();
    try (InputStream in = Files.newInputStream(file);
        FileChannel out = create(scratch)) {
      byte[][] blocks = {new byte[BLOCK], new byte[BLOCK]};
      Future<?> hashed = CompletableFuture.completedFuture(null);
      int turn = 0;
      int read = in.readNBytes(blocks[0], 0, BLOCK);
      while (read > 0) {
        byte[] block = blocks[turn];
        int length = read;
        hashed.get();
        hashed = hasher.submit(() -> sha256.update(block, 0, length));
        write(out, block, length);
        turn = 1 - turn;
        read = in.readNBytes(blocks[turn], 0, BLOCK);
      }
      hashed.get();
      out.force(true);
    } finally {
      hasher.shutdown();
    }
    String hex = HexFormat.of().formatHex(sha256.digest());
    Path folder = folder(target, hex, folders);
    Files.move(scratch, folder.resolve(hex), StandardCopyOption.ATOMIC_MOVE);
  }

  private static FileChannel create(Path file) throws IOException {
    return FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  private static void write(FileChannel out, byte[] block, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(block, 0, length);
    while (bytes.hasRemaining()) {
      out.write(bytes);
    }
  }

  private static Path folder(Path target, String hex, Set<Path> folders) throws IOException {
    Path folder = target.resolve(hex.substring(0, 2));
    if (!folders.contains(folder)) {
      Files.createDirectories(folder);
      folders.add(folder);
    }
    return folder;
  }

  private static void sync(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
