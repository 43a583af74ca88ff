package io.shelfmark.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shelfmark.Workspace;
import io.shelfmark.artifact.ArtifactVersion;
import io.shelfmark.artifact.NewArtifactVersion;
import io.shelfmark.artifact.VersionNotFoundException;
import io.shelfmark.artifact.WorkingFile;
import io.shelfmark.artifact.WorkingFiles;
import io.shelfmark.storage.BlobInfo;
import io.shelfmark.storage.BlobKey;
import io.shelfmark.storage.BlobStore;
import io.shelfmark.storage.ByteRange;
import io.shelfmark.storage.ContentChangedException;
import io.shelfmark.storage.Digest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.text.Normalizer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a workspace's files do on every store. A test extends it and says how to open one. */
@Timeout(120)
public abstract class WorkingFilesContract {

  @TempDir protected Path temporary;
  private BlobStore store;
  private Workspace workspace;
  private WorkingFiles files;

  /** Opens a store on this test's place, which begins empty. */
  protected abstract BlobStore open();

  @BeforeEach
  void openWorkspace() {
    store = open();
    workspace = workspace(store);
    files = workspace.files();
  }

  @AfterEach
  void closeWorkspace() {
    workspace.close();
    store.close();
  }

  private Workspace workspace(BlobStore place) {
    return Workspace.builder()
        .store(place)
        .home(temporary.resolve("home"))
        .gracePeriod(Duration.ZERO)
        .threads(4)
        .open();
  }

  private static WorkingFile put(WorkingFiles to, String path, String content) {
    return to.put(path, new ByteArrayInputStream(content.getBytes(UTF_8)));
  }

  private String read(String path) throws IOException {
    return Contents.read(files.open(path));
  }

  private boolean holds(WorkingFile file) {
    return store.head(BlobKey.of(file.digest())).isPresent();
  }

  @Test
  void put_again_replacesTheFile() throws Exception {
    put(files, "runs/1/log.txt", "first");
    WorkingFile second = put(files, "runs/1/log.txt", "second");
    assertThat(files.find("runs/1/log.txt")).contains(second);
    assertThat(second.size()).isEqualTo(6);
    assertThat(second.digest()).isEqualTo(Digest.of("second".getBytes(UTF_8)));
    assertThat(read("runs/1/log.txt")).isEqualTo("second");
    assertThat(files.list("runs/1").files()).containsExactly(second);
  }

  @Test
  void put_emptyFile_isThere() throws Exception {
    put(files, "empty", "");
    assertThat(files.find("empty")).map(WorkingFile::size).contains(0L);
    assertThat(read("empty")).isEmpty();
  }

  @Test
  void put_longStream_isWholeAndLeavesNothingInTheHome() throws Exception {
    long size = 3_000_001;
    WorkingFile file = files.put("model/weights.bin", new PatternStream(size));
    assertThat(file.size()).isEqualTo(size);
    assertThat(file.digest()).isEqualTo(Contents.digest(new PatternStream(size)));
    assertThat(Contents.digest(files.open("model/weights.bin"))).isEqualTo(file.digest());
    assertThat(temporary.resolve("home/spool")).isEmptyDirectory();
  }

  @Test
  void put_brokenStream_leavesWhatWasThere() throws Exception {
    put(files, "a", "old");
    assertThatThrownBy(() -> files.put("a", Contents.failingAfter(100_000)))
        .hasMessageContaining("Cannot put file a")
        .hasMessageContaining("the source broke");
    assertThat(read("a")).isEqualTo("old");
    assertThat(temporary.resolve("home/spool")).isEmptyDirectory();
  }

  @Test
  void paths_ofAnyCaseFormAndLength_areKept() throws Exception {
    String decomposed = Normalizer.normalize("Ёлка й", Normalizer.Form.NFD);
    String long1 = "Отчёт о точности распознавания ценников за ноябрь, первая половина.pdf";
    String long2 = "Отчёт о точности распознавания ценников за ноябрь, вторая половина.pdf";
    List<String> paths =
        List.of(
            "MLmodel",
            "mlmodel",
            ".hidden",
            "a=b%20c",
            "😀",
            decomposed + "/" + decomposed,
            long1,
            long2,
            long1 + " папка/" + long1,
            long2 + " папка/" + long2);
    for (String path : paths) {
      put(files, path, path);
    }
    for (String path : paths) {
      assertThat(files.find(path)).as(path).map(WorkingFile::path).contains(path);
      assertThat(read(path)).isEqualTo(path);
    }
    assertThat(files.list("").files())
        .extracting(WorkingFile::path)
        .containsExactlyInAnyOrderElementsOf(
            paths.stream().filter(path -> !path.contains("/")).toList());
    assertThat(files.list("").folders())
        .containsExactlyInAnyOrder(decomposed, long1 + " папка", long2 + " папка");
    assertThat(files.list(long2 + " папка").files())
        .extracting(WorkingFile::path)
        .containsExactly(long2 + " папка/" + long2);
  }

