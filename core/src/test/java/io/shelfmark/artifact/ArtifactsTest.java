package io.shelfmark.artifact;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import io.shelfmark.Workspace;
import io.shelfmark.storage.BlobInfo;
import io.shelfmark.storage.BlobKey;
import io.shelfmark.storage.CorruptBlobException;
import io.shelfmark.storage.StorageException;
import io.shelfmark.testing.InMemoryBlobStore;
import io.shelfmark.testing.SettableClock;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ArtifactsTest {

  private final SettableClock clock = SettableClock.create();
  private final InMemoryBlobStore store = new InMemoryBlobStore(clock);
  @TempDir Path temporary;
  private Workspace workspace;
  private Artifacts artifacts;

  @BeforeEach
  void open() {
    workspace =
        Workspace.builder()
            .store(store)
            .home(temporary.resolve("home"))
            .author("anna")
            .clock(clock)
            .open();
    artifacts = workspace.artifacts();
  }

  @AfterEach
  void close() {
    workspace.close();
  }

  @Test
  void publish_file_isNumberedAndReadable() throws Exception {
    Path file = Files.writeString(temporary.resolve("detector.onnx"), "weights");
    ArtifactVersion first = artifacts.publish("tag-detector", file);
    ArtifactVersion second = publish("tag-detector", "other weights");
    assertThat(first.number()).isEqualTo(1);
    assertThat(second.number()).isEqualTo(2);
    assertThat(read(artifacts.require("tag-detector", "1"), "detector.onnx")).isEqualTo("weights");
    assertThat(first.files()).extracting(FileEntry::path).containsExactly("detector.onnx");
    assertThat(first.size()).isEqualTo(7);
    assertThat(artifacts.latest("tag-detector")).contains(second);
    assertThat(artifacts.versions("tag-detector")).containsExactly(first, second);
    assertThat(artifacts.names()).containsExactly("tag-detector");
  }

  @Test
  void publish_folder_keepsPathsInOrder() throws Exception {
    Path folder = temporary.resolve("model");
    for (String path : List.of("b/x", "a-b", "a/z", "a0", "я", "😀", "\ufb01")) {
      Files.createDirectories(folder.resolve(path).getParent());
      Files.writeString(folder.resolve(path), path);
    }
    ArtifactVersion version = artifacts.publish("model", folder);
    assertThat(version.files())
        .extracting(FileEntry::path)
        .containsExactly("a-b", "a/z", "a0", "b/x", "я", "\ufb01", "😀");
    Path copy = temporary.resolve("copy");
    version.download(copy);
    assertThat(copy.resolve("a/z")).hasContent("a/z");
    assertThat(copy.resolve("😀")).hasContent("😀");
  }

  @Test
  void publish_stream_isSpooledAndSpoolRemoved() throws Exception {
    ArtifactVersion version =
        artifacts.publish("report", "r.html", new ByteArrayInputStream("<p>".getBytes(UTF_8)));
    assertThat(read(version, "r.html")).isEqualTo("<p>");
    assertThat(temporary.resolve("home/spool")).isEmptyDirectory();
  }

  @Test
  void publish_sameFiles_haveOneDigestAndOneBlob() throws Exception {
    ArtifactVersion first = publish("a", "same");
    ArtifactVersion second = publish("b", "same");
    assertThat(first.digest()).isEqualTo(second.digest());
    // the content, its chunk of the manifest and the manifest's root
    assertThat(blobs()).hasSize(3);
  }

  @Test
  void newVersion_keepsAllThatWasSaid() throws Exception {
    ArtifactVersion data = publish("data", "pixels");
    ModelSignature signature =
        new ModelSignature(
            List.of(new ModelSignature.Tensor("images", "float32", List.of(-1L, 3L, 640L, 640L))),
            List.of(new ModelSignature.Tensor("boxes", "float32", List.of(-1L, 6L))));
    try (NewArtifactVersion version = artifacts.newVersion("tag-detector")) {
      version
          .addStream("m.onnx", new ByteArrayInputStream(new byte[10]))
          .metadata("mAP50", "0.97")
          .input(data.ref())
          .signature(signature)
          .producer("run:42")
          .codeVersion("abc123")
          .message("larger")
          .publish();
    }
    ArtifactVersion found = artifacts.require("tag-detector", 1);
    assertThat(found.metadata()).containsEntry("mAP50", "0.97");
    assertThat(found.inputs()).containsExactly(VersionRef.artifact("data", 1));
    assertThat(found.signature()).contains(signature);
    assertThat(found.provenance())
        .isEqualTo(
            new Provenance(
                clock.instant(), "anna", "larger", Optional.of("run:42"), Optional.of("abc123")));
  }

  @Test
  void newVersion_missingInput_isRefusedAndClaimsNothing() {
    try (NewArtifactVersion version = artifacts.newVersion("model")) {
      version
          .addStream("m", new ByteArrayInputStream(new byte[1]))
          .input(VersionRef.dataset("photos", 7));
      assertThatThrownBy(version::publish)
          .isInstanceOf(VersionNotFoundException.class)
          .hasMessageContaining("Cannot find dataset:photos@7");
    }
    assertThat(artifacts.versions("model")).isEmpty();
  }

  @Test
  void publish_nothing_isRefused() {
    try (NewArtifactVersion version = artifacts.newVersion("model")) {
      assertThatThrownBy(version::publish)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("has no files");
    }
  }

  @Test
  void publish_afterAFailure_canBeRepeated() throws Exception {
    Path file = Files.writeString(temporary.resolve("growing"), "a");
    Path second = Files.writeString(temporary.resolve("second"), "b");
    try (NewArtifactVersion version = artifacts.newVersion("model")) {
      version.addFile("1", file).addFile("2", second);
      version.progress(
          progress -> {
            throw new IllegalStateException("stop");
          });
      assertThatThrownBy(version::publish).hasMessage("stop");
      version.progress(progress -> {});
      Files.delete(second);
      assertThatThrownBy(version::publish)
          .isInstanceOf(StorageException.class)
          .hasMessageContaining("Cannot add " + second);
      Files.writeString(second, "b");
      assertThat(version.publish().number()).isEqualTo(1);
    }
  }

  @Test
  void alias_movesAndKeepsItsHistory() throws Exception {
    ArtifactVersion first = publish("model", "1");
    ArtifactVersion second = publish("model", "2");
    artifacts.newAlias("model", "production", first, "first release");
    clock.advance(Duration.ofDays(1));
    artifacts.moveAlias("model", "production", first, second, "better");
    artifacts.alias("model", "production", first, "worse after all");
    assertThat(artifacts.require("model", "production")).isEqualTo(first);
    assertThat(artifacts.history("model", "production"))
        .extracting(AliasMove::from, AliasMove::to, AliasMove::reason, AliasMove::author)
        .containsExactly(
            tuple(Optional.of(2L), Optional.of(1L), "worse after all", "anna"),
            tuple(Optional.of(1L), Optional.of(2L), "better", "anna"),
            tuple(Optional.empty(), Optional.of(1L), "first release", "anna"));
    assertThat(artifacts.aliases("model")).containsExactly("production");
  }

  @Test
  void removeAlias_namesNothingAndKeepsItsHistory() throws Exception {
    ArtifactVersion first = publish("model", "1");
    artifacts.alias("model", "production", first, "release");
    Instant released = clock.instant();
    clock.advance(Duration.ofDays(1));
    artifacts.removeAlias("model", "production", "recalled");
    artifacts.removeAlias("model", "production", "once more");
    artifacts.removeAlias("model", "unknown", "");
    assertThat(artifacts.aliases("model")).isEmpty();
    assertThat(artifacts.find("model", "production")).isEmpty();
    assertThat(artifacts.asOf("model", "production", released)).contains(first);
    assertThat(artifacts.asOf("model", "production", clock.instant())).isEmpty();
    assertThat(workspace.verify().isSound()).isTrue();
    artifacts.newAlias("model", "production", first, "mended");
    assertThat(artifacts.aliases("model")).containsExactly("production");
    assertThat(artifacts.history("model", "production"))
        .extracting(AliasMove::from, AliasMove::to, AliasMove::reason)
        .containsExactly(
            tuple(Optional.empty(), Optional.of(1L), "mended"),
            tuple(Optional.of(1L), Optional.empty(), "recalled"),
            tuple(Optional.empty(), Optional.of(1L), "release"));
    assertThat(artifacts.history("model", "unknown")).isEmpty();
  }

  @Test
  void moveAlias_fromElsewhere_conflictsAndNamesIt() throws Exception {
    ArtifactVersion first = publish("model", "1");
    ArtifactVersion second = publish("model", "2");
    artifacts.alias("model", "production", second);
    assertThatThrownBy(() -> artifacts.moveAlias("model", "production", first, second, ""))
        .isInstanceOf(AliasConflictException.class)
        .hasMessageContaining("found it at version 2, expected version 1");
    assertThatThrownBy(() -> artifacts.newAlias("model", "production", first, ""))
        .isInstanceOf(AliasConflictException.class)
        .hasMessageContaining("expected no version");
    assertThat(artifacts.history("model", "production")).hasSize(1);
  }

  @Test
  void find_unknown_isEmptyAndRequireNamesWhatThereIs() throws Exception {
    publish("model", "1");
    assertThat(artifacts.find("model", "9")).isEmpty();
    assertThat(artifacts.find("model", "0")).isEmpty();
    assertThat(artifacts.find("model", "production")).isEmpty();
    assertThat(artifacts.find("nothing", "1")).isEmpty();
    assertThatThrownBy(() -> artifacts.require("model", "production"))
        .isInstanceOf(VersionNotFoundException.class)
        .hasMessageContaining("Cannot find production of artifact model");
    assertThatThrownBy(() -> artifacts.require("model", 2))
        .isInstanceOf(VersionNotFoundException.class)
        .hasMessageContaining("Cannot find artifact:model@2: found versions up to 1");
  }

  @Test
  void names_ofAnyLetters_comeBack() throws Exception {
    for (String name : List.of("Ценники", "UPPER case", "a@b:c=d%", ".dot", "..")) {
      ArtifactVersion version = publish(name, "x");
      assertThat(artifacts.require(name, 1)).isEqualTo(version);
      assertThat(VersionRef.parse(version.toString())).isEqualTo(version.ref());
    }
    assertThat(artifacts.names())
        .containsExactlyInAnyOrder("Ценники", "UPPER case", "a@b:c=d%", ".dot", "..");
  }

  @Test
  void names_thatCouldBeMistaken_areRefused() {
    for (String name : List.of("", " ", "a/b", "a\nb", "e\u0301", "\ud800", "x".repeat(241))) {
      assertThatThrownBy(() -> artifacts.versions(name))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("Cannot use name");
    }
  }

  @Test
  void read_flippedByte_isAnErrorThatNamesTheBlob() throws Exception {
    ArtifactVersion version = publish("model", "weights");
    FileEntry entry = version.files().get(0);
    store.flipByte(BlobKey.of(entry.digest()), 3);
    assertThatThrownBy(() -> version.open("file"))
        .isInstanceOf(CorruptBlobException.class)
        .hasMessageContaining(entry.digest().toString());
    Path folder = temporary.resolve("copy");
    assertThatThrownBy(() -> version.download(folder))
        .isInstanceOf(CorruptBlobException.class)
        .hasMessageContaining(entry.digest().toString());
    assertThat(folder).doesNotExist();
    try (Stream<Path> left = Files.list(temporary)) {
      assertThat(left.map(path -> path.getFileName().toString())).containsExactly("home");
    }
  }

  @Test
  void read_flippedByteOfLongContent_neverGivesAll() throws Exception {
    byte[] content = new byte[300_000];
    ArtifactVersion version = artifacts.publish("model", "file", new ByteArrayInputStream(content));
    store.flipByte(BlobKey.of(version.files().get(0).digest()), 0);
    try (InputStream stream = version.open("file")) {
      long[] given = {0};
      assertThatThrownBy(
              () -> {
                while (stream.read() >= 0) {
                  given[0]++;
                }
              })
          .isInstanceOf(CorruptBlobException.class)
          .hasMessageContaining("Cannot read blob sha256:");
      assertThat(given[0]).isLessThan(content.length);
    }
  }

  @Test
  void read_flippedByteOfTheManifest_isAnError() throws Exception {
    ArtifactVersion version = publish("model", "weights");
    store.flipByte(BlobKey.of(version.digest()), 30);
    assertThatThrownBy(version::files)
        .isInstanceOf(CorruptBlobException.class)
        .hasMessageContaining(version.digest().toString());
  }

  @Test
  void open_unknownFile_isRefused() throws Exception {
    ArtifactVersion version = publish("model", "weights");
    for (String path : List.of("a", "z", "file/x")) {
      assertThatThrownBy(() -> version.open(path))
          .isInstanceOf(VersionNotFoundException.class)
          .hasMessageContaining("Cannot read file " + path + " of artifact:model@1");
    }
  }

  @Test
  void download_toFolderWithContent_isRefused() throws Exception {
    ArtifactVersion version = publish("model", "weights");
    Path folder = Files.createDirectories(temporary.resolve("full"));
    version.download(folder);
    assertThat(folder.resolve("file")).hasContent("weights");
    assertThatThrownBy(() -> version.download(folder))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Cannot write files to " + folder);
  }

  private ArtifactVersion publish(String name, String content) {
    return artifacts.publish(name, "file", new ByteArrayInputStream(content.getBytes(UTF_8)));
  }

  private static String read(ArtifactVersion version, String path) throws Exception {
    try (InputStream stream = version.open(path)) {
      return new String(stream.readAllBytes(), UTF_8);
    }
  }

  private List<BlobInfo> blobs() {
    try (Stream<BlobInfo> blobs = store.list("blobs/")) {
      return blobs.toList();
    }
  }
}
