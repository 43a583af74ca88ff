package io.shelfmark.cluster;

import io.shelfmark.pipeline.Fate;
import io.shelfmark.pipeline.RunId;
import io.shelfmark.pipeline.RunSteps;
import io.shelfmark.pipeline.StepWorker;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How the runs began that this process has steps of, and what of them never changes. Thread-safe.
 */
final class ActiveRuns {

  private static final int MOST = 256;

  private final RunStore runs;
  private final StepClaims claims;
  private final Registered registered;
  private final StepWorker worker;

  // guards itself
  private final Map<RunId, Active> known =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<RunId, Active> eldest) {
          return size() > MOST;
        }
      };

  /** A run whose graph is registered here. */
  static final class Active {
    private final RunStore.Run run;
    private final Registered.Known pipeline;
    private final RunSteps steps;

    /** What was settled and is taken by every element of a fan-out. */
    private final Map<String, Fate.Ended> shared = new ConcurrentHashMap<>();

    Active(RunStore.Run run, Registered.Known pipeline, RunSteps steps) {
      this.run = run;
      this.pipeline = pipeline;
      this.steps = steps;
    }

    RunStore.Run run() {
      return run;
    }

    RunSteps steps() {
      return steps;
    }

    /** The steps that a step takes from. */
    List<String> from(String node) {
      StepWorker.Shape shape = pipeline.shapes().get(node);
      return shape == null ? List.of() : shape.from();
    }
  }

  ActiveRuns(RunStore runs, StepClaims claims, Registered registered, StepWorker worker) {
    this.runs = runs;
    this.claims = claims;
    this.registered = registered;
    this.worker = worker;
  }

  /** What is known of a run; nothing when there is none. */
  Optional<RunStore.Run> find(RunId run) throws SQLException {
    synchronized (known) {
      Active active = known.get(run);
      if (active != null) {
        return Optional.of(active.run());
      }
    }
    return runs.find(run);
  }

  /** The same as something to work on; nothing when its graph is not registered here. */
  Optional<Active> open(RunStore.Run run) {
    synchronized (known) {
      Active active = known.get(run.start().run());
      if (active != null) {
        return Optional.of(active);
      }
    }
    return registered
        .find(run.start().pipeline(), run.start().graph())
        .map(
            pipeline -> {
              Active active =
                  new Active(run, pipeline, worker.steps(pipeline.pipeline(), run.start()));
              synchronized (known) {
                known.put(run.start().run(), active);
              }
              return active;
            });
  }

  /**
   * Whether its id is another run's now: it is forgotten here, and the next look finds that one.
   */
  boolean isReplaced(Active active) throws SQLException {
    RunId id = active.run().start().run();
    Optional<RunStore.Run> present = runs.find(id);
    if (present.map(run -> run.start().at()).equals(Optional.of(active.run().start().at()))) {
      return false;
    }
    synchronized (known) {
      known.remove(id, active);
    }
    return present.isPresent();
  }

  /** What the steps are decided by: what was read as they began, or is read now. */
  RunSteps.Known known(Active active, Map<String, Fate.Ended> begun) {
    return new RunSteps.Known() {
      @Override
      public Fate.Ended step(String name) {
        Fate.Ended present = begun.get(name);
        return present == null
            ? active.shared.computeIfAbsent(
                name, from -> read(active.run().start().run(), from).orElseThrow())
            : present;
      }

      @Override
      public Optional<io.shelfmark.pipeline.StepResult> earlier(String name) {
        return active
            .run()
            .start()
            .rerun()
            .flatMap(rerun -> read(rerun.run(), name))
            .flatMap(Fate.Ended::result);
      }
    };
  }

  private Optional<Fate.Ended> read(RunId run, String step) {
    try {
      return Optional.ofNullable(claims.settled(run, List.of(step)).get(step));
    } catch (SQLException e) {
      throw Database.failure("read what step " + step + " of run " + run + " gave", e);
    }
  }
}