  @Test
  void list_givesDirectChildrenInOrder() {
    for (String path : List.of("r/b", "r/a/x", "r/a/y/z", "r/a-b/x", "r/a0", "ra", "r/c/d/e/f")) {
      put(files, path, path);
    }
    assertThat(files.list("r").folders()).containsExactly("r/a", "r/a-b", "r/c");
    assertThat(files.list("r").files())
        .extracting(WorkingFile::path)
        .containsExactly("r/a0", "r/b");
    assertThat(files.list("").folders()).containsExactly("r");
    assertThat(files.list("").files()).extracting(WorkingFile::path).containsExactly("ra");
    assertThat(files.list("r/none").files()).isEmpty();
    assertThat(files.isFolder("r/a")).isTrue();
    assertThat(files.isFolder("r/b")).isFalse();
  }

  @Test
  void open_range_givesThatPart() throws Exception {
    put(files, "a", "0123456789");
    assertThat(Contents.read(files.open("a", new ByteRange(2, 3)))).isEqualTo("234");
    assertThat(Contents.read(files.open("a", new ByteRange(8, 100)))).isEqualTo("89");
    assertThat(Contents.read(files.open("a", new ByteRange(10, 1)))).isEmpty();
    assertThat(Contents.read(files.open("a", new ByteRange(0, 10)))).isEqualTo("0123456789");
    ArtifactVersion version =
        workspace.artifacts().publish("m", "a", new ByteArrayInputStream("abcdef".getBytes(UTF_8)));
    assertThat(Contents.read(version.open("a", new ByteRange(4, 9)))).isEqualTo("ef");
  }

  @Test
  void open_unknown_namesIt() {
    put(files, "a/b", "x");
    for (String path : List.of("a", "a/c", "b")) {
      assertThat(files.find(path)).isEmpty();
      assertThatThrownBy(() -> files.open(path))
          .isInstanceOf(VersionNotFoundException.class)
          .hasMessageContaining("Cannot read file " + path + ": found no such file");
    }
  }

  @Test
  void delete_fileOrFolder_removesThatAlone() {
    for (String path : List.of("r/a", "r/f/b", "r/f/g/c", "r/f2/d")) {
      put(files, path, path);
    }
    files.delete("r/a");
    files.delete("r/f");
    files.delete("r/nothing");
    assertThat(files.list("r").files()).isEmpty();
    assertThat(files.list("r").folders()).containsExactly("r/f2");
    put(files, "r/f", "a file now");
    assertThat(files.find("r/f")).isPresent();
  }

