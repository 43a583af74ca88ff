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
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * The least that a store by digest has to do: read each file, hash it, write it beside its place,
 * sync it, rename it, and sync the folders in the end. No list, no claims, no looking before.
 */
final class BareWriter {

  private static final int BLOCK = 1 << 20;

  private BareWriter() {}

  static void copy(Path source, Path target, int threads) throws Exception {
    Set<Path> folders = ConcurrentHashMap.newKeySet();
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
    MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
    Path scratch = Files.createDirectories(target).resolve(file.getFileName() + ".tmp");
    try (InputStream in = Files.newInputStream(file);
        FileChannel out =
            FileChannel.open(scratch, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      byte[] block = new byte[(int) Math.min(BLOCK, Files.size(file) + 1)];
      for (int read = in.read(block); read >= 0; read = in.read(block)) {
        sha256.update(block, 0, read);
        ByteBuffer bytes = ByteBuffer.wrap(block, 0, read);
        while (bytes.hasRemaining()) {
          out.write(bytes);
        }
      }
      out.force(true);
    }
    String hex = HexFormat.of().formatHex(sha256.digest());
    Path folder = target.resolve(hex.substring(0, 2));
    if (!folders.contains(folder)) {
      Files.createDirectories(folder);
      folders.add(folder);
    }
    Files.move(scratch, folder.resolve(hex), StandardCopyOption.ATOMIC_MOVE);
  }

  private static void sync(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
