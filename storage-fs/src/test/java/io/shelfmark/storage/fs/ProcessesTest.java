package io.shelfmark.storage.fs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.shelfmark.Progress;
import io.shelfmark.Workspace;
import io.shelfmark.artifact.ArtifactVersion;
import io.shelfmark.dataset.DatasetVersion;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Real processes on one folder, let run and killed. */
@Timeout(300)
class ProcessesTest {

  @TempDir Path temporary;

  private Process start(Path folder, String name, int count) throws Exception {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xmx64m",
            "-cp",
            System.getProperty("java.class.path"),
            CommittingProcess.class.getName(),
            folder.toString(),
            name,
            Integer.toString(count))
        .redirectError(temporary.resolve(name + ".err").toFile())
        .start();
  }

  @Test
  void eightProcesses_claimNumbersWithoutGapsAndLoseNothing() throws Exception {
    Path folder = temporary.resolve("workspace");
    int rounds = 3;
    List<Process> processes = new ArrayList<>();
    try {
      for (int i = 0; i < 8; i++) {
        processes.add(start(folder, "p" + i, rounds));
      }
      Map<String, String> told = new HashMap<>();
      for (Process process : processes) {
        told.putAll(lines(process, Integer.MAX_VALUE));
        assertThat(process.waitFor(100, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
      }
      assertThat(told).hasSize(2 * 8 * rounds);
      try (Workspace workspace = Workspace.open(folder)) {
        requireToldIsThere(workspace, told);
        assertThat(workspace.artifacts().versions("model"))
            .extracting(ArtifactVersion::number)
            .containsExactlyElementsOf(LongStream.rangeClosed(1, 8 * rounds).boxed().toList());
        assertThat(workspace.dataset("photos").latest().map(DatasetVersion::fileCount))
            .contains(8L * rounds);
      }
    } finally {
      processes.forEach(Process::destroyForcibly);
    }
  }

  @Test
  void killedProcess_leavesEveryVersionItReturnedAndNoHalf() throws Exception {
    Path folder = temporary.resolve("workspace");
    Map<String, String> told = new HashMap<>();
    for (int lines : new int[] {1, 2, 5}) {
      Process process = start(folder, "killed-after-" + lines, 10_000);
      try {
        told.putAll(lines(process, lines));
      } finally {
        process.destroyForcibly();
      }
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    }
    try (Workspace workspace =
        Workspace.builder().folder(folder).gracePeriod(Duration.ZERO).open()) {
      requireToldIsThere(workspace, told);
      for (ArtifactVersion version : workspace.artifacts().versions("model")) {
        assertThat(read(version)).startsWith("killed-after-");
      }
      for (DatasetVersion version : workspace.dataset("photos").versions()) {
        assertThat(version.verify(Progress.Listener.NONE)).isEmpty();
      }
      // what the killed processes were writing went when the workspace was opened
      try (Stream<Path> scratch = Files.walk(folder.resolve("store/.scratch"))) {
        assertThat(scratch.filter(Files::isRegularFile)).hasSize(1);
      }
    }
  }

  /** A limit on the length of files fails in the middle of a write, as a full disk does. */
  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "the limit is one of Unix shells")
  void processThatCannotWriteOn_isToldAndLeavesNothing() throws Exception {
    Path folder = temporary.resolve("workspace");
    Path photos = Files.createDirectories(temporary.resolve("photos"));
    Files.write(photos.resolve("small"), new byte[1_000]);
    try (Workspace workspace = Workspace.open(folder)) {
      workspace.dataset("photos").newCommit().addDirectory(photos).commit();
    }
    Files.write(photos.resolve("long"), new byte[3_000_000]);
    Process process =
        new ProcessBuilder(
                "sh",
                "-c",
                "ulimit -f 2048; exec \"$0\" -Xmx64m -XX:-UsePerfData -cp \"$1\" \"$2\" \"$3\" \"$4\"",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                System.getProperty("java.class.path"),
                CommittingFolder.class.getName(),
                folder.toString(),
                photos.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(said).contains("StorageException: Cannot add content", "File too large");
    try (Workspace workspace = Workspace.open(folder)) {
      assertThat(workspace.dataset("photos").versions()).hasSize(1);
      assertThat(workspace.verify().isSound()).isTrue();
      try (Stream<Path> scratch = Files.walk(folder.resolve("store/.scratch"))) {
        assertThat(scratch.filter(Files::isRegularFile)).hasSize(1);
      }
      // with room again it goes on
      workspace.dataset("photos").newCommit().addDirectory(photos).commit();
      assertThat(workspace.dataset("photos").require(2).fileCount()).isEqualTo(2);
    }
  }

  /** What a process says, up to some lines, by what it is about. */
  private static Map<String, String> lines(Process process, int count) throws Exception {
    Map<String, String> told = new HashMap<>();
    BufferedReader reader =
        new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
    String line;
    for (int i = 0; i < count && (line = reader.readLine()) != null; i++) {
      String[] fields = line.split(" ", 3);
      told.put(fields[0] + " " + fields[1], fields[2]);
    }
    return told;
  }

  private static void requireToldIsThere(Workspace workspace, Map<String, String> told)
      throws Exception {
    for (Map.Entry<String, String> entry : told.entrySet()) {
      String[] version = entry.getKey().split(" ");
      if (version[0].equals("artifact")) {
        assertThat(read(workspace.artifacts().require("model", version[1])))
            .isEqualTo(entry.getValue());
      } else {
        assertThat(workspace.dataset("photos").require(version[1]).find(entry.getValue()))
            .isPresent();
      }
    }
  }

  private static String read(ArtifactVersion version) throws Exception {
    try (InputStream stream = version.open("file")) {
      return new String(stream.readAllBytes(), UTF_8);
    }
  }
}
