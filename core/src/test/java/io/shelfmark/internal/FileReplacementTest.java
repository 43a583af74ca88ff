package io.shelfmark.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileReplacementTest {

  @TempDir Path folder;

  /** More than a new file has, less, and such as forbids its maker to write. */
  @ParameterizedTest
  @ValueSource(strings = {"rw-rw-rw-", "rw-r-----", "rw-------", "r--r--r--", "rwxr-xr-x"})
  void takePlace_fileThatIsThere_keepsItsPermissions(String permissions) throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "old");
    assumeTrue(Files.getFileAttributeView(file, PosixFileAttributeView.class) != null);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));

    try (FileReplacement made = FileReplacement.of(file, folder.resolve("file.tmp"))) {
      Files.writeString(made.unfinished(), "new");
      made.takePlace();
    }

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo(permissions);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    assertThat(file).hasContent("new");
    assertThat(names()).containsExactly("file");
  }

  @Test
  void takePlace_fileThatIsNot_hasThoseOfNewFiles() throws IOException {
    Path file = folder.resolve("file");
    Path other = Files.createFile(folder.resolve("other"));

    try (FileReplacement made = FileReplacement.of(file, folder.resolve("file.tmp"))) {
      Files.writeString(made.unfinished(), "new");
      made.takePlace();
    }

    assertThat(file).hasContent("new");
    assumeTrue(Files.getFileAttributeView(file, PosixFileAttributeView.class) != null);
    assertThat(Files.getPosixFilePermissions(file)).isEqualTo(Files.getPosixFilePermissions(other));
  }

  @Test
  void close_withoutTakingThePlace_leavesTheOldFileAlone() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "old");

    try (FileReplacement made = FileReplacement.of(file, folder.resolve("file.tmp"))) {
      Files.writeString(made.unfinished(), "new");
    }

    assertThat(file).hasContent("old");
    assertThat(names()).containsExactly("file");
  }

  @Test
  void of_unfinishedOneOfAnother_isLeftToIt() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "old");
    Path unfinished = Files.writeString(folder.resolve("file.tmp"), "another's");

    assertThatThrownBy(() -> FileReplacement.of(file, unfinished))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThat(unfinished).hasContent("another's");
  }

  private Stream<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList().stream();
    }
  }
}
