package io.shelfmark.dataset;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shelfmark.Workspace;
import io.shelfmark.artifact.RetentionRule;
import io.shelfmark.storage.BlobBatch;
import io.shelfmark.storage.BlobContent;
import io.shelfmark.storage.Digest;
import io.shelfmark.storage.StorageException;
import io.shelfmark.testing.SettableClock;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class DatasetCommitTest extends DatasetFixture {

  @Test
  void commit_addsReplacesAndRemoves() throws Exception {
    write("a/1.jpg", "one");
    write("a/2.jpg", "two");
    write("b.txt", "text");
    DatasetVersion first = photos.newCommit().addDirectory(folder).message("first").commit();
    assertThat(paths(first)).containsExactly("a/1.jpg", "a/2.jpg", "b.txt");
    assertThat(first.fileCount()).isEqualTo(3);
    assertThat(first.size()).isEqualTo(10);
    Path other = Files.writeString(temporary.resolve("other"), "new text");
    DatasetVersion second =
        photos
            .newCommit()
            .removeMatching("a/*.jpg")
            .addFile("b.txt", other)
            .addDirectory(folder.resolve("a"), "2024-05")
            .tag("store", "42")
            .commit();
    assertThat(paths(second)).containsExactly("2024-05/1.jpg", "2024-05/2.jpg", "b.txt");
    assertThat(read(second, "b.txt")).isEqualTo("new text");
    assertThat(second.parents()).containsExactly(1L);
    assertThat(second.tags()).containsEntry("store", "42");
    assertThat(paths(first)).containsExactly("a/1.jpg", "a/2.jpg", "b.txt");
    DatasetVersion third = photos.newCommit().replaceWith(folder).commit();
    assertThat(third.digest()).isEqualTo(first.digest());
    DatasetVersion fourth = photos.newCommit().remove("b.txt").remove("no such").commit();
    assertThat(paths(fourth)).containsExactly("a/1.jpg", "a/2.jpg");
    assertThat(photos.versions()).containsExactly(first, second, third, fourth);
    assertThat(workspace.datasets()).containsExactly("shelf-photos");
  }

  @Test
  void commit_withoutChange_givesTheBase() {
    DatasetVersion first = commit("a", "1");
    assertThat(commit("a", "1")).isEqualTo(first);
    assertThat(commit()).isEqualTo(first);
    assertThat(photos.versions()).hasSize(1);
  }

  @Test
  void commit_emptyDataset_isAVersion() {
    DatasetVersion version = commit();
    assertThat(version.fileCount()).isZero();
    assertThat(paths(version)).isEmpty();
    Checkout checkout = version.checkout(temporary.resolve("empty"));
    assertThat(checkout.directory()).isEmptyDirectory();
  }

  @Test
  void commit_laterAddition_wins() throws Exception {
    write("a", "folder");
    Path file = Files.writeString(temporary.resolve("file"), "file");
    assertThat(read(photos.newCommit().addDirectory(folder).addFile("a", file).commit(), "a"))
        .isEqualTo("file");
    assertThat(read(photos.newCommit().addFile("a", file).addDirectory(folder).commit(), "a"))
        .isEqualTo("folder");
  }

  @Test
  void commit_unchangedFiles_areNotReadAgain() throws Exception {
    for (int i = 0; i < 50; i++) {
      write("f" + i, "content " + i);
    }
    photos.newCommit().addDirectory(folder).commit();
    write("f7", "changed");
    int before = store.writes();
    DatasetVersion second = photos.newCommit().addDirectory(folder).commit();
    // lease, the changed file, chunk, root, sync, version, end of the lease
    assertThat(store.writes() - before).isEqualTo(7);
    assertThat(read(second, "f7")).isEqualTo("changed");
    assertThat(read(second, "f8")).isEqualTo("content 8");
  }

  @Test
  void commit_sameLengthAndTimeInAnotherFile_isSeen() throws Exception {
    write("a", "1234");
    photos.newCommit().addDirectory(folder).commit();
    Path other = Files.writeString(temporary.resolve("other"), "abcd");
    Files.setLastModifiedTime(other, Files.getLastModifiedTime(folder.resolve("a")));
    Files.move(other, folder.resolve("a"), StandardCopyOption.REPLACE_EXISTING);
    assertThat(read(photos.newCommit().addDirectory(folder).commit(), "a")).isEqualTo("abcd");
  }

  @Test
  void commit_youngFiles_areNotTrustedByTheCache() throws Exception {
    try (Workspace young =
        Workspace.builder()
            .store(store)
            .home(temporary.resolve("young"))
            .clock(SettableClock.at(Instant.EPOCH))
            .open()) {
      write("a", "1");
      young.dataset("d").newCommit().addDirectory(folder).commit();
      int before = store.writes();
      young.dataset("d").newCommit().addDirectory(folder).commit();
      // lease, the file, chunk, root, sync, end of the lease
      assertThat(store.writes() - before).isEqualTo(6);
    }
  }

  @Test
  void links_withinTheFolderAreFilesAndOthersAreRefused() throws Exception {
    write("real/a", "content");
    Files.createSymbolicLink(folder.resolve("link"), Path.of("real/a"));
    DatasetVersion version = photos.newCommit().addDirectory(folder).commit();
    assertThat(read(version, "link")).isEqualTo("content");
    Path outside = Files.writeString(temporary.resolve("secret"), "secret");
    for (Path target : List.of(outside, Path.of("nothing"), Path.of("real"))) {
      Path link = Files.createSymbolicLink(folder.resolve("bad"), target);
      assertThatThrownBy(() -> photos.newCommit().addDirectory(folder).commit())
          .isInstanceOf(StorageException.class)
          .hasMessageContaining("Cannot add " + link.toRealPath(LinkOption.NOFOLLOW_LINKS))
          .hasMessageContaining("a symbolic link");
      Files.delete(link);
    }
    assertThat(photos.versions()).hasSize(1);
  }

  @Test
  void names_ofEveryKind_comeBackAsTheyWere() throws Exception {
    List<String> names =
        List.of(
            "\u00e9",
            "e\u0301",
            "Case",
            "case",
            "x".repeat(255),
            "я".repeat(127),
            " a b ",
            "a'\"b");
    for (String name : names) {
      write(name, name);
    }
    DatasetVersion version = photos.newCommit().addDirectory(folder).commit();
    assertThat(paths(version)).containsExactlyInAnyOrderElementsOf(names);
    Path copy = version.checkout(temporary.resolve("copy")).directory();
    try (Stream<Path> files = Files.list(copy)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(names);
    }
  }

  @Test
  void paths_thatClimbOut_areRefusedWhereverTheyComeFrom() throws Exception {
    for (String path :
        List.of("../x", "/x", "a/../../x", "a//b", ".", "C:x", "a\\b", "a\nb", "x".repeat(256))) {
      try (DatasetCommit commit = photos.newCommit()) {
        assertThatThrownBy(() -> commit.addFile(path, file("x")))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("Cannot use path");
      }
      Digest content = Digest.of("x".getBytes(UTF_8));
      try (BlobBatch batch = memory.batch()) {
        batch.add(BlobContent.of("x".getBytes(UTF_8)));
        byte[] chunk = (content.hex() + " 1 " + path + "\n").getBytes(UTF_8);
        String root =
            "shelfmark-manifest 1\n" + batch.add(BlobContent.of(chunk)).digest().hex() + " 1 1 a\n";
        DatasetVersion hostile =
            versionOf(batch.add(BlobContent.of(root.getBytes(UTF_8))).digest(), 1);
        assertThatThrownBy(() -> hostile.checkout(temporary.resolve("deep/target")))
            .isInstanceOf(StorageException.class)
            .hasMessageContaining("Cannot read manifest");
      }
    }
    assertThat(temporary.resolve("x")).doesNotExist();
    assertThat(temporary.resolve("deep")).isEmptyDirectory();
  }

  @Test
  void commit_atTheSameTime_losesNothing() throws Exception {
    int committers = 8;
    int rounds = 5;
    CyclicBarrier barrier = new CyclicBarrier(committers);
    ExecutorService executor = Executors.newFixedThreadPool(committers);
    try {
      List<Future<?>> futures = new ArrayList<>();
      for (int committer = 0; committer < committers; committer++) {
        String name = "c" + committer;
        futures.add(
            executor.submit(
                () -> {
                  try (Workspace own =
                      Workspace.builder()
                          .store(memory.another())
                          .home(temporary.resolve("home-" + name))
                          .threads(2)
                          .open()) {
                    barrier.await(30, TimeUnit.SECONDS);
                    for (int round = 0; round < rounds; round++) {
                      commitUntilItSucceeds(own.dataset("shelf-photos"), name + "/" + round);
                    }
                  }
                  return null;
                }));
      }
      for (Future<?> future : futures) {
        future.get(100, TimeUnit.SECONDS);
      }
    } finally {
      executor.shutdownNow();
    }
    List<DatasetVersion> versions = photos.versions();
    assertThat(versions).hasSize(committers * rounds);
    assertThat(versions.get(versions.size() - 1).number()).isEqualTo(committers * rounds);
    assertThat(photos.latest().map(DatasetVersion::fileCount))
        .isEqualTo(Optional.of((long) committers * rounds));
  }

  private static void commitUntilItSucceeds(Dataset dataset, String path) {
    while (true) {
      try (DatasetCommit commit = dataset.newCommit()) {
        commit.addStream(path, new ByteArrayInputStream(path.getBytes(UTF_8))).commit();
        return;
      } catch (CommitConflictException e) {
        // another committer was faster: on its version
      }
    }
  }

  @Test
  void version_condemnedAndCommittedOn_survives() throws Exception {
    try (Workspace eager =
        Workspace.builder()
            .store(store)
            .home(temporary.resolve("home"))
            .retention(RetentionRule.keepLast(1))
            .gracePeriod(Duration.ofHours(1))
            .clock(clock)
            .open()) {
      DatasetVersion first = commit("a", "old");
      commit("a", "new");
      eager.collectGarbage();
      DatasetVersion fork =
          eager.dataset("shelf-photos").newCommit(first).addFile("b", file("b")).commit();
      clock.advance(Duration.ofHours(1));
      eager.collectGarbage();
      assertThat(read(fork, "a")).isEqualTo("old");
    }
  }
}
