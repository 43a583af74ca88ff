package io.shelfmark.pipeline;

import io.shelfmark.ShelfmarkException;
import java.util.stream.Collectors;

/** A run has no result: look at its record, repair what failed, and rerun it from that step. */
public final class RunFailedException extends ShelfmarkException {

  private static final long serialVersionUID = 1L;

  @SuppressWarnings("serial") // records are not sent anywhere
  private final RunRecord record;

  /** Reports what happened. */
  public RunFailedException(RunRecord record) {
    super(message(record));
    this.record = record;
  }

  private static String message(RunRecord record) {
    String steps =
        record.steps().stream()
            .filter(step -> step.state() == StepState.FAILED)
            .limit(3)
            .map(step -> "step " + step.name() + ": " + step.failure().orElse("no reason"))
            .collect(Collectors.joining("; "));
    return "Cannot give the result of run %s of pipeline %s: found it %s, %s, expected SUCCEEDED (look at its record)"
        .formatted(
            record.id(),
            record.pipeline(),
            record.state(),
            steps.isEmpty() ? record.failure().orElse("no reason") : steps);
  }

  /** What happened, step by step. */
  public RunRecord record() {
    return record;
  }
}
