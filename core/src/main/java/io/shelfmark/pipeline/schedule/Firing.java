package io.shelfmark.pipeline.schedule;

import io.shelfmark.pipeline.Pipeline;
import io.shelfmark.pipeline.PipelineRunner;
import io.shelfmark.pipeline.RunId;
import io.shelfmark.pipeline.RunOptions;
import io.shelfmark.pipeline.schedule.FireLog.Stored;
import io.shelfmark.storage.BlobInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts one run for each fire of a name, together with all processes that watch for it.
 *
 * <ol>
 *   <li>Whoever sees a fire claims its record by {@code putIfAbsent}. One wins.
 *   <li>Where runs must not overlap, the winner takes the slot from the fire before, whose run has
 *       ended, by compare-and-set. While it has not, the fire is skipped or waits.
 *   <li>The winner starts the run under the fire's id, and marks the record as started.
 * </ol>
 *
 * <p>Killed in between, the record stays claimed. Everyone who watches looks at such a record again
 * until it is settled; after some time by the store's clock whoever makes it his own by
 * compare-and-set goes on in his place. A run that had been started then is found by its id. Not
 * thread-safe.
 */
final class Firing {

  private static final Logger LOG = LoggerFactory.getLogger(Firing.class);

  /**
   * What fires, and how.
   *
   * @param name of the schedule or trigger
   * @param pipeline that runs
   * @param options of each run
   * @param parameters for each parameter that an event sets, the name of the event's value
   * @param overlap what becomes of a fire while an earlier run goes on
   * @param debounce how long events gather before they start a run
   */
  record Plan(
      String name,
      Pipeline<?> pipeline,
      RunOptions options,
      Map<String, String> parameters,
      Overlap overlap,
      Duration debounce) {}

  private final Plan plan;
  private final FireLog log;
  private final PipelineRunner runner;
  private final String self;
  private final Duration takeover;
  private final Slot slot;

  private final SeenFires seen = new SeenFires();

  Firing(Plan plan, FireLog log, PipelineRunner runner, String self, Duration takeover) {
    this.plan = plan;
    this.log = log;
    this.runner = runner;
    this.self = self;
    this.takeover = takeover;
    this.slot = new Slot(plan, log, runner, seen::note);
  }

  boolean hasOpen() {
    return seen.hasOpen();
  }

  /** A fire that nobody here has seen: claims it and goes on as far as it may, or another does. */
  Fire fire(Fire fire) {
    String change = UUID.randomUUID().toString();
    Fire mine = gathers() ? fire.waiting() : fire;
    Stored<Fire> stored = log.claim(mine, change);
    seen.note(stored);
    boolean isMine = stored.value().by().equals(self);
    if (isMine && stored.value().state() == FireState.CLAIMED) {
      stored = advance(stored, fire.claimedAt());
    }
    return stored.value();
  }

  /** Puts on record that instants passed without a fire. */
  void miss(Fire last, String reason) {
    log.claim(last.without(FireState.SKIPPED, reason), UUID.randomUUID().toString());
  }

  /** Whether a run could start now. */
  boolean isFree() {
    return slot.goesOn().isEmpty();
  }

  /**
   * Looks for records that nobody here has seen, such as those of events that a process was told
   * that is gone now, and removes the oldest ones.
   *
   * @return those that were new
   */
  List<Fire> sweep(List<BlobInfo> records, int historyLimit) {
    List<Fire> found = new ArrayList<>();
    for (BlobInfo record : records) {
      if (!seen.isSettled(FireLog.id(record))) {
        Optional<Stored<Fire>> stored = log.find(record);
        stored.ifPresent(seen::note);
        stored.ifPresent(fire -> found.add(fire.value()));
      }
    }
    List<String> ids = records.stream().map(FireLog::id).toList();
    seen.retain(ids);
    Map<Boolean, List<String>> byKind =
        ids.stream().collect(Collectors.partitioningBy(FireIds::isTold));
    byKind.values().forEach(kind -> deleteOldest(kind, historyLimit));
    return found;
  }

  private void deleteOldest(List<String> ids, int historyLimit) {
    ids.stream()
        .limit(Math.max(0, ids.size() - historyLimit))
        .filter(seen::isSettled)
        .forEach(log::delete);
  }

  /** Looks at all that is not settled, and goes on with what is left to do. */
  void recheck(Instant now) {
    for (Stored<Fire> stored : seen.open()) {
      String id = stored.value().id();
      log.find(id).ifPresentOrElse(seen::note, () -> seen.gone(id));
    }
    for (Stored<Fire> stored : seen.open()) {
      if (stored.value().state() == FireState.CLAIMED) {
        takeOver(stored, now);
      }
    }
    List<Stored<Fire>> waiting = waiting();
    if (!waiting.isEmpty() && isOver(waiting.get(0), now)) {
      startWaiting(waiting, now);
    }
  }

