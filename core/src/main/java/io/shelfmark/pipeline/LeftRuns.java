package io.shelfmark.pipeline;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The runs that an ended process left unfinished, until this one takes them on or ends them. Not
 * thread-safe: its runner guards it.
 */
final class LeftRuns {

  private final Map<RunId, Ledger> ledgers = new LinkedHashMap<>();

  /** Those that are being ended: they are on record, but can no longer be taken on. */
  private final Set<RunId> ending = new HashSet<>();

  /** Adds an event of the journal. */
  void remember(RunEvent event) {
    if (event instanceof RunEvent.RunStarted start) {
      ledgers.put(start.run(), new Ledger(start));
      return;
    }
    Ledger ledger = ledgers.get(event.run());
    if (ledger != null) {
      ledger.add(event);
    }
  }

  /** Whether an event is one of an unfinished run; ended ones are told, and gone. */
  boolean isUnfinished(RunEvent event, Consumer<RunRecord> ended) {
    Ledger ledger = ledgers.get(event.run());
    if (ledger != null && ledger.hasEnded()) {
      ended.accept(ledger.record());
      ledgers.remove(event.run());
      return false;
    }
    return ledger != null;
  }

  Optional<RunRecord> find(RunId run) {
    return Optional.ofNullable(ledgers.get(run)).map(Ledger::record);
  }

  boolean anyMatch(Predicate<RunEvent.RunStarted> wanted) {
    return ledgers.values().stream().map(Ledger::start).anyMatch(wanted);
  }

  List<RunRecord> records() {
    return ledgers.values().stream().map(Ledger::record).toList();
  }

  boolean has(RunId run) {
    return ledgers.containsKey(run);
  }

  /** Those that wait to be taken on. */
  List<Ledger> waiting() {
    List<Ledger> waiting = new ArrayList<>(ledgers.values());
    waiting.removeIf(ledger -> ending.contains(ledger.start().run()));
    return waiting;
  }

  /** The one of an id, unless it is being ended. */
  Optional<Ledger> waiting(RunId run) {
    return Optional.ofNullable(ledgers.get(run)).filter(ledger -> !ending.contains(run));
  }

  /** From now on it cannot be taken on; it is forgotten once its end is on record. */
  void ending(RunId run) {
    ending.add(run);
  }

  /** It is taken on, or its end is on record. */
  void forget(RunId run) {
    ledgers.remove(run);
    ending.remove(run);
  }
}
