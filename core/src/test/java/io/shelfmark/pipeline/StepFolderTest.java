package io.shelfmark.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class StepFolderTest {

  @TempDir Path home;

  /** A process that is at a step until it is killed. */
  static final class Holding {
    private Holding() {}

    @SuppressWarnings("SystemOut") // its parent reads it
    public static void main(String[] arguments) throws IOException {
      StepFolder folder = StepFolder.in(Path.of(arguments[0]));
      Files.writeString(folder.path().resolve("log"), "a line");
      System.out.println(folder.path());
      int unused = System.in.read();
    }
  }

  private Process start() throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            Holding.class.getName(),
            home.toString())
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private List<Path> left() throws IOException {
    try (Stream<Path> entries = Files.list(home.toRealPath())) {
      return entries
          .filter(entry -> String.valueOf(entry.getFileName()).startsWith("step-"))
          .toList();
    }
  }

  @Test
  void folder_ofAnotherProcess_staysUntilThatIsKilled() throws Exception {
    Process other = start();
    try {
      Path theirs = Path.of(other.inputReader().readLine());
      try (StepFolder mine = StepFolder.in(home)) {
        assertThat(theirs.resolve("log")).exists();
        assertThat(mine.path()).isNotEqualTo(theirs).isDirectory();
        other.destroyForcibly().waitFor();
        try (StepFolder next = StepFolder.in(home)) {
          assertThat(theirs).doesNotExist();
          assertThat(mine.path()).isDirectory();
          assertThat(next.path()).isDirectory();
        }
      }
      assertThat(left()).isEmpty();
    } finally {
      other.destroyForcibly();
    }
  }

  @Test
  void folder_leftWithoutALock_isRemoved() throws Exception {
    Path old = Files.createDirectories(home.resolve("step-123/runs/a"));
    Files.writeString(old.resolve("log"), "a line");
    Files.writeString(home.resolve("step-456.lock"), "");
    StepFolder.in(home).close();
    assertThat(left()).isEmpty();
  }
}
