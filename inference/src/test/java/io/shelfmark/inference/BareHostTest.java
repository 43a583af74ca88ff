package io.shelfmark.inference;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is optional may be absent: nothing of it is loaded before it is asked for. */
class BareHostTest {

  @Test
  void open_withoutMicrometerAndFlightRecorder_reads(@TempDir Path folder)
      throws IOException, InterruptedException {
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    Path out = folder.resolve("out.txt");
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "--limit-modules",
                "java.se,jdk.unsupported",
                "-cp",
                Arrays.stream(classPath.split(File.pathSeparator))
                    .filter(entry -> !entry.contains("micrometer"))
                    .collect(Collectors.joining(File.pathSeparator)),
                BareStart.class.getName())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();
    try {
      assertThat(child.waitFor(2, TimeUnit.MINUTES)).isTrue();
      assertThat(out).content().contains("refused, true, Micrometer false, recorder false");
    } finally {
      child.destroyForcibly();
    }
  }
}
