package io.shelfmark.tracking.internal.outbox;

import io.shelfmark.tracking.store.Curve;
import io.shelfmark.tracking.store.DatasetInput;
import io.shelfmark.tracking.store.Metric;
import io.shelfmark.tracking.store.ModelOutput;
import io.shelfmark.tracking.store.NewRun;
import io.shelfmark.tracking.store.Page;
import io.shelfmark.tracking.store.Refusal;
import io.shelfmark.tracking.store.RunInfo;
import io.shelfmark.tracking.store.RunLog;
import io.shelfmark.tracking.store.RunQuery;
import io.shelfmark.tracking.store.RunRecord;
import io.shelfmark.tracking.store.RunStore;
import io.shelfmark.tracking.store.RunUpdate;
import io.shelfmark.tracking.store.RunWrite;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A store that only takes writes, as a test has it answer. Thread-safe. */
final class FakeStore implements RunStore {

  /** What the store does with a call; {@link FakeStore#take} has it take the writes. */
  interface Answer {
    List<Refusal> to(List<RunWrite> writes);
  }

  private final List<List<RunWrite>> calls = new ArrayList<>();
  private volatile Answer answer = this::take;

  void answer(Answer next) {
    this.answer = next;
  }

  void takeAll() {
    answer = this::take;
  }

  /** Takes the writes of a call. */
  synchronized List<Refusal> take(List<RunWrite> writes) {
    calls.add(List.copyOf(writes));
    notifyAll();
    return List.of();
  }

  /** Waits until it took so many points of a run. */
  synchronized void awaitSteps(String runId, int count) throws InterruptedException {
    while (steps(runId).size() < count) {
      wait();
    }
  }

  /** What it took, call by call. */
  synchronized List<List<RunWrite>> calls() {
    return List.copyOf(calls);
  }

  /** What it took, in order. */
  List<RunWrite> taken() {
    return calls().stream().flatMap(List::stream).toList();
  }

  /** The steps of a run's metrics it took, in order. */
  List<Long> steps(String runId) {
    return taken().stream()
        .filter(write -> write instanceof RunWrite.Log && write.runId().equals(runId))
        .flatMap(write -> ((RunWrite.Log) write).log().metrics().stream())
        .map(Metric::step)
        .toList();
  }

  @Override
  public List<Refusal> write(List<RunWrite> writes) {
    return answer.to(writes);
  }

  @Override
  public RunRecord create(NewRun run) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Optional<RunRecord> find(String id) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Page<RunRecord> search(RunQuery query) {
    throw new UnsupportedOperationException();
  }

  @Override
  public RunInfo update(String id, RunUpdate update) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void delete(String id) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void restore(String id) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void log(String id, RunLog log) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void deleteTag(String id, String key) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void logInputs(String id, List<DatasetInput> datasets, List<String> modelIds) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void logOutputs(String id, List<ModelOutput> models) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Page<Metric> history(String id, String key, int limit, Optional<String> page) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Curve curve(String id, String key, int points) {
    throw new UnsupportedOperationException();
  }
}
