package io.shelfmark.tracking.internal.mlflow.client;

import io.shelfmark.internal.Spool;
import io.shelfmark.storage.ByteRange;
import io.shelfmark.tracking.store.FileStore;
import io.shelfmark.tracking.store.InvalidRequestException;
import io.shelfmark.tracking.store.RecordNotFoundException;
import io.shelfmark.tracking.store.StoreUnavailableException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Files in a folder that this machine shares with the server. A link that leads out of the folder
 * is not followed. A file is in its place whole or not at all. Thread-safe.
 */
final class LocalFiles implements FileStore {

  private static final String UNFINISHED = ".shelfmark-unfinished-";

  private final Path root;

  LocalFiles(Path root) {
    this.root = root.toAbsolutePath().normalize();
  }

  @Override
  public void put(String path, InputStream content) {
    Path file = resolve(path);
    try {
      Path folder = Files.createDirectories(requireParent(file));
      Path unfinished = Files.createTempFile(folder, UNFINISHED, null);
      try {
        try (FileChannel channel = FileChannel.open(unfinished, StandardOpenOption.WRITE);
            OutputStream out = Channels.newOutputStream(channel)) {
          content.transferTo(out);
          channel.force(true);
        }
        Files.move(
            unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(unfinished);
      }
    } catch (IOException e) {
      throw failed("store", path, e);
    }
  }

  @Override
  public Optional<Entry> find(String path) {
    Path file = resolve(path);
    try {
      return Files.exists(file) ? Optional.of(entry(file)) : Optional.empty();
    } catch (IOException e) {
      throw failed("read", path, e);
    }
  }

  @Override
  public List<Entry> list(String folder) {
    Path path = folder.isEmpty() ? root : resolve(folder);
    if (!Files.isDirectory(path)) {
      return List.of();
    }
    List<Entry> entries = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(path)) {
      for (Path file : files) {
        if (!requireName(file).startsWith(UNFINISHED)) {
          entries.add(entry(file));
        }
      }
    } catch (IOException e) {
      throw failed("list", folder, e);
    }
    entries.sort(Comparator.comparing(Entry::path));
    return entries;
  }

  private Entry entry(Path file) throws IOException {
    boolean isFolder = Files.isDirectory(file);
    String path = root.relativize(file).toString().replace('\\', '/');
    return new Entry(path, isFolder ? 0 : Files.size(file), isFolder);
  }

  @Override
  public InputStream open(String path) {
    Path file = resolve(path);
    if (!Files.isRegularFile(file)) {
      throw new RecordNotFoundException(
          "Cannot read file %s of %s: found no such file, expected one".formatted(path, root));
    }
    try {
      return Files.newInputStream(file);
    } catch (NoSuchFileException e) {
      throw new RecordNotFoundException(
          "Cannot read file %s of %s: it was removed just now".formatted(path, root), e);
    } catch (IOException e) {
      throw failed("read", path, e);
    }
  }

  @Override
  public InputStream open(String path, ByteRange range) {
    InputStream content = open(path);
    try {
      content.skipNBytes(range.offset());
    } catch (EOFException e) {
      close(content);
      return InputStream.nullInputStream();
    } catch (IOException e) {
      close(content);
      throw failed("read", path, e);
    }
    return new LimitedStream(content, range.length());
  }

  private static void close(InputStream content) {
    try {
      content.close();
    } catch (IOException e) {
      // nothing was written: nothing is lost
    }
  }

  @Override
  public void delete(String path) {
    Path file = resolve(path);
    try {
      if (Files.isDirectory(file)) {
        Spool.remove(file);
      } else {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw failed("delete", path, e);
    }
  }

  /** The file of a path; its folder, links followed, lies in the root. */
  private Path resolve(String path) {
    Path file = root;
    for (String name : ArtifactPath.require(path).split("/", -1)) {
      file = file.resolve(name);
    }
    Path there = file;
    while (!there.equals(root) && !Files.exists(there)) {
      there = requireParent(there);
    }
    try {
      if (Files.exists(root) && !there.toRealPath().startsWith(root.toRealPath())) {
        throw new InvalidRequestException(
            "Cannot use path %s of %s: found a link that leads out of it, expected none"
                .formatted(path, root));
      }
    } catch (IOException e) {
      throw failed("read", path, e);
    }
    return file;
  }

  private static Path requireParent(Path file) {
    Path parent = file.getParent();
    if (parent == null) {
      throw new IllegalStateException("a file below a folder has a parent");
    }
    return parent;
  }

  private static String requireName(Path file) {
    Path name = file.getFileName();
    return name == null ? "" : name.toString();
  }

  private StoreUnavailableException failed(String verb, String path, IOException e) {
    return new StoreUnavailableException(
        "Cannot %s file %s of %s: found %s, expected a folder that can be read and written"
            .formatted(verb, path, root, e),
        e);
  }
}
