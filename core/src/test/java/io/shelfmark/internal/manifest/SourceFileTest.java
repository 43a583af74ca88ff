package io.shelfmark.internal.manifest;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shelfmark.storage.ContentChangedException;
import io.shelfmark.storage.StorageException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourceFileTest {

  @TempDir Path temporary;

  @Test
  void file_changedOrReplacedWhileRead_isRefused() throws Exception {
    Path path = Files.writeString(temporary.resolve("photo"), "1234");
    SourceFile file = new SourceFile("photo", path, Optional.empty());
    FileStamp before = file.stamp();
    assertThatCode(() -> file.requireUnchanged(before)).doesNotThrowAnyException();
    Files.writeString(path, "5", StandardOpenOption.APPEND);
    assertThatThrownBy(() -> file.requireUnchanged(before))
        .isInstanceOf(ContentChangedException.class)
        .hasMessageContaining("Cannot add " + path + ": found it changed while it was read");

    FileStamp longer = file.stamp();
    Path other = Files.writeString(temporary.resolve("other"), "abcde");
    Files.setLastModifiedTime(other, Files.getLastModifiedTime(path));
    Files.move(other, path, StandardCopyOption.REPLACE_EXISTING);
    assertThatThrownBy(() -> file.requireUnchanged(longer))
        .isInstanceOf(ContentChangedException.class)
        .hasMessageContaining("found it changed while it was read");
  }

  @Test
  void file_missingOrAFolder_isRefused() {
    for (Path path : new Path[] {temporary.resolve("missing"), temporary}) {
      SourceFile file = new SourceFile("photo", path, Optional.empty());
      assertThatThrownBy(file::stamp)
          .isInstanceOf(StorageException.class)
          .hasMessageContaining("Cannot add " + path);
    }
  }
}
