package io.shelfmark.inference.rollout;

import io.shelfmark.inference.PriceTagRecognizer;
import io.shelfmark.inference.rollout.Traffic.Trial;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The changes of a rolling recognizer: swaps, and trials of candidates. They wait for each other; a
 * version is opened and warmed up before the traffic moves, so that one that fails changes nothing.
 * Thread-safe.
 */
final class Rollout {

  private final RollingBuilder options;
  private final Versions versions;
  private final LiveTraffic traffic;
  private final @Nullable RolloutMeters meters;

  /** Serializes changes of the traffic; no photo takes it. */
  private final ReentrantLock changes = new ReentrantLock();

  Rollout(RollingBuilder options, Versions versions, LiveTraffic traffic) {
    this.options = options;
    this.versions = versions;
    this.traffic = traffic;
    this.meters =
        options.meters == null ? null : new RolloutMeters(options.meters, versions, traffic.now());
  }

  void swap(String version, Supplier<? extends PriceTagRecognizer> models) {
    change(
        now -> {
          Trial trial = now.trial();
          if (trial != null) {
            requireOther(version, trial.lane().version());
          }
          return replaced(trial, opened(version, models));
        });
  }

  /**
   * Brings a version in place of the one in use if it is not that already: promotes the candidate
   * when it is the one.
   */
  void follow(String version, Supplier<? extends PriceTagRecognizer> models) {
    change(
        now -> {
          if (now.current().version().name().equals(version)) {
            return now;
          }
          Trial trial = now.trial();
          return trial != null && trial.lane().version().name().equals(version)
              ? only(trial.lane().version())
              : replaced(trial, opened(version, models));
        });
  }

  /** A candidate stays, and is compared with the new version from then on. */
  private Traffic replaced(@Nullable Trial kept, ModelVersion current) {
    if (kept == null) {
      return only(current);
    }
    ModelVersion candidate = kept.lane().version();
    Shadow shadow = shadow(candidate);
    shadow.share(kept.shadow().share());
    return new Traffic(Lane.of(current), new Trial(Lane.of(candidate), kept.canary(), shadow));
  }

  private static Traffic only(ModelVersion version) {
    return new Traffic(Lane.of(version), null);
  }

  void tryOut(String version, Supplier<? extends PriceTagRecognizer> models) {
    change(
        now -> {
          if (now.trial() != null) {
            throw new IllegalStateException(
                "Cannot try out models %s: found candidate %s, expected none (promote it or roll it back)"
                    .formatted(version, now.trial().lane().version().name()));
          }
          ModelVersion current = now.current().version();
          requireOther(version, current);
          ModelVersion candidate = opened(version, models);
          return new Traffic(Lane.of(current), new Trial(Lane.of(candidate), 0, shadow(candidate)));
        });
  }

  void canary(double percent) {
    int parts = Traffic.parts("canary", percent);
    change(
        now -> {
          Trial trial = trial(now, "set the share of");
          return new Traffic(now.current(), new Trial(trial.lane(), parts, trial.shadow()));
        });
  }

  void shadow(double percent) {
    int parts = Traffic.parts("shadow", percent);
    change(
        now -> {
          trial(now, "set the share of").shadow().share(parts);
          return now;
        });
  }

  RolloutReport promote() {
    return end("promote", (now, trial) -> trial.lane().version());
  }

  RolloutReport rollBack() {
    return end("roll back", (now, trial) -> now.current().version());
  }

  private RolloutReport end(String verb, BiFunction<Traffic, Trial, ModelVersion> stays) {
    RolloutReport[] tried = new RolloutReport[1];
    change(
        now -> {
          Trial trial = trial(now, verb);
          tried[0] = report();
          return only(stays.apply(now, trial));
        });
    return tried[0];
  }

  RolloutReport report() {
    Traffic now = traffic.now();
    return new RolloutReport(
        now.current().figures(),
        Optional.ofNullable(now.trial()).map(Trial::figures),
        versions.draining());
  }

  /** Ends all; versions are closed when their last photos are read. */
  void close() {
    lock("close the recognizer");
    try {
      if (!traffic.isClosed()) {
        traffic.close();
        stop(traffic.now().trial());
        if (meters != null) {
          meters.close();
        }
      }
    } finally {
      changes.unlock();
    }
  }

  /** Makes one change: what {@code how} throws leaves all as it was. */
  private void change(Function<Traffic, Traffic> how) {
    lock("change the models");
    try {
      traffic.requireOpen();
      Traffic before = traffic.now();
      Traffic next = how.apply(before);
      traffic.move(next);
      if (!next.compares(before.trial())) {
        stop(before.trial());
      }
      if (meters != null) {
        meters.show(next);
      }
    } finally {
      changes.unlock();
    }
  }

  /** Whoever opens or warms up a version in a change would change what that change began with. */
  private void lock(String verb) {
    if (changes.isHeldByCurrentThread()) {
      throw new IllegalStateException(
          "Cannot %s: found this thread in the middle of a change, expected models that open and read a photo without one"
              .formatted(verb));
    }
    changes.lock();
  }

  private static void stop(@Nullable Trial trial) {
    if (trial != null) {
      trial.shadow().stop();
    }
  }

  private ModelVersion opened(String version, Supplier<? extends PriceTagRecognizer> models) {
    String stays = ", " + traffic.now().current().version().name() + " stays in use";
    return versions.open(version, models, stays);
  }

  private Shadow shadow(ModelVersion candidate) {
    return new Shadow(candidate, options);
  }

  private static Trial trial(Traffic now, String verb) {
    Trial trial = now.trial();
    if (trial == null) {
      throw new IllegalStateException(
          "Cannot %s the candidate: found none, expected one (try one out first)".formatted(verb));
    }
    return trial;
  }

  private static void requireOther(String version, ModelVersion taken) {
    if (version.equals(taken.name())) {
      throw new IllegalArgumentException(
          "Cannot use models %s: found the other version called so, expected a name of its own"
              .formatted(version));
    }
  }
}
