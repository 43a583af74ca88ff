package io.shelfmark.tracking;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shelfmark.Workspace;
import io.shelfmark.artifact.ArtifactVersion;
import io.shelfmark.dataset.DatasetCommit;
import io.shelfmark.dataset.DatasetVersion;
import io.shelfmark.tracking.store.DatasetInput;
import io.shelfmark.tracking.store.Field;
import io.shelfmark.tracking.store.FileStore;
import io.shelfmark.tracking.store.ModelVersionRecord;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a run stores besides its record: files, tables, figures, datasets, versions, models. */
@Timeout(60)
class RunOutputsTest {

  @TempDir Path folder;
  private Workspace workspace;
  private Tracker tracker;
  private Run run;

  @BeforeEach
  void begin() {
    workspace = Workspace.open(folder.resolve("workspace"));
    tracker = Tracker.in(workspace);
    run = tracker.experiment("outputs").start("outputs");
  }

  @AfterEach
  void close() {
    run.close();
    workspace.close();
  }

  private FileStore files() {
    return tracker.store().files(tracker.require(run.id()).info().artifactLocation());
  }

  private String text(String path) throws IOException {
    try (InputStream content = files().open(path)) {
      return new String(content.readAllBytes(), UTF_8);
    }
  }

  private Path file(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  @Test
  void files_ofAFolder_keepTheirPaths() throws IOException {
    file("out/a.txt", "a");
    file("out/deep/б.txt", "б");

    run.file("logs", folder.resolve("out"))
        .file("single.txt", file("x", "x"))
        .text("note.md", "# Ю");

    assertThat(text("logs/a.txt")).isEqualTo("a");
    assertThat(text("logs/deep/б.txt")).isEqualTo("б");
    assertThat(text("single.txt")).isEqualTo("x");
    assertThat(text("note.md")).isEqualTo("# Ю");
    assertThat(files().list("")).extracting(FileStore.Entry::path).contains("logs", "note.md");
  }

  @Test
  void file_thatIsNotThere_isNamed() {
    Path missing = folder.resolve("missing.txt");
    assertThatThrownBy(() -> run.file("x", missing))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining(missing.toString())
        .hasMessageContaining(run.id());
  }

  @Test
  void table_withEveryKindOfText_isCsv() throws IOException {
    run.table(
        "t.csv",
        List.of("name", "price"),
        List.of(List.of("Молоко, 3.2 %", 89.9), List.of("\"Сыр\"\nтвёрдый", 1)));

    assertThat(text("t.csv"))
        .isEqualTo("name,price\r\n\"Молоко, 3.2 %\",89.9\r\n\"\"\"Сыр\"\"\nтвёрдый\",1\r\n");
    assertThatThrownBy(() -> run.table("t.csv", List.of("a", "b"), List.of(List.of(1))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a row of 1 values, expected 2");
  }

  @Test
  void figure_stored_isThePicture() throws IOException {
    BufferedImage picture = new BufferedImage(3, 2, BufferedImage.TYPE_INT_RGB);
    picture.setRGB(1, 1, 0x123456);
    run.figure("figures/one.png", picture);

    try (InputStream content = files().open("figures/one.png")) {
      BufferedImage read = ImageIO.read(content);
      assertThat(read.getWidth()).isEqualTo(3);
      assertThat(read.getRGB(1, 1) & 0xFFFFFF).isEqualTo(0x123456);
    }
  }

  @Test
  void version_published_namesRunAndDatasets() throws IOException {
    file("photos/a.jpg", "a");
    DatasetVersion photos;
    try (DatasetCommit commit = workspace.dataset("photos").newCommit()) {
      photos = commit.addDirectory(folder.resolve("photos")).commit();
    }
    run.dataset(photos, "training");

    ArtifactVersion published = run.publish("detector", file("detector.onnx", "weights"));

    assertThat(published.inputs()).containsExactly(photos.ref());
    assertThat(published.provenance().producer()).contains("run:" + run.id());
    assertThat(tracker.require(run.id()).datasets())
        .singleElement()
        .returns("photos", DatasetInput::name)
        .returns("dataset:photos@1", DatasetInput::source)
        .returns(Map.of("mlflow.data.context", "training"), DatasetInput::tags);
    assertThat(
            tracker
                .search(
                    tracker
                        .experiment("outputs")
                        .query()
                        .where(new Field(Field.Kind.DATASET, "name").is("photos")))
                .items())
        .hasSize(1);
  }

  @Test
  void model_registered_isAVersionOfTheArtifact() throws IOException {
    Path weights = file("detector.onnx", "weights");
    ModelVersionRecord first = run.registerModel("detector", weights);
    ModelVersionRecord second = run.registerModel("detector", weights);
    tracker.models().setAlias("detector", "production", 1);

    assertThat(List.of(first.version(), second.version())).isEqualTo(Arrays.asList(1L, 2L));
    assertThat(first.runId()).isEqualTo(Optional.of(run.id()));
    ArtifactVersion artifact = workspace.artifacts().require("detector", "production");
    assertThat(artifact.number()).isEqualTo(1);
    assertThat(artifact.provenance().producer()).contains("run:" + run.id());
    try (InputStream content = artifact.open(artifact.files().get(0).path())) {
      assertThat(new String(content.readAllBytes(), UTF_8)).isEqualTo("weights");
    }
  }
}
