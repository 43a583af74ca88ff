package io.shelfmark.tracking.internal.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shelfmark.Workspace;
import io.shelfmark.artifact.ArtifactVersion;
import io.shelfmark.storage.ByteRange;
import io.shelfmark.testing.InMemoryBlobStore;
import io.shelfmark.tracking.store.FileStore;
import io.shelfmark.tracking.store.FileStore.Entry;
import io.shelfmark.tracking.store.FileStoreContract;
import io.shelfmark.tracking.store.InvalidRequestException;
import io.shelfmark.tracking.store.RecordNotFoundException;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkspaceFilesTest extends FileStoreContract {

  @TempDir Path home;
  private Workspace workspace;
  private int locations;

  @BeforeEach
  void open() {
    workspace = Workspace.builder().store(new InMemoryBlobStore()).home(home).open();
  }

  @AfterEach
  void close() {
    workspace.close();
  }

  @Override
  protected FileStore emptyFiles() {
    return WorkspaceFiles.at(
        workspace, "mlflow-artifacts:/7/run-%d/artifacts".formatted(locations++));
  }

  private static ByteArrayInputStream stream(String content) {
    return new ByteArrayInputStream(content.getBytes(UTF_8));
  }

  private static String read(InputStream content) throws Exception {
    try (content) {
      return new String(content.readAllBytes(), UTF_8);
    }
  }

  @Test
  void root_reachesWhatLiesBelowEveryLocation() throws Exception {
    emptyFiles().put("a/b.txt", stream("x"));
    FileStore root = WorkspaceFiles.at(workspace, "mlflow-artifacts:/");
    assertThat(root.list("")).containsExactly(new Entry("7", 0, true));
    assertThat(root.list("7/run-0/artifacts/a"))
        .containsExactly(new Entry("7/run-0/artifacts/a/b.txt", 1, false));
    assertThat(read(root.open("7/run-0/artifacts/a/b.txt"))).isEqualTo("x");
  }

  @Test
  void version_isReadLikeFilesAndNeverChanged() throws Exception {
    ArtifactVersion version;
    try (var draft = workspace.artifacts().newVersion("Детектор v2")) {
      version =
          draft.addStream("MLmodel", stream("m")).addStream("data/w.bin", stream("123")).publish();
    }
    String location = FileLocation.ofVersion("Детектор v2", version.number());
    FileStore files = WorkspaceFiles.at(workspace, location);
    assertThat(files.list(""))
        .containsExactly(new Entry("MLmodel", 1, false), new Entry("data", 0, true));
    assertThat(files.list("data")).containsExactly(new Entry("data/w.bin", 3, false));
    assertThat(files.find("data")).contains(new Entry("data", 0, true));
    assertThat(files.find("data/w.bin")).contains(new Entry("data/w.bin", 3, false));
    assertThat(files.find("data/w")).isEmpty();
    assertThat(read(files.open("data/w.bin"))).isEqualTo("123");
    assertThat(read(files.open("data/w.bin", new ByteRange(1, 1)))).isEqualTo("2");
    assertThatThrownBy(() -> files.open("data/x")).isInstanceOf(RecordNotFoundException.class);
    assertThatThrownBy(() -> files.put("x", stream("x")))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("never changes");
    assertThatThrownBy(() -> files.delete("MLmodel")).isInstanceOf(InvalidRequestException.class);
    FileStore root = WorkspaceFiles.at(workspace, "mlflow-artifacts:/");
    String path = location.substring("mlflow-artifacts:/".length());
    assertThat(root.list(path + "/data"))
        .containsExactly(new Entry(path + "/data/w.bin", 3, false));
    assertThat(read(root.open(path + "/MLmodel"))).isEqualTo("m");
  }

  @Test
  void registry_unknownVersions_haveNoFiles() {
    FileStore root = WorkspaceFiles.at(workspace, "mlflow-artifacts:/");
    for (String path : List.of("registry", "registry/m", "registry/m/1", "registry/=zz/1/a")) {
      assertThat(root.find(path)).isEmpty();
      assertThat(root.list(path)).isEmpty();
      assertThatThrownBy(() -> root.open(path)).isInstanceOf(RecordNotFoundException.class);
      assertThatThrownBy(() -> root.put(path, stream("x")))
          .isInstanceOf(InvalidRequestException.class);
    }
  }

  @Test
  void location_ofAnotherKind_isRefused() {
    for (String location :
        List.of("s3://bucket/a", "/tmp/a", "mlflow-artifacts://host/a", "mlflow-artifacts:/../a")) {
      assertThatThrownBy(() -> WorkspaceFiles.at(workspace, location))
          .as(location)
          .isInstanceOf(InvalidRequestException.class);
    }
  }

  @Test
  void file_whereAFolderIs_isRefused() {
    FileStore files = emptyFiles();
    files.put("a/b", stream("x"));
    assertThatThrownBy(() -> files.put("a", stream("x")))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("found a folder of that path");
  }
}
