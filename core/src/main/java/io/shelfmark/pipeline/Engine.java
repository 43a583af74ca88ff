package io.shelfmark.pipeline;

import java.util.function.Consumer;

/**
 * What the runs of one local runner share. Thread-safe; the runner closes it.
 *
 * @param bench what attempts need
 * @param journal where events go
 * @param slots where attempts run
 * @param listeners who hear of events, on a thread of their own
 * @param tidying what is left of ended runs
 */
record Engine(Workbench bench, Journal journal, Slots slots, Listeners listeners, Tidying tidying) {

  /** Puts an event on record, tells of it, then goes on. */
  void happened(RunEvent event, Journal.Wait wait, Consumer<RunEvent> then) {
    journal.append(
        event,
        wait,
        () -> {
          listeners.tell(event);
          then.accept(event);
        });
  }
}
