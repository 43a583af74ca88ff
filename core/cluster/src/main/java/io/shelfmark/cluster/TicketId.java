package io.shelfmark.cluster;

import io.shelfmark.pipeline.RunId;

/**
 * The id of a step's ticket, {@code RUN/STEP/gN}: never used twice, so that a late owner of one
 * cannot take away another.
 *
 * @param step what is to be done
 * @param generation how many tickets the step has had, from 1
 */
record TicketId(StepKey step, int generation) {

  /**
   * Reads what {@link #toString} writes.
   *
   * @throws IllegalArgumentException when it is none
   */
  static TicketId parse(String id) {
    int run = id.indexOf('/');
    int generation = id.lastIndexOf("/g");
    if (run < 1 || generation <= run) {
      throw new IllegalArgumentException(
          "Cannot read ticket %s: expected RUN/STEP/gN".formatted(id));
    }
    return new TicketId(
        StepKey.parse(RunId.of(id.substring(0, run)), id.substring(run + 1, generation)),
        Integer.parseInt(id.substring(generation + 2)));
  }

  @Override
  public String toString() {
    return step + "/g" + generation;
  }
}
