package io.shelfmark.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;

/** Logs what a process prints, line by line; lines of more than 8,192 characters in pieces. */
final class ProcessOutput {

  private static final int LONGEST = 8_192;

  private final InputStream stream;
  private final StepContext context;
  private final int held;
  private final StringBuilder line = new StringBuilder();

  ProcessOutput(InputStream stream, StepContext context) {
    this.stream = stream;
    this.context = context;
    // a secret that a piece would cut in two is not masked: pieces leave that much behind
    this.held =
        context instanceof AttemptContext attempt
            ? Math.max(0, attempt.stepLog().longestSecret() - 1)
            : 0;
  }

  Thread start() {
    Thread thread = new Thread(this::read, "shelfmark-step-output");
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private void read() {
    char[] buffer = new char[LONGEST];
    try (Reader reader = new InputStreamReader(stream, UTF_8)) {
      for (int count = reader.read(buffer); count >= 0; count = reader.read(buffer)) {
        int from = 0;
        for (int i = 0; i < count; i++) {
          if (buffer[i] == '\n') {
            add(buffer, from, i);
            flush();
            from = i + 1;
          }
        }
        add(buffer, from, count);
      }
      if (!line.isEmpty()) {
        flush();
      }
    } catch (IOException e) {
      context.log("the program's output ended with " + e);
    }
  }

  private void add(char[] buffer, int from, int to) {
    line.append(buffer, from, to - from);
    if (line.length() >= LONGEST + 2 * held) {
      String masked =
          context instanceof AttemptContext attempt
              ? attempt.stepLog().mask(line.toString())
              : line.toString();
      int cut = Math.max(0, masked.length() - held);
      context.log(masked.substring(0, cut));
      line.setLength(0);
      line.append(masked, cut, masked.length());
    }
  }

  private void flush() {
    context.log(line.toString());
    line.setLength(0);
  }
}
