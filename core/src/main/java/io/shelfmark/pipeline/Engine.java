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
  <E extends RunEvent> void happened(E event, Journal.Wait wait, Consumer<? super E> then) {
    journal.append(event, wait, () -> goOn(event, then));
  }

  /** The same by a caller that holds no lock: on its own thread, where that is a step's. */
  <E extends RunEvent> void happenedHere(E event, Journal.Wait wait, Consumer<? super E> then) {
    if (Slots.isStepThread()) {
      journal.appendHere(event, wait, () -> goOn(event, then));
    } else {
      happened(event, wait, then);
    }
  }

  private <E extends RunEvent> void goOn(E event, Consumer<? super E> then) {
    listeners.tell(event);
    then.accept(event);
  }
}
