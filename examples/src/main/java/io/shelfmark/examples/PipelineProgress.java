package io.shelfmark.examples;

import io.shelfmark.pipeline.RunEvent;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** Prints a line for each step as it ends. Called by one thread of the runner. */
final class PipelineProgress implements RunEvent.Listener {

  private final PrintStream out;
  private final Map<String, Instant> begun = new HashMap<>();

  PipelineProgress(PrintStream out) {
    this.out = out;
  }

  @Override
  public void happened(RunEvent event) {
    if (event instanceof RunEvent.RunStarted start) {
      out.printf("run %s of pipeline %s%n", start.run(), start.pipeline());
    } else if (event instanceof RunEvent.AttemptStarted start) {
      begun.put(start.run() + "/" + start.step(), start.at());
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
