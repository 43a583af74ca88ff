package io.shelfmark.internal.archive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shelfmark.ImportOptions;
import io.shelfmark.Workspace;
import io.shelfmark.artifact.ArtifactVersion;
import io.shelfmark.artifact.ModelSignature;
import io.shelfmark.artifact.VersionRef;
import io.shelfmark.dataset.DatasetCommit;
import io.shelfmark.dataset.DatasetVersion;
import io.shelfmark.storage.BlobInfo;
import io.shelfmark.storage.BlobKey;
import io.shelfmark.storage.CorruptBlobException;
import io.shelfmark.storage.Digest;
import io.shelfmark.storage.StorageException;
import io.shelfmark.testing.InMemoryBlobStore;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Versions exported from one workspace and imported into another. */
class ArchiveTest {

  @TempDir Path temporary;
  private final InMemoryBlobStore here = new InMemoryBlobStore();
  private final InMemoryBlobStore there = new InMemoryBlobStore();
  private Workspace from;
  private Workspace to;
  private Path archive;

  @BeforeEach
  void open() {
    from = Workspace.builder().store(here).home(temporary.resolve("from")).author("Anna").open();
    to = Workspace.builder().store(there).home(temporary.resolve("to")).author("Boris").open();
    archive = temporary.resolve("photos.tar.zst");
  }

  @AfterEach
  void close() throws Exception {
    from.close();
    to.close();
    try (Stream<Path> left = Files.list(temporary)) {
      assertThat(left.filter(file -> file.toString().endsWith(".partial"))).isEmpty();
    }
    assertThat(temporary.resolve("to/spool"))
        .satisfiesAnyOf(
            spool -> assertThat(spool).isEmptyDirectory(),
            spool -> assertThat(spool).doesNotExist());
  }

  private DatasetVersion commit(String... pathsAndContents) {
    try (DatasetCommit commit = from.dataset("photos").newCommit()) {
      for (int i = 0; i < pathsAndContents.length; i += 2) {
        commit.addStream(
            pathsAndContents[i], new ByteArrayInputStream(pathsAndContents[i + 1].getBytes(UTF_8)));
      }
      return commit.tag("store", "42").message("May").commit();
    }
  }

  @Test
  void dataset_exportedAndImported_isTheSame() throws Exception {
    DatasetVersion version = commit("a.jpg", "one", "b/c.jpg", "two", "b/d.jpg", "one");
    version.export(archive);

    VersionRef ref = to.importArchive(archive);

    DatasetVersion imported = to.dataset("photos").require(ref.number());
    assertThat(imported.digest()).isEqualTo(version.digest());
    assertThat(imported.tags()).isEqualTo(version.tags());
    assertThat(imported.provenance()).isEqualTo(version.provenance());
    assertThat(imported.verify(progress -> {})).isEmpty();
    imported.checkout(temporary.resolve("out"));
    assertThat(temporary.resolve("out/b/d.jpg")).hasContent("one");
  }

  @Test
  void artifact_exportedAndImported_keepsItsSignature() throws Exception {
    var signature =
        new ModelSignature(
            List.of(new ModelSignature.Tensor("photo", "float32", List.of(-1L, 3L, 640L, 640L))),
            List.of());
    ArtifactVersion model;
    try (var draft = from.artifacts().newVersion("detector")) {
      model =
          draft
              .addStream("model.onnx", new ByteArrayInputStream(new byte[100_000]))
              .signature(signature)
              .publish();
    }
    model.export(archive);

    to.importArchive(archive, ImportOptions.defaults().named("imported"));

    ArtifactVersion imported = to.artifacts().require("imported", 1);
    assertThat(imported.signature()).contains(signature);
    assertThat(imported.files()).isEqualTo(model.files());
  }

  @Test
  void export_equalVersions_givesEqualFiles() throws Exception {
    DatasetVersion version = commit("a", "one", "b", "two");
    version.export(archive);
    Path again = temporary.resolve("again.tar.zst");
    version.export(again);
    assertThat(again).hasSameBinaryContentAs(archive);
  }

  @Test
  void import_again_givesTheVersionOfThen() {
    commit("a", "one").export(archive);
    assertThat(to.importArchive(archive)).isEqualTo(to.importArchive(archive));
    commit("a", "two").export(archive);
    assertThat(to.importArchive(archive).number()).isEqualTo(2);
  }

  @Test
  void import_contentThatTheStoreHas_needNotBeInTheArchive() throws Exception {
    DatasetVersion version = commit("a", "one", "b", "two");
    version.export(archive);
    List<ArchiveForgery.Entry> entries = ArchiveForgery.read(archive);
    entries.remove(entries.size() - 1);
    ArchiveForgery.write(archive, entries);

    assertRefused("found no content of file b");
    to.artifacts().publish("other", "file", new ByteArrayInputStream("two".getBytes(UTF_8)));
    assertThat(to.importArchive(archive).number()).isEqualTo(1);
  }

