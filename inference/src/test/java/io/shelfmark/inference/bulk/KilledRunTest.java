package io.shelfmark.inference.bulk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Real processes that are killed while they read; BulkSoak of the benchmarks does it many times.
 */
@Timeout(120)
class KilledRunTest {

  private static final int PHOTOS = 400;

  /** A process may be so far ahead of the moment at which it is to be killed. */
  private static final int AHEAD = 50;

  @TempDir Path temporary;

  @Test
  void killedProcesses_theNextGoesOn_everyPhotoIsReadOnce() throws Exception {
    Path folder = Files.createDirectory(temporary.resolve("photos"));
    for (int i = 0; i < PHOTOS; i++) {
      Files.writeString(folder.resolve(i + ".jpg"), "photo " + i);
    }
    Path results = temporary.resolve("results.jsonl");
    List<String> before = List.of();
    for (int photos : new int[] {1, 30, 90}) {
      killAfter(photos, folder, results);

      List<String> left = wholeLines(results);
      assertThat(left).hasSizeGreaterThanOrEqualTo(before.size() + photos);
      assertThat(left.subList(0, before.size())).isEqualTo(before);
      before = left;
    }
    assertThat(before).hasSizeLessThan(PHOTOS);
    ScriptedRecognizer last = new ScriptedRecognizer();

    BulkProgress done = BulkRecognition.of(last).run(folder, results);

    assertThat(done.skipped()).isEqualTo(before.size());
    assertThat(last.asked).hasSize(PHOTOS - before.size());
    assertThat(Files.readAllLines(results))
        .hasSize(PHOTOS)
        .startsWith(before.toArray(String[]::new));
    try (var outcomes = ResultLines.read(results)) {
      assertThat(outcomes.map(BulkOutcome::file))
          .containsExactlyInAnyOrderElementsOf(
              IntStream.range(0, PHOTOS).mapToObj(i -> i + ".jpg").toList());
    }
  }

  private void killAfter(int photos, Path folder, Path results) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx64m",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                BulkProcess.class.getName(),
                folder.toString(),
                results.toString(),
                Integer.toString(photos + AHEAD))
            .redirectError(temporary.resolve("errors").toFile())
            .start();
    try {
      BufferedReader lines =
          new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
      String line;
      do {
        line = lines.readLine();
      } while (Integer.parseInt(Objects.requireNonNull(line, "it ended by itself")) < photos);
    } finally {
      process.destroyForcibly();
    }
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
  }

  private static List<String> wholeLines(Path file) throws IOException {
    String text = Files.readString(file);
    return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
  }
}
