package io.shelfmark.internal.file;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.shelfmark.internal.storage.KeyNames;
import io.shelfmark.storage.BlobKey;
import io.shelfmark.storage.Digest;
import java.util.ArrayList;
import java.util.List;

/**
 * The keys of working files: {@code files/}, each folder's name, the file's name with {@code =} at
 * its end, so that a file and a folder of one name never meet. A name whose key form has more than
 * 100 characters is cut and ends with {@code ==} and its digest; only the pointer knows it then.
 */
public final class FileKeys {

  /** Where all of them lie. */
  public static final String PREFIX = "files/";

  private static final int LONGEST = 100;
  private static final int CUT = 57;
  private static final int DIGITS = 40;
  private static final String SHORTENED = "==";
  private static final String FILE = "=";

  private FileKeys() {}

  /**
   * The key of a file's pointer.
   *
   * @param path that keeps the rules for paths
   * @throws IllegalArgumentException when too many of its names are long
   */
  public static BlobKey of(String path) {
    String key = PREFIX + segments(path) + FILE;
    try {
      return BlobKey.of(key);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "Cannot use path «%s»: found %d characters in its key, expected 800 at most (shorten the names of folders; letters other than a-z take 3 for each byte)"
              .formatted(path, key.length()),
          e);
    }
  }

  /**
   * The prefix of all that lies below a folder; the root is "".
   *
   * @throws IllegalArgumentException when too many of its names are long
   */
  public static String below(String folder) {
    if (folder.isEmpty()) {
      return PREFIX;
    }
    String key = of(folder).value();
    return key.substring(0, key.length() - FILE.length()) + "/";
  }

  /** The folders that a path lies in, the outermost first. */
  public static List<String> foldersOf(String path) {
    List<String> folders = new ArrayList<>();
    for (int end = path.indexOf('/'); end >= 0; end = path.indexOf('/', end + 1)) {
      folders.add(path.substring(0, end));
    }
    return folders;
  }

  private static String segments(String path) {
    StringBuilder key = new StringBuilder();
    for (String name : path.split("/", -1)) {
      key.append(key.isEmpty() ? "" : "/").append(segment(name));
    }
    return key.toString();
  }

  private static String segment(String name) {
    String whole = KeyNames.escape(name);
    if (whole.length() <= LONGEST) {
      return whole;
    }
    String digest = Digest.of(name.getBytes(UTF_8)).hex().substring(0, DIGITS);
    return KeyNames.escape(name, CUT) + SHORTENED + digest;
  }
}
