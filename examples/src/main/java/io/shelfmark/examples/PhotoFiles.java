package io.shelfmark.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The photos a command was asked to read, each with a name for its outputs that no other photo has.
 */
final class PhotoFiles {

  private static final Set<String> EXTENSIONS =
      Set.of("jpg", "jpeg", "png", "webp", "bmp", "tif", "tiff", "gif");

  /** What Java puts in place of each byte of a path that the locale cannot spell. */
  private static final char UNKNOWN = '\uFFFD';

  /** Bytes of a name for outputs; with what comes behind it must stay below 255. */
  private static final int LONGEST = 200;

  /**
   * One photo.
   *
   * @param path where it is
   * @param outputName what its outputs are called: the file's name without extension, numbered if
   *     taken, cut if long, and with {@code %D0} for bytes that the locale cannot spell
   */
  record PhotoFile(Path path, String outputName) {}

  private PhotoFiles() {}

  /**
   * Files as they are named, whatever their extension, and pictures in folders at any depth by
   * their path. A path that is not there stays in the list, to fail as a photo. What lies in {@code
   * outputs} is left out.
   */
  static List<PhotoFile> of(List<Path> arguments, Path outputs) {
    Set<Path> paths = new LinkedHashSet<>();
    for (Path argument : arguments) {
      if (Files.isDirectory(argument)) {
        paths.addAll(pictures(argument, outputs));
      } else {
        paths.add(argument);
      }
    }
    Set<String> taken = new HashSet<>();
    List<PhotoFile> files = new ArrayList<>();
    for (Path path : paths) {
      files.add(new PhotoFile(path, unique(base(path), taken)));
    }
    return files;
  }

  private static List<Path> pictures(Path folder, Path outputs) {
    Path skipped = outputs.toAbsolutePath().normalize();
    try {
      // a walk does not follow the link that it begins at
      Path real = folder.toRealPath();
      try (Stream<Path> found = Files.walk(real)) {
        return found
            .filter(PhotoFiles::isPicture)
            .map(path -> folder.resolve(real.relativize(path)))
            .filter(path -> !path.toAbsolutePath().normalize().startsWith(skipped))
            .filter(Files::isRegularFile)
            .sorted()
            .toList();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isPicture(Path path) {
    String name = String.valueOf(path.getFileName()).toLowerCase(Locale.ROOT);
    int dot = name.lastIndexOf('.');
    return dot > 0 && EXTENSIONS.contains(name.substring(dot + 1)) && !name.startsWith(".");
  }

  private static String base(Path path) {
    String name = String.valueOf(path.getFileName());
    if (name.indexOf(UNKNOWN) >= 0) {
      // no file of that name can be made; the one place where a path shows its bytes
      String raw = path.toUri().getRawPath();
      name = raw.substring(raw.lastIndexOf('/') + 1);
    }
    int dot = name.lastIndexOf('.');
    name = dot > 0 ? name.substring(0, dot) : name;
    while (name.getBytes(UTF_8).length > LONGEST) {
      name = name.substring(0, name.offsetByCodePoints(name.length(), -1));
    }
    return name;
  }

  /**
   * File systems that fold case take "A" and "a" for one file, so names that differ in case alone
   * do not count as two.
   */
  private static String unique(String base, Set<String> taken) {
    String name = base;
    for (int number = 2; !taken.add(name.toLowerCase(Locale.ROOT)); number++) {
      name = base + "-" + number;
    }
    return name;
  }
}
