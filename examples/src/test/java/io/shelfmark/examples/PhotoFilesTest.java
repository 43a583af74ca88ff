package io.shelfmark.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.shelfmark.examples.PhotoFiles.PhotoFile;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PhotoFilesTest {

  @TempDir Path folder;

  private List<PhotoFile> of(Path... arguments) {
    return PhotoFiles.of(List.of(arguments), folder.resolve("out"));
  }

  @Test
  void of_linkToAFolder_findsItsPicturesByTheLink() throws IOException {
    Path photos = Files.createDirectories(folder.resolve("photos/below")).getParent();
    Files.createFile(photos.resolve("below/a.jpg"));
    Path link = Files.createSymbolicLink(folder.resolve("link"), photos);

    assertThat(of(link)).containsExactly(new PhotoFile(link.resolve("below/a.jpg"), "a"));
  }

  /** As every Cyrillic name is under the locale C, which containers have. */
  @Test
  void of_nameThatTheLocaleCannotSpell_hasOutputsThatItCan() throws IOException {
    Path file = Files.createFile(Path.of(URI.create(folder.toUri() + "caf%E9.jpg")));

    assertThat(of(folder)).containsExactly(new PhotoFile(file, "caf%E9"));
  }

  @Test
  void of_longNames_haveOutputsThatAreShorterAndTheirOwn() throws IOException {
    String name = "щ".repeat(124);
    Files.createFile(folder.resolve(name + "a.jpg"));
    Files.createFile(folder.resolve(name + "b.jpg"));

    assertThat(of(folder))
        .extracting(PhotoFile::outputName)
        .containsExactly("щ".repeat(100), "щ".repeat(100) + "-2");
  }
}
