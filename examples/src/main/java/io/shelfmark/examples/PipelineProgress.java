package io.shelfmark.examples;

import io.shelfmark.pipeline.RunEvent;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * Prints a line for each step as it ends, and if asked as it begins. Called by one thread of the
 * runner.
 */
final class PipelineProgress implements RunEvent.Listener {

  /** What is printed. */
  enum Lines {
    ENDS,
    BEGINNINGS_AND_ENDS
  }

  /** What the line of an attempt that begins starts with. */
  static final String BEGINS = "  begins     ";

  private final PrintStream out;
  private final Lines lines;
  private final Map<String, Instant> begun = new HashMap<>();

  PipelineProgress(PrintStream out) {
    this(out, Lines.ENDS);
  }

  PipelineProgress(PrintStream out, Lines lines) {
    this.out = out;
    this.lines = lines;
  }

  @Override
  public void happened(RunEvent event) {
    if (event instanceof RunEvent.RunStarted start) {
      out.printf("run %s of pipeline %s%n", start.run(), start.pipeline());
    } else if (event instanceof RunEvent.AttemptStarted start) {
      begun.put(start.run() + "/" + start.step(), start.at());
      if (lines == Lines.BEGINNINGS_AND_ENDS) {
        out.println(BEGINS + start.step());
      }
    } else if (event instanceof RunEvent.AttemptFailed failed && failed.nextIn().isPresent()) {
      out.printf(
          "  attempt %d of %s: %s; next in %s%n",
          failed.attempt(), failed.step(), failed.failure(), RunText.time(failed.nextIn().get()));
    } else if (event instanceof RunEvent.StepEnded end) {
      Instant from = begun.remove(end.run() + "/" + end.step());
      String time = from == null ? "" : RunText.time(Duration.between(from, end.at()));
      out.println(
          RunText.step(end.step(), end.state(), time, end.failure().orElse("")).stripTrailing());
    }
  }
}
