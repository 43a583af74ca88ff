package io.shelfmark.tracking.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shelfmark.storage.ByteRange;
import io.shelfmark.testing.PatternStream;
import io.shelfmark.tracking.store.FileStore.Entry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the files below every artifact location do. */
public abstract class FileStoreContract {

  /** The files below a location where there are none yet, another one for each call. */
  protected abstract FileStore emptyFiles();

  private static void put(FileStore files, String path, String content) {
    files.put(path, new ByteArrayInputStream(content.getBytes(UTF_8)));
  }

  private static String read(InputStream content) throws IOException {
    try (content) {
      return new String(content.readAllBytes(), UTF_8);
    }
  }

  @Test
  void file_put_isFoundListedAndRead() throws Exception {
    FileStore files = emptyFiles();
    put(files, "model/MLmodel", "flavors:");
    put(files, "model/data/weights.bin", "12345");
    put(files, "report.html", "<p>");
    put(files, "report.html", "<p>привет</p>");

    assertThat(files.list(""))
        .containsExactly(new Entry("model", 0, true), new Entry("report.html", 19, false));
    assertThat(files.list("model"))
        .containsExactly(new Entry("model/MLmodel", 8, false), new Entry("model/data", 0, true));
    assertThat(files.find("model/data/weights.bin"))
        .contains(new Entry("model/data/weights.bin", 5, false));
    assertThat(files.find("model")).contains(new Entry("model", 0, true));
    assertThat(files.find("none")).isEmpty();
    assertThat(files.list("none")).isEmpty();
    assertThat(read(files.open("report.html"))).isEqualTo("<p>привет</p>");
  }

  @Test
  void file_ofAMegabyte_comesBackWhole() throws Exception {
    FileStore files = emptyFiles();
    files.put("weights.bin", new PatternStream(1_000_003));
    try (InputStream content = files.open("weights.bin")) {
      assertThat(content).hasSameContentAs(new PatternStream(1_000_003));
    }
    try (InputStream part = files.open("weights.bin", new ByteRange(251 * 2000, 3))) {
      assertThat(part.readAllBytes()).containsExactly(0, 1, 2);
    }
  }

  @Test
  void open_range_givesThatPart() throws Exception {
    FileStore files = emptyFiles();
    put(files, "a.txt", "0123456789");
    assertThat(read(files.open("a.txt", new ByteRange(3, 4)))).isEqualTo("3456");
    assertThat(read(files.open("a.txt", new ByteRange(8, 40)))).isEqualTo("89");
  }

  @Test
  void open_unknown_isNotFound() {
    FileStore files = emptyFiles();
    put(files, "folder/file", "x");
    for (String path : List.of("file", "folder", "folder/file2")) {
      assertThatThrownBy(() -> files.open(path))
          .isInstanceOf(RecordNotFoundException.class)
          .hasMessageContaining(path);
    }
    assertThatThrownBy(() -> files.open("file", new ByteRange(0, 1)))
        .isInstanceOf(RecordNotFoundException.class);
  }

  @Test
  void delete_fileOrFolder_leavesTheRest() {
    FileStore files = emptyFiles();
    put(files, "a/b/c", "x");
    put(files, "a/d", "x");
    put(files, "ab", "x");
    files.delete("a/b");
    files.delete("nothing");
    assertThat(files.list("a")).extracting(Entry::path).containsExactly("a/d");
    files.delete("a");
    assertThat(files.list("")).extracting(Entry::path).containsExactly("ab");
  }

  @Test
  void names_ofAnyScript_areKept() throws Exception {
    FileStore files = emptyFiles();
    String path = "Отчёт за май/кривая №1 100%+a&b=c#d.png";
    put(files, path, "x");
    assertThat(files.list("")).containsExactly(new Entry("Отчёт за май", 0, true));
    assertThat(files.list("Отчёт за май")).containsExactly(new Entry(path, 1, false));
    assertThat(read(files.open(path))).isEqualTo("x");
  }

  @Test
  void paths_thatClimbOutOrNameNothing_areRefused() {
    FileStore files = emptyFiles();
    for (String path : List.of("../x", "a/../../x", "/etc/passwd", "..", "a//b", "")) {
      assertThatThrownBy(() -> put(files, path, "x"))
          .as(path)
          .isInstanceOf(InvalidRequestException.class);
      assertThatThrownBy(() -> files.open(path))
          .as(path)
          .isInstanceOf(InvalidRequestException.class);
      assertThatThrownBy(() -> files.delete(path))
          .as(path)
          .isInstanceOf(InvalidRequestException.class);
    }
    assertThatThrownBy(() -> files.list("..")).isInstanceOf(InvalidRequestException.class);
  }
}
