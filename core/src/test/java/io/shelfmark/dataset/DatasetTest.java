package io.shelfmark.dataset;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shelfmark.Progress;
import io.shelfmark.Workspace;
import io.shelfmark.artifact.FileEntry;
import io.shelfmark.artifact.RetentionRule;
import io.shelfmark.internal.manifest.ManifestWriter;
import io.shelfmark.internal.storage.Json;
import io.shelfmark.internal.storage.VerifiedContent;
import io.shelfmark.storage.BlobBatch;
import io.shelfmark.storage.BlobContent;
import io.shelfmark.storage.BlobKey;
import io.shelfmark.storage.CorruptBlobException;
import io.shelfmark.storage.Digest;
import io.shelfmark.storage.StorageException;
import io.shelfmark.testing.FaultyBlobStore;
import io.shelfmark.testing.InMemoryBlobStore;
import io.shelfmark.testing.SettableClock;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class DatasetTest {

  /** Ahead of every file's times, so that the stat cache may trust them. */
  private final SettableClock clock = SettableClock.at(Instant.now().plus(Duration.ofDays(1)));

  private final InMemoryBlobStore memory = new InMemoryBlobStore(clock);
  private final FaultyBlobStore store = new FaultyBlobStore(memory);
  @TempDir Path temporary;
  private Workspace workspace;
  private Dataset photos;
  private Path folder;

  @BeforeEach
  void open() throws Exception {
    workspace =
        Workspace.builder().store(store).home(temporary.resolve("home")).clock(clock).open();
    photos = workspace.dataset("shelf-photos");
    folder = Files.createDirectories(temporary.resolve("photos"));
  }

  @AfterEach
  void close() {
    workspace.close();
  }

  private void write(String path, String content) throws Exception {
    Files.createDirectories(folder.resolve(path).getParent());
    Files.writeString(folder.resolve(path), content);
  }

  private DatasetVersion commit(String... pathsAndContents) {
    try (DatasetCommit commit = photos.newCommit()) {
      for (int i = 0; i < pathsAndContents.length; i += 2) {
        commit.addStream(
            pathsAndContents[i], new ByteArrayInputStream(pathsAndContents[i + 1].getBytes(UTF_8)));
      }
      return commit.commit();
    }
  }

  private static List<String> paths(DatasetVersion version) {
    try (Stream<DatasetEntry> entries = version.entries()) {
      return entries.map(DatasetEntry::path).toList();
    }
  }

  private static String read(DatasetVersion version, String path) throws Exception {
    try (var stream = version.require(path).open()) {
      return new String(stream.readAllBytes(), UTF_8);
    }
  }

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
  void manifest_changedInOnePlace_sharesItsOtherChunks() {
    int files = 30_000;
    DatasetVersion first = writeMany(files);
    assertThat(first.fileCount()).isEqualTo(files);
    int before = store.writes();
    DatasetVersion second = commit(path(files / 2), "changed");
    assertThat(store.writes() - before).isEqualTo(7 + chunks(first) - 1);
    assertThat(newBlobs(first, second)).isLessThanOrEqualTo(3);
    assertThat(first.diff(second).changed()).hasSize(1);
    assertThat(second.require(path(files / 2)).size()).isEqualTo(7);
    assertThat(second.find(path(files))).isEmpty();
    assertThat(commit(path(files / 2), "same").digest()).isEqualTo(first.digest());
  }

  private DatasetVersion writeMany(int files) {
    try (BlobBatch batch = memory.batch()) {
      Digest same = batch.add(BlobContent.of("same".getBytes(UTF_8))).digest();
      var manifest = new ManifestWriter(batch, digest -> {});
      IntStream.range(0, files).forEach(i -> manifest.add(new FileEntry(path(i), same, 4)));
      return versionOf(manifest.finish(), files);
    }
  }

  private DatasetVersion versionOf(Digest manifest, long files) {
    var json =
        Json.document()
            .put("manifest", manifest.toString())
            .put("files", files)
            .put("bytes", files * 4)
            .put("createdAt", clock.instant().toString())
            .put("author", "test");
    memory.put(
        BlobKey.of("datasets/shelf-photos/versions/0000000001"), BlobContent.of(Json.bytes(json)));
    return photos.require(1);
  }

  private static String path(int i) {
    return "2024/%03d/photo-%05d.jpg".formatted(i / 100, i);
  }

  private int chunks(DatasetVersion version) {
    byte[] root = VerifiedContent.read(memory, version.digest());
    return (int) new String(root, UTF_8).lines().count() - 1;
  }

  private long newBlobs(DatasetVersion before, DatasetVersion after) {
    List<Digest> old = new ArrayList<>();
    before.manifest().forEachContent(old::add);
    List<Digest> now = new ArrayList<>();
    after.manifest().forEachContent(now::add);
    Predicate<Digest> known = new HashSet<>(old)::contains;
    return now.stream().distinct().filter(known.negate()).count();
  }

  @Test
  void diff_tellsAddedRemovedChangedAndRenamed() {
    DatasetVersion first = commit("a", "1", "b", "2", "c", "3", "d", "4");
    DatasetVersion second;
    try (DatasetCommit commit = photos.newCommit()) {
      second =
          commit
              .remove("a")
              .remove("b")
              .addStream("z", new ByteArrayInputStream("1".getBytes(UTF_8)))
              .addStream("c", new ByteArrayInputStream("33".getBytes(UTF_8)))
              .addStream("e", new ByteArrayInputStream("5".getBytes(UTF_8)))
              .commit();
    }
    DatasetDiff diff = first.diff(second);
    assertThat(diff.added()).extracting(FileEntry::path).containsExactly("e");
    assertThat(diff.removed()).extracting(FileEntry::path).containsExactly("b");
    assertThat(diff.changed()).extracting(change -> change.after().path()).containsExactly("c");
    assertThat(diff.renamed())
        .extracting(change -> change.before().path() + " to " + change.after().path())
        .containsExactly("a to z");
    assertThat(first.diff(first).isEmpty()).isTrue();
  }

  @Test
  void commit_onAnOldHead_conflictsAndMayBeRepeated() {
    commit("a", "1");
    try (DatasetCommit slow = photos.newCommit()) {
      slow.addStream("b", new ByteArrayInputStream("2".getBytes(UTF_8)));
      commit("c", "3");
      assertThatThrownBy(slow::commit)
          .isInstanceOf(CommitConflictException.class)
          .hasMessageContaining("found a version after 1");
    }
    assertThat(paths(commit("b", "2"))).containsExactly("a", "b", "c");
  }

  @Test
  void merge_ofTwoHeads_takesEachSidesChanges() throws Exception {
    DatasetVersion base = commit("both", "0", "gone", "0", "left", "0", "right", "0");
    DatasetVersion left;
    DatasetVersion right;
    try (DatasetCommit one = photos.newCommit(base);
        DatasetCommit other = photos.newCommit(base)) {
      left = one.addFile("left", file("L")).addFile("both", file("same")).commit();
      right =
          other
              .addFile("right", file("R"))
              .addFile("both", file("same"))
              .addFile("new", file("N"))
              .remove("gone")
              .commit();
    }
    DatasetVersion merged = photos.merge(left, right, "together");
    assertThat(paths(merged)).containsExactly("both", "left", "new", "right");
    assertThat(read(merged, "left") + read(merged, "right") + read(merged, "both"))
        .isEqualTo("LRsame");
    assertThat(merged.parents()).containsExactly(2L, 3L);
  }

  @Test
  void merge_conflicts_areNamedAndNothingIsCommitted() throws Exception {
    DatasetVersion base = commit("a", "0", "b", "0", "c", "0");
    DatasetVersion left =
        photos.newCommit(base).addFile("a", file("L")).addFile("b", file("L")).commit();
    DatasetVersion right = photos.newCommit(base).addFile("a", file("R")).remove("b").commit();
    assertThatThrownBy(() -> photos.merge(left, right, ""))
        .isInstanceOfSatisfying(
            MergeConflictException.class,
            e -> {
              assertThat(e.conflicts()).extracting(MergeConflict::path).containsExactly("a", "b");
              assertThat(e.conflicts().get(1).theirs()).isEmpty();
            })
        .hasMessageContaining("found 2 files that both changed");
    assertThat(photos.versions()).hasSize(3);
  }

  private Path file(String content) throws Exception {
    return Files.writeString(temporary.resolve("file-" + content), content);
  }

  @Test
  void checkout_wholeAndParts() throws Exception {
    DatasetVersion version = commit("a/1.jpg", "1", "a/1.txt", "2", "b/2.jpg", "3");
    Checkout whole = version.checkout(temporary.resolve("whole"));
    assertThat(whole.files()).isEqualTo(3);
    assertThat(whole.directory().resolve("a/1.txt")).hasContent("2");
    List<Progress> progress = new ArrayList<>();
    Checkout jpegs =
        version.checkout(
            temporary.resolve("deep/er/jpegs"),
            CheckoutOptions.defaults().matching("**.jpg").progress(progress::add));
    assertThat(jpegs.files()).isEqualTo(2);
    assertThat(jpegs.directory().resolve("a/1.txt")).doesNotExist();
    assertThat(jpegs.directory().resolve("b/2.jpg")).hasContent("3");
    assertThat(progress).containsExactly(new Progress(1, 1), new Progress(2, 2));
  }

  @Test
  void split_keepsGroupsTogetherAndIsStable() {
    Split split =
        Split.by(path -> path.substring(0, path.indexOf('/'))).part("train", 8).part("test", 2);
    List<String> groups = IntStream.range(0, 1_000).mapToObj(i -> "store-" + i).toList();
    for (String group : groups) {
      assertThat(split.partOf(group + "/1.jpg")).isEqualTo(split.partOf(group + "/2.jpg"));
    }
    assertThat(groups.stream().filter(group -> split.partOf(group + "/").equals("train")).count())
        .isBetween(760L, 840L);
    // fixed for ever: models are compared on these parts
    assertThat(groups.stream().limit(8).map(group -> split.partOf(group + "/")))
        .containsExactly("train", "train", "train", "train", "test", "train", "train", "train");
    assertThat(groups)
        .anyMatch(
            group -> !split.seed("other").partOf(group + "/").equals(split.partOf(group + "/")));
    assertThatThrownBy(() -> split.in("validation"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Cannot select part validation");
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
  void manifest_ofAnotherFormat_isRefusedWithBothNamed() {
    try (BlobBatch batch = memory.batch()) {
      Digest root = batch.add(BlobContent.of("shelfmark-manifest 2\n".getBytes(UTF_8))).digest();
      assertThatThrownBy(versionOf(root, 0)::entries)
          .isInstanceOf(StorageException.class)
          .hasMessageContaining("found the line «shelfmark-manifest 2»")
          .hasMessageContaining("expected «shelfmark-manifest 1»");
    }
  }

  @Test
  void verify_namesDamagedAndMissingFiles_andRestoreMends() throws Exception {
    DatasetVersion version = commit("a", "good", "b", "bad", "c", "gone");
    assertThat(version.verify(Progress.Listener.NONE)).isEmpty();
    memory.flipByte(BlobKey.of(version.require("b").digest()), 1);
    memory.delete(BlobKey.of(version.require("c").digest()));
    assertThat(version.verify(Progress.Listener.NONE))
        .extracting(damage -> damage.file().path())
        .containsExactly("b", "c");
    assertThatThrownBy(() -> version.checkout(temporary.resolve("copy")))
        .isInstanceOf(StorageException.class);
    assertThat(temporary.resolve("copy")).doesNotExist();
    assertThat(workspace.restore(file("good"))).isFalse();
    assertThat(workspace.restore(file("bad"))).isTrue();
    assertThat(read(version, "b")).isEqualTo("bad");
  }

  @Test
  void entries_ofADamagedChunk_areAnError() {
    DatasetVersion version = commit("a", "1");
    List<Digest> content = new ArrayList<>();
    version.manifest().forEachContent(content::add);
    memory.flipByte(BlobKey.of(content.get(1)), 60);
    assertThatThrownBy(() -> paths(version))
        .isInstanceOf(CorruptBlobException.class)
        .hasMessageContaining(content.get(1).toString());
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
