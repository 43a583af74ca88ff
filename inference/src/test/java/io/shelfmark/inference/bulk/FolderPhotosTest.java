package io.shelfmark.inference.bulk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderPhotosTest {

  @TempDir Path folder;

  private static List<String> names(Path folder) {
    try (Stream<BulkPhoto> photos = BulkPhoto.inFolder(folder)) {
      return photos.map(BulkPhoto::name).toList();
    }
  }

  private void write(String name) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, name);
  }

  @Test
  void inFolder_picturesAtAnyDepth_areNamedByTheirPath() throws IOException {
    for (String name :
        List.of(
            "a.jpg", "b.txt", "c", "jpg", "x/y/d.WebP", ".e.jpg", ".hidden/f.jpg", "x/.g/h.png")) {
      write(name);
    }
    Files.createDirectory(folder.resolve("folder.jpg"));

    assertThat(names(folder)).containsExactlyInAnyOrder("a.jpg", "x/y/d.WebP");
    assertThat(FolderPhotos.count(folder, () -> false)).hasValue(2);
  }

  /** A folder of millions takes minutes to count. */
  @Test
  void count_thatIsStopped_looksNoFurther() throws IOException {
    for (int i = 0; i < 100; i++) {
      write("no-photo-" + i + ".txt");
    }
    AtomicInteger asked = new AtomicInteger();

    assertThat(FolderPhotos.count(folder, () -> asked.incrementAndGet() > 10)).isEmpty();
    assertThat(asked.get()).isLessThan(20);
  }

  @Test
  void inFolder_links_filesAreFollowedAndFoldersNot() throws IOException {
    write("photos/a.jpg");
    Files.createSymbolicLink(folder.resolve("photos/link.jpg"), folder.resolve("photos/a.jpg"));
    Files.createSymbolicLink(folder.resolve("photos/dangling.jpg"), folder.resolve("none.jpg"));
    Files.createSymbolicLink(folder.resolve("photos/round"), folder.resolve("photos"));
    Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("photos"));

    assertThat(names(link)).containsExactlyInAnyOrder("a.jpg", "link.jpg");
  }

  @Test
  void inFolder_folderThatIsGoneMeanwhile_isPassedOver() throws IOException {
    write("one/a.jpg");
    write("two/a.jpg");

    try (Stream<BulkPhoto> photos = BulkPhoto.inFolder(folder)) {
      Iterator<BulkPhoto> found = photos.iterator();
      String other = found.next().name().startsWith("one") ? "two" : "one";
      Files.delete(folder.resolve(other).resolve("a.jpg"));
      Files.delete(folder.resolve(other));

      assertThat(found.hasNext()).isFalse();
    }
  }

  /** Such as {@code .Trashes} of a disk; root may list it all the same. */
  @Test
  void inFolder_hiddenFolderThatMayNotBeListed_isNotLookedAt() throws IOException {
    write("a.jpg");
    Path hidden = Files.createDirectory(folder.resolve(".Trashes"));
    Assumptions.assumeTrue(hidden.toFile().setReadable(false) && !Files.isReadable(hidden));

    assertThat(names(folder)).containsExactly("a.jpg");
  }

  @Test
  void inFolder_file_isRefused() throws IOException {
    write("a.jpg");

    assertThatThrownBy(() -> names(folder.resolve("a.jpg")))
        .isInstanceOf(ResultsException.class)
        .hasMessageContaining("found a file, expected a folder");
  }

  /** As every Cyrillic name is under the locale C, which containers have. */
  @Test
  void inFolder_namesThatTheLocaleCannotSpell_areKeptApart() throws IOException {
    for (String escaped : List.of("%FE.jpg", "%FF.jpg", "%FF%D0%AF.jpg")) {
      Files.writeString(Path.of(URI.create(folder.toUri() + escaped)), escaped);
    }

    assertThat(names(folder)).containsExactlyInAnyOrder("%FE.jpg", "%FF.jpg", "%FFЯ.jpg");
  }
}
