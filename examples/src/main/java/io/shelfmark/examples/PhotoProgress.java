package io.shelfmark.examples;

import java.io.PrintStream;

/**
 * How far a command is, on stderr: one line that moves on a terminal, a line every tenth of the way
 * elsewhere.
 */
final class PhotoProgress {

  private static final int PARTS = 10;
  private static final int WIDTH = 72;

  private final PrintStream out;
  private final boolean terminal;
  private final String verb;
  private int lastPart;

  PhotoProgress(PrintStream out, boolean terminal, String verb) {
    this.out = out;
    this.terminal = terminal;
    this.verb = verb;
  }

  @SuppressWarnings(
      "SystemConsoleNull") // from JDK 22 on a redirected run shows the live line too: harmless
  static PhotoProgress onStderr(String verb) {
    return new PhotoProgress(System.err, System.console() != null, verb);
  }

  void at(int done, int total, String file) {
    if (terminal) {
      String line = "%s %d of %d  %s".formatted(verb, done, total, file);
      String shown = line.length() > WIDTH ? line.substring(0, WIDTH - 1) + "…" : line;
      out.print(
          "\r"
              + shown
              + " ".repeat(WIDTH - shown.length())
              + (done == total ? "\r" + " ".repeat(WIDTH) + "\r" : ""));
      out.flush();
    } else if ((int) ((long) done * PARTS / total) > lastPart) {
      lastPart = (int) ((long) done * PARTS / total);
      out.printf("%s %d of %d photos%n", verb, done, total);
    }
  }

  /** Clears the moving line, so that a row can be printed in its place. */
  void clear() {
    if (terminal) {
      out.print("\r" + " ".repeat(WIDTH) + "\r");
      out.flush();
    }
  }
}
