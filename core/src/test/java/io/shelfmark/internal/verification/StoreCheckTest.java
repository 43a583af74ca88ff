package io.shelfmark.internal.verification;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.shelfmark.StoreReport;
import io.shelfmark.Workspace;
import io.shelfmark.artifact.ArtifactVersion;
import io.shelfmark.dataset.DatasetCommit;
import io.shelfmark.dataset.DatasetVersion;
import io.shelfmark.storage.BlobContent;
import io.shelfmark.storage.BlobKey;
import io.shelfmark.storage.Digest;
import io.shelfmark.testing.InMemoryBlobStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreCheckTest {

  private static final BlobKey VERSION = BlobKey.of("datasets/photos/versions/0000000001");

  @TempDir Path home;
  private final InMemoryBlobStore store = new InMemoryBlobStore();
  private Workspace workspace;
  private DatasetVersion photos;
  private ArtifactVersion model;

  @BeforeEach
  void fill() {
    workspace = Workspace.builder().store(store).home(home).open();
    try (DatasetCommit commit = workspace.dataset("photos").newCommit()) {
      photos = commit.addStream("a", stream("one")).addStream("b", stream("two")).commit();
    }
    try (var draft = workspace.artifacts().newVersion("model")) {
      model = draft.addStream("model.onnx", stream("weights")).input(photos.ref()).publish();
    }
    workspace.artifacts().alias("model", "production", model, "first");
    workspace.artifacts().alias("model", "production", model, "again");
  }

  @AfterEach
  void close() {
    workspace.close();
  }

  private static ByteArrayInputStream stream(String content) {
    return new ByteArrayInputStream(content.getBytes(UTF_8));
  }

  private static BlobKey content(String text) {
    return BlobKey.of(Digest.of(text.getBytes(UTF_8)));
  }

  private List<String> faults() {
    StoreReport report = workspace.verify();
    return report.faults().stream().map(fault -> fault.key() + ": " + fault.problem()).toList();
  }

  @Test
  void verify_soundStore_countsAll() {
    List<Long> told = new ArrayList<>();
    StoreReport report = workspace.verify(progress -> told.add(progress.files()));
    assertThat(report.isSound()).isTrue();
    assertThat(report.versions()).isEqualTo(2);
    // three files, two manifests of a root and a chunk, one former state of the alias
    assertThat(report.blobs()).isEqualTo(8);
    assertThat(told).hasSize(8).last().isEqualTo(8L);
  }

  @Test
  void verify_flippedByte_namesTheBlobAndWhatNeedsIt() {
    store.flipByte(content("one"), 1);
    assertThat(faults())
        .hasSize(2)
        .anySatisfy(fault -> assertThat(fault).startsWith(content("one") + ": Cannot read blob"))
        .contains(VERSION + ": found file a of dataset:photos@1 damaged");
  }

  @Test
  void verify_missingFile_namesTheVersion() {
    store.delete(content("two"));
    assertThat(faults()).containsExactly(VERSION + ": found file b of dataset:photos@1 missing");
  }

  @Test
  void verify_damagedManifest_namesTheVersion() {
    store.flipByte(BlobKey.of(photos.digest()), 3);
    assertThat(faults())
        .hasSize(2)
        .anySatisfy(fault -> assertThat(fault).startsWith(VERSION + ": Cannot read blob"));
  }

  @Test
  void verify_brokenDocumentsAndEdges_areNamed() {
    store.put(
        BlobKey.of("artifacts/model/aliases/production"),
        BlobContent.of("{\"format\":1,\"version\":7}".getBytes(UTF_8)));
    store.put(VERSION, BlobContent.of("{".getBytes(UTF_8)));
    store.put(
        BlobKey.of("datasets/photos/versions/0000000002"),
        BlobContent.of("{\"format\":9}".getBytes(UTF_8)));
    assertThat(faults())
        .anySatisfy(fault -> assertThat(fault).contains("found no artifact:model@7"))
        .anySatisfy(fault -> assertThat(fault).contains("found broken JSON"))
        .anySatisfy(fault -> assertThat(fault).contains("found format 9, expected format 1"));
  }

  @Test
  void verify_lostInput_isNamed() {
    store.delete(VERSION);
    assertThat(faults())
        .containsExactly(
            "artifacts/model/versions/0000000001: found no dataset:photos@1, which artifact:model@1 was made from");
  }

  @Test
  void verify_brokenHistory_isNamed() {
    BlobKey state =
        store
            .list("blobs/")
            .map(blob -> blob.key())
            .filter(key -> text(key).contains("\"reason\":\"first\""))
            .findFirst()
            .orElseThrow();
    store.delete(state);
    assertThat(faults())
        .singleElement()
        .asString()
        .startsWith("artifacts/model/aliases/production: Cannot read blob " + state);
  }

  private String text(BlobKey key) {
    try (var stream = store.open(key)) {
      return new String(stream.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
