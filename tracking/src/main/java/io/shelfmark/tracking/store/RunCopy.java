package io.shelfmark.tracking.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Copies the runs of an experiment. Not thread-safe. */
final class RunCopy {

  private static final String PARTIAL = "partial";
  private static final String COMPLETE = "complete";
  private static final int RUNS_A_PAGE = 100;
  private static final int POINTS_A_PAGE = 1000;

  private final TrackingStore source;
  private final TrackingStore target;
  private final FileCopy files;
  private final ModelCopy models;
  private final CopyTally tally;
  private final Set<String> seen = new HashSet<>();

  RunCopy(
      TrackingStore source,
      TrackingStore target,
      FileCopy files,
      ModelCopy models,
      CopyTally tally) {
    this.source = source;
    this.target = target;
    this.files = files;
    this.models = models;
    this.tally = tally;
  }

  /** Ids in the source of the runs that are in the target. */
  Set<String> seen() {
    return seen;
  }

  void copyAll(String experiment, String targetExperiment) {
    RunQuery query =
        RunQuery.in(experiment)
            .orderBy(Field.attribute("start_time").ascending())
            .limit(RUNS_A_PAGE);
    Optional<String> page = Optional.empty();
    do {
      Page<RunRecord> runs = source.runs().search(page.map(query::at).orElse(query));
      for (RunRecord run : runs.items()) {
        try {
          copy(run, targetExperiment);
          seen.add(run.info().id());
        } catch (TrackingException e) {
          tally.failed("run " + run.info().id(), e);
        }
      }
      page = runs.next();
    } while (page.isPresent());
  }

  /** An id of the target's: the same, unless the source's ids are of another kind. */
  static String targetId(TrackingStore source, String id) {
    return id.matches("[0-9a-f]{32}")
        ? id
        : UUID.nameUUIDFromBytes((source.location() + "#" + id).getBytes(UTF_8))
            .toString()
            .replace("-", "");
  }

  private void copy(RunRecord run, String targetExperiment) {
    String id = targetId(source, run.info().id());
    Optional<RunRecord> there = target.runs().find(id);
    if (there.isPresent() && !PARTIAL.equals(there.get().tags().get(ExperimentCopy.STATE_TAG))) {
      tally.left(id);
      return;
    }
    Map<String, String> tags = tags(run);
    RunInfo info = run.info();
    RunRecord copy =
        target
            .runs()
            .create(
                new NewRun(id, targetExperiment, info.name(), info.user(), info.startTime(), tags));
    target.runs().log(id, new RunLog(run.params(), List.of(), tags));
    run.metrics().keySet().stream().sorted().forEach(key -> history(info.id(), id, key));
    inputs(run, id);
    files.copy(info.artifactLocation(), copy.info().artifactLocation());
    target
        .runs()
        .update(
            id,
            new RunUpdate(Optional.of(info.status()), info.endTime(), Optional.<String>empty()));
    if (info.status().isTerminal()) {
      target.runs().log(id, RunLog.tags(Map.of(ExperimentCopy.STATE_TAG, COMPLETE)));
    }
    tally.copied(id);
  }

  private Map<String, String> tags(RunRecord run) {
    Map<String, String> tags = new HashMap<>(run.tags());
    tags.computeIfPresent(NewRun.PARENT_TAG, (key, parent) -> targetId(source, parent));
    tags.put(ExperimentCopy.SOURCE_TAG, source.location() + "#" + run.info().id());
    tags.put(ExperimentCopy.STATE_TAG, PARTIAL);
    return tags;
  }

  /** What was sent before a copy was cut short is sent again: the store drops it. */
  private void history(String id, String targetId, String key) {
    Optional<String> page = Optional.empty();
    do {
      Page<Metric> points = source.runs().history(id, key, POINTS_A_PAGE, page);
      if (!points.items().isEmpty()) {
        target.runs().log(targetId, RunLog.metrics(points.items()));
        tally.addPoints(points.items().size());
      }
      page = points.next();
    } while (page.isPresent());
  }

  private void inputs(RunRecord run, String id) {
    List<String> used = models.targetIds(run.modelInputs());
    if (!run.datasets().isEmpty() || !used.isEmpty()) {
      target.runs().logInputs(id, run.datasets(), used);
    }
    List<ModelOutput> made =
        run.modelOutputs().stream()
            .flatMap(
                output ->
                    models.targetIds(List.of(output.modelId())).stream()
                        .map(model -> new ModelOutput(model, output.step())))
            .toList();
    if (!made.isEmpty()) {
      target.runs().logOutputs(id, made);
    }
  }
}
