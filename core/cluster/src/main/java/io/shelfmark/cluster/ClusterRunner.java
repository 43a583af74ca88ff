package io.shelfmark.cluster;

import io.shelfmark.Workspace;
import io.shelfmark.pipeline.Explanation;
import io.shelfmark.pipeline.Pipeline;
import io.shelfmark.pipeline.PipelineRun;
import io.shelfmark.pipeline.PipelineRunner;
import io.shelfmark.pipeline.RunEvent;
import io.shelfmark.pipeline.RunId;
import io.shelfmark.pipeline.RunOptions;
import io.shelfmark.pipeline.RunRecord;
import io.shelfmark.pipeline.RunState;
import io.shelfmark.pipeline.StepWorker;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * Does pipelines on any number of processes, over a PostgreSQL database and a store that all of
 * them reach: {@code ClusterRunner.over(dataSource, workspace).queue("default", 4).open()}. One for
 * each process; thread-safe; who opened it closes it, before the workspace and the connections.
 *
 * <p>A process does the steps of the queues that it names, of runs whose pipeline it has registered
 * with the graph that they began with; others are left for a process that has. Steps of a process
 * that dies are taken over when its heartbeats have not come for a minute (an option); what such a
 * process gives later counts for nothing. A step's code may be called more than once, but its
 * result is committed once.
 *
 * <p>Records are in the database, logs and versions in the store: every process sees all of them. A
 * log is there once its attempt has ended. All times on record are those of the database's clock.
 * Listeners hear what their own process does.
 */
public final class ClusterRunner implements PipelineRunner {

  private final Member member;
  private final StepWorker worker;
  private final Tables tables;
  private final RunStarts starts;
  private final Pauses pauses;

  private ClusterRunner(Member member) {
    this.member = member;
    this.worker = member.worker();
    this.tables = member.tables();
    this.starts = new RunStarts(tables.runs(), member.tickets(), worker);
    this.pauses = new Pauses(tables.runs(), tables.reconciler(), member.timer());
  }

  /**
   * Begins with the database whose tables keep the records, and the workspace whose store every
   * process of the cluster has. Both stay the caller's. A connection is needed for each step for
   * moments only; connections should have a socket timeout.
   */
  public static ClusterRunnerBuilder over(DataSource database, Workspace workspace) {
    return new ClusterRunnerBuilder(database, workspace);
  }

  static ClusterRunner open(ClusterRunnerBuilder options) {
    return new ClusterRunner(Member.open(options));
  }

  /** Whether the database has answered within two heartbeats. */
  boolean isInTouch() {
    return member.tickets().isInTouch();
  }

  StepWorker worker() {
    return worker;
  }

  @Override
  public void register(Pipeline<?> pipeline) {
    member.register(pipeline);
  }

  @Override
  public <T> PipelineRun<T> start(Pipeline<T> pipeline, RunOptions runOptions) {
    member.requireOpen();
    register(pipeline);
    return new ClusterRun<>(this, pipeline, starts.start(pipeline, runOptions));
  }

  /**
   * The runs that go on and whose pipeline is registered here with their graph. They need no
   * process to take them on: any worker that has the graph does their steps.
   */
  @Override
  public List<PipelineRun<?>> resume() {
    member.requireOpen();
    try {
      List<PipelineRun<?>> found = new ArrayList<>();
      for (RunEvent.RunStarted start : tables.runs().unfinished()) {
        member
            .registered()
            .find(start.pipeline(), start.graph())
            .ifPresent(known -> found.add(new ClusterRun<>(this, known.pipeline(), start.run())));
      }
      return found;
    } catch (SQLException e) {
      throw Database.failure("find unfinished runs", e);
    }
  }

  @Override
  public Optional<RunRecord> find(RunId run) {
    return tables.records().find(run);
  }

  @Override
  public List<RunRecord> runs(String pipeline) {
    return tables.records().of(pipeline);
  }

  /** Of attempts that have ended: what one that goes on logs is with its process. */
  @Override
  public String log(RunId run, String step) {
    return member.logs().read(run, step, find(run).flatMap(r -> r.step(step)));
  }

  @Override
  public void cancel(RunId run, String reason) {
    try {
      tables.endings().early(run, RunState.CANCELLED, reason).ifPresent(member::ended);
    } catch (SQLException e) {
      throw Database.failure("cancel run " + run, e);
    }
  }

  /** Lets no more steps of a run begin, on any process; those that go on are not stopped. */
  public void pause(RunId run) {
    pauses.begin(run);
  }

  /** Lets the steps of a paused run begin again. */
  public void unpause(RunId run) {
    pauses.end(run);
  }

  /**
   * Limits how many steps of a queue run at once in the whole cluster, within 1 s; what runs is not
   * stopped. It stays in the database.
   *
   * @throws IllegalArgumentException when it is less than 1
   */
  public void limit(String queue, int steps) {
    if (steps < 1) {
      throw new IllegalArgumentException(
          "Cannot limit queue %s to %d steps: expected 1 or more".formatted(queue, steps));
    }
    tables.limits().set(queue, steps);
  }

  /** Takes the limit of a queue away. */
  public void removeLimit(String queue) {
    tables.limits().remove(queue);
  }

  /**
   * Removes the record and the logs of a run that has ended. What it put into the cache and the
   * versions that it made stay. Nothing happens when there is no such run.
   *
   * @throws IllegalStateException when it goes on, or one that goes on takes results from it
   */
  public void forget(RunId run) {
    try {
      find(run).filter(record -> record.endedAt().isPresent()).ifPresent(worker::release);
      if (!member.old().remove(run)) {
        throw new IllegalStateException(
            "Cannot forget run %s: found that it, or a run that repeats from it, goes on, expected an end (cancel that first)"
                .formatted(run));
      }
    } catch (SQLException e) {
      throw Database.failure("forget run " + run, e);
    }
  }

  @Override
  public Explanation explain(Pipeline<?> pipeline, RunOptions runOptions) {
    return worker.explain(pipeline, runOptions, this::find);
  }

  boolean awaitEnd(RunId run, Duration limit) {
    return member.ends().await(run, limit);
  }

  /**
   * Begins no more steps here, and waits for those that go on; at the limit they are interrupted,
   * and others take them over at once. Close it afterwards.
   */
  public void drain(Duration limit) {
    member.tickets().drain(limit);
  }

  /** Interrupts the steps that go on here, which other processes take over at once. */
  @Override
  public void close() {
    member.close();
  }
}
