package io.shelfmark.examples;

import io.shelfmark.Progress.Listener;
import java.io.PrintStream;
import java.time.Duration;

/** How many files are done, on stderr, twice a second at most and only on a terminal. */
final class FileProgress implements Listener {

  private static final Duration PAUSE = Duration.ofMillis(500);

  private final PrintStream out;
  private final boolean terminal;
  private final String verb;
  private long last = System.nanoTime();

  private FileProgress(PrintStream out, boolean terminal, String verb) {
    this.out = out;
    this.terminal = terminal;
    this.verb = verb;
  }

  @SuppressWarnings(
      "SystemConsoleNull") // from JDK 22 on a redirected run shows the live line too: harmless
  static FileProgress onStderr(String verb) {
    return new FileProgress(System.err, System.console() != null, verb);
  }

  @Override
  public void progressed(io.shelfmark.Progress progress) {
    if (terminal && System.nanoTime() - last > PAUSE.toNanos()) {
      last = System.nanoTime();
      out.printf("\r%s %,d files, %,d MB", verb, progress.files(), progress.bytes() / 1_000_000);
      out.flush();
    }
  }
}
