package io.shelfmark.internal.dvc;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.shelfmark.storage.StorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * A {@code .dvc} file.
 *
 * @param outs what it tracks
 */
record DvcFile(List<Out> outs) {

  /**
   * One file or folder that is tracked.
   *
   * @param path its name beside the {@code .dvc} file
   * @param md5 of its content, or of the object that lists it
   * @param isFolder whether it is a folder
   * @param layout where its objects lie
   */
  record Out(String path, Md5 md5, boolean isFolder, DvcLayout layout) {}

  private static final long LONGEST = 16L << 20;

  static DvcFile read(Path file) {
    try {
      if (Files.size(file) > LONGEST) {
        throw refused(file, "a file of " + Files.size(file) + " bytes");
      }
      Object document =
          new Load(LoadSettings.builder().setLabel(file.toString()).build())
              .loadFromString(Files.readString(file, UTF_8));
      if (!(document instanceof Map<?, ?> map) || !(map.get("outs") instanceof List<?> outs)) {
        throw refused(file, "no list of outs");
      }
      List<Out> read = new ArrayList<>();
      for (Object out : outs) {
        read.add(out(file, out));
      }
      return new DvcFile(List.copyOf(read));
    } catch (IOException | YamlEngineException | IllegalArgumentException e) {
      throw new StorageException(
          "Cannot read %s: found %s, expected a .dvc file (check the path)"
              .formatted(file, e.getMessage() == null ? e : e.getMessage()),
          e);
    }
  }

  private static Out out(Path file, Object out) {
    if (!(out instanceof Map<?, ?> map)
        || !(map.get("path") instanceof String path)
        || !(map.get("md5") instanceof String md5)) {
      throw refused(file, "an out without path and md5");
    }
    Object hash = map.get("hash");
    if (hash != null && !hash.equals("md5")) {
      throw refused(file, "an out hashed by " + hash);
    }
    boolean isFolder = md5.endsWith(DvcLayout.DIR);
    String digits = isFolder ? md5.substring(0, md5.length() - DvcLayout.DIR.length()) : md5;
    return new Out(path, new Md5(digits), isFolder, hash == null ? DvcLayout.TWO : DvcLayout.THREE);
  }

  private static StorageException refused(Path file, String found) {
    return new StorageException(
        "Cannot read %s: found %s, expected outs with path and md5 (write it by dvc add)"
            .formatted(file, found));
  }

  /** The text of a file that tracks one folder, as DVC 3 writes it. */
  static String text(String path, Md5 md5, long size, long files) {
    return """
        outs:
        - md5: %s%s
          size: %d
          nfiles: %d
          hash: md5
          path: %s
        """
        .formatted(md5, DvcLayout.DIR, size, files, quoted(path));
  }

  /** Plain where YAML cannot take it for anything but text. */
  private static String quoted(String path) {
    return path.matches("[A-Za-z][A-Za-z0-9._-]*[A-Za-z][A-Za-z0-9._-]*")
            && !path.matches("(?i)true|false|null|yes|no|on|off")
        ? path
        : DirObject.quoted(path);
  }
}
