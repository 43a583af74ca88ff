package io.shelfmark.inference.model;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * ONNX Runtime's native libraries, unpacked once a version into a folder of the user's; left alone
 * it unpacks them into the temporary folder at every start.
 *
 * <p>The folder is {@code onnxruntime-CRC} under {@code $XDG_CACHE_HOME/shelfmark}, {@code
 * ~/.cache/shelfmark} without it: named after the checksum of the library, so versions lie side by
 * side. A file is written beside its place and moved there in one step, so processes that start at
 * once do not see each other's halves; one that is damaged is replaced. Where that fails, and where
 * the host has set a path of its own, ONNX Runtime does what it always does. Thread-safe.
 */
final class EngineNatives {

  /** Where ONNX Runtime looks for its libraries first. */
  static final String PATH_PROPERTY = "onnxruntime.native.path";

  /** What every start needs. */
  private static final List<String> LIBRARIES =
      List.of("onnxruntime", "onnxruntime4j_jni", "onnxruntime_providers_shared");

  private static final Logger LOG = LoggerFactory.getLogger(EngineNatives.class);

  // guarded by the class: what has been seen to
  private static final Set<String> unpacked = new HashSet<>();

  private EngineNatives() {}

  /** A library in the engine's jar. */
  private record Packed(String fileName, URL url, long size, long crc) {}

  /** The folder of the unpacked libraries; nothing when the engine had better see to it itself. */
  static Optional<Path> cached() {
    boolean hosts =
        System.getProperties().stringPropertyNames().stream()
            .anyMatch(name -> name.startsWith("onnxruntime.native."));
    return hosts ? Optional.empty() : cached(userCache());
  }

  static Optional<Path> cached(Path cache) {
    try {
      List<Packed> libraries = packed(LIBRARIES);
      if (libraries.size() < 2) {
        return Optional.empty();
      }
      Path folder = cache.resolve("onnxruntime-%08x".formatted(libraries.get(0).crc()));
      Files.createDirectories(folder);
      for (Packed library : libraries) {
        unpack(library, folder);
      }
      return Optional.of(folder.toAbsolutePath());
    } catch (IOException | SecurityException e) {
      // a home that cannot be written, or a full disk: unpacking to the temporary folder may still
      // do
      return Optional.empty();
    }
  }

  /**
   * Puts a provider's library beside the engine's, if that lies in a folder of ours: the engine
   * looks nowhere else. CUDA's has 600 MB, so only who asks for a GPU gets it. Where it cannot be
   * written, the engine will say that it is missing.
   */
  static synchronized void unpackProvider(String library) {
    String folder = System.getProperty(PATH_PROPERTY);
    if (folder != null && Path.of(folder).startsWith(userCache()) && unpacked.add(library)) {
      try {
        for (Packed packed : packed(List.of(library))) {
          unpack(packed, Path.of(folder));
        }
      } catch (IOException | SecurityException e) {
        LOG.debug("{} cannot be unpacked into {}", library, folder, e);
      }
    }
  }

  private static Path userCache() {
    return userCache(System.getenv("XDG_CACHE_HOME"), System.getProperty("user.home"));
  }

  /** Absolute: a user whom the system does not know, as in a container, is at home in {@code ?}. */
  static Path userCache(@Nullable String stated, String home) {
    Path caches =
        stated != null && Path.of(stated).isAbsolute() ? Path.of(stated) : Path.of(home, ".cache");
    return caches.resolve("shelfmark").toAbsolutePath();
  }

  private static List<Packed> packed(List<String> libraries) throws IOException {
    List<Packed> found = new ArrayList<>();
    for (String library : libraries) {
      String fileName = System.mapLibraryName(library);
      URL url =
          EngineNatives.class.getResource("/ai/onnxruntime/native/" + platform() + "/" + fileName);
      if (url != null) {
        URLConnection connection = url.openConnection();
        if (!(connection instanceof JarURLConnection jar)) {
          return List.of();
        }
        JarEntry entry = jar.getJarEntry();
        if (entry == null || entry.getSize() < 0 || entry.getCrc() < 0) {
          return List.of();
        }
        found.add(new Packed(fileName, url, entry.getSize(), entry.getCrc()));
      }
    }
    return found;
  }

  private static void unpack(Packed library, Path folder) throws IOException {
    Path file = folder.resolve(library.fileName());
    if (isWhole(file, library)) {
      return;
    }
    Path unfinished = Files.createTempFile(folder, library.fileName(), ".tmp");
    try {
      try (InputStream stream = library.url().openStream()) {
        Files.copy(stream, unfinished, StandardCopyOption.REPLACE_EXISTING);
      }
      move(unfinished, file);
    } catch (IOException e) {
      // on Windows a library that another process has just unpacked and loaded cannot be replaced
      if (!isWhole(file, library)) {
        throw e;
      }
    } finally {
      Files.deleteIfExists(unfinished);
    }
  }

  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** Reads the file: a flipped byte in a library is a crash that no one understands. */
  private static boolean isWhole(Path file, Packed library) throws IOException {
    if (!Files.isRegularFile(file) || Files.size(file) != library.size()) {
      return false;
    }
    CRC32 crc = new CRC32();
    try (FileChannel channel = FileChannel.open(file)) {
      crc.update(channel.map(FileChannel.MapMode.READ_ONLY, 0, library.size()));
    }
    return crc.getValue() == library.crc();
  }

  /** The platform as ONNX Runtime names its folders. */
  private static String platform() {
    String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    String processor = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
    String os = system.contains("mac") ? "osx" : system.contains("win") ? "win" : "linux";
    String architecture =
        switch (processor) {
          case "amd64", "x86_64" -> "x64";
          case "aarch64", "arm64" -> "aarch64";
          default -> processor;
        };
    return os + "-" + architecture;
  }
}
