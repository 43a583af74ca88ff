package io.shelfmark.internal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Set;

/**
 * A new file beside another one, which takes its place as a whole, with its owner, group and
 * permissions, or never. For one thread; closing one that took no place removes it.
 */
public final class FileReplacement implements AutoCloseable {

  private static final Set<PosixFilePermission> OWNERS_ALONE =
      Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
  private static final Set<PosixFilePermission> GROUPS =
      Set.of(
          PosixFilePermission.GROUP_READ,
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.GROUP_EXECUTE);

  private final Path file;
  private final Path unfinished;

  private FileReplacement(Path file, Path unfinished) {
    this.file = file;
    this.unfinished = unfinished;
  }

  /**
   * Makes an empty file.
   *
   * @param file whose place it is to take, which need not be there; no link
   * @param unfinished what it is called until then, in the same folder
   * @throws java.nio.file.FileAlreadyExistsException when {@code unfinished} is there
   */
  public static FileReplacement of(Path file, Path unfinished) throws IOException {
    if (isPosix(file)) {
      // nobody may read it before it is known who may
      Files.createFile(unfinished, PosixFilePermissions.asFileAttribute(OWNERS_ALONE));
    } else {
      Files.createFile(unfinished);
    }
    return new FileReplacement(file, unfinished);
  }

  private static boolean isPosix(Path file) {
    return Files.exists(file)
        && Files.getFileAttributeView(file, PosixFileAttributeView.class) != null;
  }

  private void liken(PosixFileAttributes other) throws IOException {
    PosixFileAttributeView view =
        Files.getFileAttributeView(unfinished, PosixFileAttributeView.class);
    PosixFileAttributes own = view.readAttributes();
    Set<PosixFilePermission> permissions = new HashSet<>(other.permissions());
    if (!own.group().equals(other.group())) {
      try {
        view.setGroup(other.group());
      } catch (IOException e) {
        // what that group may do is nothing that another one may
        permissions.removeAll(GROUPS);
      }
    }
    if (!own.owner().equals(other.owner())) {
      try {
        view.setOwner(other.owner());
      } catch (IOException e) {
        // only root gives files away: whoever writes a file anew without being root owns it
      }
    }
    view.setPermissions(permissions);
  }

  /** Where to write what the file is to hold. */
  public Path unfinished() {
    return unfinished;
  }

  /** Makes what was written durable and puts it in the other file's place. */
  public void takePlace() throws IOException {
    try (FileChannel written = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
      written.force(true);
    }
    if (isPosix(file)) {
      liken(Files.readAttributes(file, PosixFileAttributes.class));
    }
    Files.move(
        unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(unfinished);
  }
}
