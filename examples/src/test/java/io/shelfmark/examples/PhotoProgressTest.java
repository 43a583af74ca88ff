package io.shelfmark.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;

class PhotoProgressTest {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  @Test
  void at_elsewhereThanOnATerminal_isALineEveryTenthAndTheEndOnce() {
    PhotoProgress progress = new PhotoProgress(new PrintStream(out, true, UTF_8), false, "Read");

    for (int done = 0; done <= 25; done++) {
      progress.at(done, 25, "a.jpg");
    }
    progress.at(25, 25, "a.jpg");

    assertThat(out.toString(UTF_8).lines())
        .hasSize(10)
        .startsWith("Read 3 of 25 photos")
        .endsWith("Read 25 of 25 photos");
  }
}