  /** Starts one of those that wait, unless a run goes on or another fire is about to start one. */
  private void startWaiting(List<Stored<Fire>> known, Instant now) {
    Optional<RunId> goesOn = slot.goesOn();
    if (goesOn.isPresent()) {
      if (plan.overlap() == Overlap.SKIP) {
        known.forEach(stored -> change(stored, skipped(stored.value(), goesOn.get())));
      }
      return;
    }
    // those that other processes were told wait, too
    sweep(log.records(), Integer.MAX_VALUE);
    List<Stored<Fire>> waiting = waiting();
    boolean isAboutTo = !seen.open(FireState.CLAIMED).isEmpty();
    if (!waiting.isEmpty() && !isAboutTo) {
      choose(waiting, now);
    }
  }

  /** Those that wait, the first one first. */
  private List<Stored<Fire>> waiting() {
    joinParts();
    return seen.open(FireState.WAITING);
  }

  /** What waits and turned out to be part of another fire waits no more. */
  private void joinParts() {
    for (Stored<Fire> stored : seen.open()) {
      if (stored.value().state() == FireState.WAITING) {
        seen.wholeOf(stored.value())
            .ifPresent(whole -> change(stored, stored.value().joined(whole)));
      }
    }
  }

  private boolean gathers() {
    return !plan.debounce().isZero();
  }

  /** Whether no further events join those that wait with this one. */
  private boolean isOver(Stored<Fire> waiting, Instant now) {
    return !now.isBefore(waiting.value().due().plus(plan.debounce()));
  }

  private void takeOver(Stored<Fire> stored, Instant now) {
    if (stored.value().by().equals(self)) {
      advance(stored, now);
    } else if (log.age(stored).compareTo(takeover) >= 0) {
      Optional<Stored<Fire>> taken = log.replace(stored, stored.value().claimedBy(self));
      if (taken.isPresent()) {
        LOG.info(
            "Fire {} of {} was claimed by {} and not started: goes on here",
            stored.value().id(),
            plan.name(),
            stored.value().by());
        seen.note(taken.get());
        advance(taken.get(), now);
      }
    }
  }

  private void choose(List<Stored<Fire>> waiting, Instant now) {
    Stored<Fire> chosen = waiting.get(gathers() ? 0 : waiting.size() - 1);
    Fire fire = chosen.value().claimedBy(self);
    Optional<Stored<Fire>> claimed =
        log.replace(chosen, gathers() ? gathered(fire, waiting) : fire);
    if (claimed.isEmpty()) {
      return;
    }
    seen.note(claimed.get());
    if (!gathers()) {
      String why = "fire %s came later and took its place".formatted(fire.id());
      waiting
          .subList(0, waiting.size() - 1)
          .forEach(stored -> change(stored, stored.value().without(FireState.SKIPPED, why)));
    }
    advance(claimed.get(), now);
  }

  private static Fire gathered(Fire first, List<Stored<Fire>> waiting) {
    Map<String, String> values = new LinkedHashMap<>();
    List<String> events = new ArrayList<>();
    for (Stored<Fire> stored : waiting) {
      values.putAll(stored.value().values());
      events.addAll(stored.value().events());
    }
    return first.event(values, events.stream().distinct().toList());
  }

  /** Goes on with a fire that is claimed by this process. */
  private Stored<Fire> advance(Stored<Fire> claimed, Instant now) {
    Optional<RunId> goesOn = slot.take(claimed.value().id());
    if (goesOn.isPresent()) {
      return change(
          claimed,
          plan.overlap() == Overlap.SKIP
              ? skipped(claimed.value(), goesOn.get())
              : claimed.value().waiting());
    }
    return start(claimed, now);
  }

  private Fire skipped(Fire fire, RunId goesOn) {
    LOG.info("Fire {} of {} is skipped: run {} goes on", fire.id(), plan.name(), goesOn);
    return fire.without(FireState.SKIPPED, "run %s went on".formatted(goesOn));
  }

  private Stored<Fire> start(Stored<Fire> claimed, Instant now) {
    Fire fire = claimed.value();
    RunId run = FireIds.run(plan.name(), fire.id());
    try {
      runner.start(plan.pipeline(), options(fire).id(run));
    } catch (IllegalArgumentException e) {
      if (runner.find(run).isPresent()) {
        // started by a process with another graph, which was killed before it said so
        return change(claimed, fire.started(run, now));
      }
      LOG.warn("Fire {} of {} has no run", fire.id(), plan.name(), e);
      return change(claimed, fire.without(FireState.FAILED, String.valueOf(e.getMessage())));
    }
    Stored<Fire> started = change(claimed, fire.started(run, now));
    joinParts();
    return started;
  }

  private RunOptions options(Fire fire) {
    RunOptions options = plan.options();
    for (Map.Entry<String, String> parameter : plan.parameters().entrySet()) {
      String value = fire.values().get(parameter.getValue());
      if (value == null) {
        throw new IllegalArgumentException(
            "Cannot set parameter %s of %s: found an event with %s, expected a value %s"
                .formatted(
                    parameter.getKey(),
                    plan.pipeline(),
                    fire.values().keySet(),
                    parameter.getValue()));
      }
      options = options.with(parameter.getKey(), value);
    }
    return options;
  }

  /** Changes a record unless another did; what is there then counts. */
  private Stored<Fire> change(Stored<Fire> stored, Fire fire) {
    Stored<Fire> now = log.replace(stored, fire).or(() -> log.find(fire.id())).orElse(stored);
    seen.note(now);
    return now;
  }
}