  @Test
  void export_damagedContent_leavesTheOldFile() throws Exception {
    commit("a", "one").export(archive);
    byte[] old = Files.readAllBytes(archive);
    DatasetVersion second = commit("b", "two");
    here.flipByte(BlobKey.of(Digest.of("two".getBytes(UTF_8))), 1);
    assertThatThrownBy(() -> second.export(archive)).isInstanceOf(CorruptBlobException.class);
    assertThat(archive).hasBinaryContent(old);
  }

  @Test
  void import_archiveCutShort_isRefused() throws Exception {
    commit("a", "one", "b", "two".repeat(1000)).export(archive);
    byte[] whole = Files.readAllBytes(archive);
    for (int length : new int[] {0, 10, whole.length / 2, whole.length - 20}) {
      Files.write(archive, Arrays.copyOf(whole, length));
      assertRefused("");
    }
  }

  @Test
  void import_eachByteChanged_neverGivesOtherContent() throws Exception {
    DatasetVersion version = commit("a", "one", "b", "two");
    version.export(archive);
    byte[] whole = Files.readAllBytes(archive);
    int refused = 0;
    for (int i = 0; i < whole.length; i += 7) {
      byte[] bytes = whole.clone();
      bytes[i] ^= 0x10;
      Files.write(archive, bytes);
      try {
        VersionRef ref = to.importArchive(archive);
        assertThat(to.dataset("photos").require(ref.number()).digest()).isEqualTo(version.digest());
      } catch (StorageException | IllegalArgumentException e) {
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(whole.length / 14);
  }

  @Test
  void import_foreignEntries_areRefusedAndNothingIsWrittenOutside() throws Exception {
    commit("a", "one").export(archive);
    List<ArchiveForgery.Entry> whole = ArchiveForgery.read(archive);
    Digest stranger = Digest.of("stranger".getBytes(UTF_8));
    for (String name :
        List.of(
            "../../evil",
            "/tmp/evil",
            "blobs/sha256/00/../../evil",
            BlobKey.of(stranger).value(),
            "version.json")) {
      List<ArchiveForgery.Entry> entries = new ArrayList<>(whole);
      entries.add(new ArchiveForgery.Entry(name, "stranger".getBytes(UTF_8)));
      ArchiveForgery.write(archive, entries);
      assertRefused("found entry «" + name + "»");
    }
    assertThat(there.head(BlobKey.of(stranger))).isEmpty();
    assertThat(temporary.resolveSibling("evil")).doesNotExist();
  }

  @Test
  void import_contentUnderAnotherName_isRefused() throws Exception {
    commit("a", "one", "b", "two").export(archive);
    List<ArchiveForgery.Entry> entries = ArchiveForgery.read(archive);
    int last = entries.size() - 1;
    entries.set(last, new ArchiveForgery.Entry(entries.get(last).name(), "xxx".getBytes(UTF_8)));
    ArchiveForgery.write(archive, entries);
    assertRefused("under the name of");
  }

  @Test
  void import_entriesInAnotherOrder_isRefused() throws Exception {
    commit("a", "one", "b", "two").export(archive);
    List<ArchiveForgery.Entry> entries = ArchiveForgery.read(archive);
    Collections.reverse(entries);
    ArchiveForgery.write(archive, entries);
    assertRefused("expected version.json");
  }

  @Test
  void import_linkOrDevice_isRefused() throws Exception {
    commit("a", "one").export(archive);
    ArchiveForgery.appendLink(archive, "blobs/link", "/etc/passwd");
    assertRefused("no plain file");
  }

  @Test
  void import_largerThanTheLimit_isRefusedBeforeItIsRead() {
    commit("a", "one".repeat(1000)).export(archive);
    assertThatThrownBy(() -> to.importArchive(archive, ImportOptions.defaults().atMost(2_999)))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("found a version of 3000 bytes, expected 2999 at most");
  }

  @Test
  void import_bombs_areRefusedAfterAFewBytes() throws Exception {
    commit("a", "one").export(archive);
    List<ArchiveForgery.Entry> entries = ArchiveForgery.read(archive);
    ArchiveForgery.writeWithLongName(archive, entries, 300_000_000);
    assertRefused("found more bytes than an archive of this version has");
    ArchiveForgery.writeWithLongDocument(archive, 300_000_000);
    assertRefused("found a document of 300000000 bytes");
  }

  @Test
  void import_missingOrOtherFile_isRefused() throws Exception {
    assertRefused("NoSuchFileException");
    Files.writeString(archive, "no archive at all");
    assertRefused("Cannot import");
  }

  private void assertRefused(String message) {
    List<BlobInfo> before = versions();
    assertThatThrownBy(() -> to.importArchive(archive))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining(message);
    assertThat(versions()).isEqualTo(before);
  }

  private List<BlobInfo> versions() {
    try (Stream<BlobInfo> versions = there.list("datasets/")) {
      return versions.toList();
    }
  }
}
