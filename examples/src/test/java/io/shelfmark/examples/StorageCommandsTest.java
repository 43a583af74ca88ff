package io.shelfmark.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Models and datasets kept, found and moved from the command line. */
class StorageCommandsTest {

  @TempDir Path folder;
  private final ByteArrayOutputStream stdout = new ByteArrayOutputStream();
  private final StringWriter stderr = new StringWriter();
  private Path photos;

  @BeforeEach
  void fill() throws Exception {
    photos = Files.createDirectories(folder.resolve("photos"));
    Files.writeString(photos.resolve("a.jpg"), "one");
    Files.writeString(photos.resolve("b.jpg"), "two");
  }

  private String run(int expected, Object command, Object... arguments) {
    stdout.reset();
    stderr.getBuffer().setLength(0);
    List<String> all = new ArrayList<>();
    for (Object argument : arguments) {
      all.add(argument.toString());
    }
    all.addAll(List.of("--workspace", folder.resolve("ws").toString(), "--author", "Anna"));
    int status =
        Main.commandLine(new CommandLine(command))
            .setErr(new PrintWriter(stderr))
            .execute(all.toArray(String[]::new));
    assertThat(status).as(stderr.toString()).isEqualTo(expected);
    return stdout.toString(StandardCharsets.UTF_8) + stderr;
  }

  private PrintStream out() {
    return new PrintStream(stdout, true, StandardCharsets.UTF_8);
  }

  private String dataset(int expected, Object... arguments) {
    return run(expected, new DatasetCommand(out()), arguments);
  }

  private String artifact(int expected, Object... arguments) {
    return run(expected, new ArtifactCommand(out()), arguments);
  }

  @Test
  void dataset_committedTwice_isComparedAndCheckedOut() throws Exception {
    assertThat(dataset(0, "commit", "photos", photos, "-m", "May"))
        .contains("dataset:photos@1  2 files  6 bytes", "May");
    Files.delete(photos.resolve("a.jpg"));
    Files.writeString(photos.resolve("c.jpg"), "two");
    Files.writeString(photos.resolve("b.jpg"), "three");
    dataset(0, "commit", "photos", photos);
    assertThat(dataset(0, "diff", "photos@1", "photos"))
        .contains("removed  a.jpg", "changed  b.jpg", "added    c.jpg");
    dataset(0, "alias", "photos@1", "train", "--reason", "good");
    assertThat(dataset(0, "list", "photos"))
        .contains("dataset:photos@2", "train -> dataset:photos@1");
    assertThat(dataset(0, "list")).isEqualToIgnoringNewLines("photos");
    Path copy = folder.resolve("copy");
    dataset(0, "checkout", "photos@train", copy, "--matching", "a*");
    assertThat(copy)
        .isDirectoryContaining("glob:**/a.jpg")
        .isDirectoryNotContaining("glob:**/b.jpg");
    assertThat(dataset(1, "checkout", "photos@gone", copy)).contains("Cannot find gone of dataset");
    assertThat(dataset(1, "commit", "a/b", photos)).contains("Cannot use name «a/b»");
  }

  @Test
  void dataset_throughDvcAndBack_isTheSame() {
    dataset(0, "commit", "photos", photos);
    Path file = folder.resolve("photos.dvc");
    dataset(0, "export-dvc", "photos", file, "--remote", folder.resolve("remote"));
    assertThat(dataset(0, "import-dvc", "again", file, "--remote", folder.resolve("remote")))
        .contains("dataset:again@1  2 files  6 bytes");
    assertThat(dataset(0, "diff", "photos", "again")).isEmpty();
  }

  @Test
  void artifact_ofThePast_isFoundByTheAliasHistory() {
    artifact(0, "publish", "detector", photos.resolve("a.jpg"));
    artifact(0, "publish", "detector", photos, "-m", "both");
    artifact(0, "alias", "detector@1", "production");
    String between = Instant.now().toString();
    artifact(0, "alias", "detector@2", "production", "--reason", "better");
    assertThat(artifact(0, "history", "detector", "production"))
        .contains("1 -> 2  by Anna  better", "none -> 1  by Anna");
    assertThat(artifact(0, "list", "detector")).contains("production -> artifact:detector@2");
    Path old = folder.resolve("old");
    assertThat(artifact(0, "download", "detector@production", old, "--as-of", between))
        .contains("artifact:detector@1 is in");
    assertThat(old.resolve("a.jpg")).hasContent("one");
    assertThat(artifact(1, "download", "detector@production", old, "--as-of", "2020-01-01"))
        .contains("Cannot find what production of detector named at 2020-01-01");
  }

  @Test
  void workspace_isVerifiedCollectedExportedAndImported() throws Exception {
    dataset(0, "commit", "photos", photos);
    assertThat(run(0, new VerifyCommand(out()))).contains("1 versions: sound");
    assertThat(run(0, new GcCommand(out()), "--dry-run")).contains("DRY_RUN: 0 keys");
    Path archive = folder.resolve("photos.tar.zst");
    run(0, new ExportCommand(out()), "dataset:photos@1", archive);
    assertThat(run(0, new ImportCommand(out()), archive)).contains("dataset:photos@2");
    Path blob;
    try (var files = Files.walk(folder.resolve("ws/store/blobs"))) {
      blob = files.filter(Files::isRegularFile).findFirst().orElseThrow();
    }
    assertThat(blob.toFile().setWritable(true)).isTrue();
    Files.writeString(blob, "damaged");
    assertThat(run(1, new VerifyCommand(out()))).contains("Cannot read blob", "faults");
  }
}