  @Test
  void put_whereAFolderOrFileIsInTheWay_isRefused() {
    put(files, "a/b/c", "x");
    assertThatThrownBy(() -> put(files, "a/b", "y"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Cannot put file a/b: found a folder of that path");
    assertThatThrownBy(() -> put(files, "a/b/c/d/e", "y"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("found that a/b/c is a file");
  }

  @Test
  void paths_thatClimbOut_areRefused() {
    for (String path : List.of("", "/a", "../a", "a/../b", "a//b", "a/", "a\\b", "C:a", "a\nb")) {
      assertThatThrownBy(() -> put(files, path, "x"))
          .as(path)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("Cannot use path");
      assertThatThrownBy(() -> files.find(path)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> files.open(path)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> files.delete(path)).isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> files.list("..")).isInstanceOf(IllegalArgumentException.class);
    String deep = "я".repeat(100) + "/";
    assertThatThrownBy(() -> put(files, deep.repeat(9) + "x", "x"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("800 at most");
  }

  @Test
  void collect_keepsWhatFilesHoldAndTakesTheRest() throws Exception {
    WorkingFile kept = put(files, "kept", "kept");
    WorkingFile replaced = put(files, "replaced", "before");
    put(files, "replaced", "after");
    WorkingFile deleted = put(files, "folder/deleted", "deleted");
    WorkingFile shared = put(files, "shared", "in a version, too");
    workspace
        .artifacts()
        .publish("m", "f", new ByteArrayInputStream("in a version, too".getBytes(UTF_8)));
    files.delete("folder");
    files.delete("shared");
    assertThat(workspace.findGarbage().keys())
        .containsExactlyInAnyOrder(BlobKey.of(replaced.digest()), BlobKey.of(deleted.digest()));
    workspace.collectGarbage();
    assertThat(List.of(kept, replaced, deleted, shared))
        .extracting(this::holds)
        .containsExactly(true, false, false, true);
    assertThat(read("kept")).isEqualTo("kept");
    assertThat(read("replaced")).isEqualTo("after");
    assertThat(workspace.verify().isSound()).isTrue();
  }

  @Test
  void version_ofWorkingFiles_copiesNothingAndOutlivesThem() throws Exception {
    WorkingFile weights = put(files, "run/model/weights", "weights");
    WorkingFile config = put(files, "run/model/config", "config");
    ArtifactVersion version;
    try (NewArtifactVersion draft = workspace.artifacts().newVersion("model")) {
      version =
          draft
              .addFile("weights", weights)
              .addFile("config", config)
              .addStream("note", new ByteArrayInputStream("note".getBytes(UTF_8)))
              .publish();
    }
    files.delete("run");
    workspace.collectGarbage();
    assertThat(version.files())
        .extracting(file -> file.path() + " " + file.size())
        .containsExactly("config 6", "note 4", "weights 7");
    assertThat(version.size()).isEqualTo(17);
    assertThat(Contents.read(version.open("weights"))).isEqualTo("weights");
  }

  @Test
  void version_ofAWorkingFileThatWasCollected_isRefused() {
    WorkingFile gone = put(files, "gone", "gone");
    files.delete("gone");
    workspace.collectGarbage();
    try (NewArtifactVersion draft = workspace.artifacts().newVersion("model")) {
      draft.addFile("weights", gone);
      assertThatThrownBy(draft::publish)
          .isInstanceOf(ContentChangedException.class)
          .hasMessageContaining("Cannot add weights: found that sha256:");
    }
    assertThat(workspace.artifacts().versions("model")).isEmpty();
  }

  @Test
  void writers_besideACollectorThatNeverStops_loseNothing() throws Exception {
    int writers = 3;
    int rounds = 15;
    AtomicBoolean stop = new AtomicBoolean();
    List<Callable<Integer>> tasks = new ArrayList<>();
    for (int writer = 0; writer < writers; writer++) {
      int number = writer;
      tasks.add(
          () -> {
            try (BlobStore place = open();
                Workspace own = workspace(place)) {
              for (int round = 0; round < rounds; round++) {
                // contents that all writers share, and that turn to garbage in turn
                String content = "content " + (number + round) % 3;
                String path = "run-" + number + "/file-" + round % 2;
                put(own.files(), path, content);
                assertThat(Contents.read(own.files().open(path))).isEqualTo(content);
                if (round % 5 == 4) {
                  own.files().delete("run-" + number);
                  put(own.files(), path, content);
                }
              }
              return rounds;
            } finally {
              if (number == 0) {
                stop.set(true);
              }
            }
          });
    }
    tasks.add(
        () -> {
          int deleted = 0;
          try (BlobStore place = open();
              Workspace own = workspace(place)) {
            while (!stop.get()) {
              deleted += own.collectGarbage().keys().size();
            }
          }
          return deleted;
        });
    Together.call(tasks);
    for (int writer = 0; writer < writers; writer++) {
      assertThat(files.list("run-" + writer).files()).isNotEmpty();
      for (WorkingFile file : files.list("run-" + writer).files()) {
        assertThat(read(file.path())).startsWith("content ");
      }
    }
    assertThat(workspace.verify().isSound()).isTrue();
  }

  @Test
  void pointers_lieUnderTheirPrefix() {
    put(files, "Run 1/model.bin", "x");
    try (Stream<BlobInfo> pointers = store.list("files/")) {
      assertThat(pointers.map(info -> info.key().value()))
          .containsExactly("files/=52un=201/model.bin=");
    }
  }
}
