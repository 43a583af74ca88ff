package io.shelfmark.internal.manifest;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * What tells one state of a file from another without reading it.
 *
 * @param size in bytes
 * @param modified when its bytes changed, in nanoseconds since 1970
 * @param changed when anything of it changed, in nanoseconds since 1970; 0 where that is not known
 * @param file its number in the file system; a dash where it has none
 */
record FileStamp(long size, long modified, long changed, String file) {

  private static final String UNIX = "unix";
  private static final boolean UNIX_BY_DEFAULT =
      FileSystems.getDefault().supportedFileAttributeViews().contains(UNIX);
  private static final long UNSETTLED = Duration.ofSeconds(2).toNanos();

  static FileStamp of(Path file) throws IOException {
    if (!hasUnixAttributes(file.getFileSystem())) {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      requireFile(attributes.isRegularFile());
      return new FileStamp(
          attributes.size(), attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS), 0, "-");
    }
    Map<String, Object> attributes =
        Files.readAttributes(file, "unix:size,lastModifiedTime,ctime,ino,isRegularFile");
    requireFile(Boolean.TRUE.equals(attributes.get("isRegularFile")));
    return new FileStamp(
        attribute(attributes, "size", Long.class),
        attribute(attributes, "lastModifiedTime", FileTime.class).to(TimeUnit.NANOSECONDS),
        attribute(attributes, "ctime", FileTime.class).to(TimeUnit.NANOSECONDS),
        String.valueOf(attributes.get("ino")));
  }

  /** Every file of a folder is asked, and the platform makes its list of views anew each time. */
  private static boolean hasUnixAttributes(FileSystem system) {
    return system.equals(FileSystems.getDefault())
        ? UNIX_BY_DEFAULT
        : system.supportedFileAttributeViews().contains(UNIX);
  }

  private static void requireFile(boolean regular) throws IOException {
    if (!regular) {
      throw new IOException("no regular file");
    }
  }

  private static <T> T attribute(Map<String, Object> attributes, String name, Class<T> type) {
    return type.cast(Objects.requireNonNull(attributes.get(name), name));
  }

  /** Whether a change after this instant would have another time. */
  boolean isSettled(long nowNanos) {
    return nowNanos - Math.max(modified, changed) > UNSETTLED;
  }
}
