package io.shelfmark.tracking.store;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Copies logged models and versions of registered ones. The target makes their ids and numbers, so
 * that a copy is found again by the tag that says where it is from. Not thread-safe.
 */
final class ModelCopy {

  private static final String MODELS = "models:/";

  private final TrackingStore source;
  private final TrackingStore target;
  private final FileCopy files;
  private final CopyTally tally;
  private final Map<String, String> ids = new HashMap<>();

  ModelCopy(TrackingStore source, TrackingStore target, FileCopy files, CopyTally tally) {
    this.source = source;
    this.target = target;
    this.files = files;
    this.tally = tally;
  }

  /** The target's ids of logged models; those that were not copied are left out. */
  List<String> targetIds(List<String> sourceIds) {
    return sourceIds.stream().filter(ids::containsKey).map(ids::get).toList();
  }

  void loggedModels(String experiment, String targetExperiment) {
    Optional<String> page = Optional.empty();
    do {
      Search all = page.map(Search.all()::at).orElse(Search.all());
      Page<LoggedModelRecord> models;
      try {
        models = source.loggedModels().search(List.of(experiment), all);
      } catch (InvalidRequestException e) {
        return; // a server before MLflow 3 has none to copy
      }
      for (LoggedModelRecord model : models.items()) {
        try {
          copy(model, targetExperiment);
        } catch (TrackingException e) {
          tally.failed("logged model " + model.id(), e);
        }
      }
      page = models.next();
    } while (page.isPresent());
  }

  private void copy(LoggedModelRecord model, String targetExperiment) {
    String from = source.location() + "#" + model.id();
    LoggedModelRecord copy =
        findCopy(targetExperiment, from).orElseGet(() -> create(model, targetExperiment, from));
    ids.put(model.id(), copy.id());
    if (copy.status() == LoggedModelStatus.PENDING) {
      files.copy(model.artifactLocation(), copy.artifactLocation());
      if (model.status() != LoggedModelStatus.PENDING) {
        target.loggedModels().finish(copy.id(), model.status());
      }
    }
  }

  private Optional<LoggedModelRecord> findCopy(String targetExperiment, String from) {
    Search byTag = Search.where(Filter.of(Field.tag(ExperimentCopy.SOURCE_TAG).is(from)));
    return target.loggedModels().search(List.of(targetExperiment), byTag).items().stream()
        .findFirst();
  }

  private LoggedModelRecord create(LoggedModelRecord model, String targetExperiment, String from) {
    Map<String, String> tags = new HashMap<>(model.tags());
    tags.put(ExperimentCopy.SOURCE_TAG, from);
    return target
        .loggedModels()
        .create(
            new NewLoggedModel(
                targetExperiment,
                model.name(),
                model.type(),
                model.sourceRunId().map(id -> RunCopy.targetId(source, id)),
                model.params(),
                tags));
  }

  /** Copies the versions that runs made. */
  void versions(Set<String> runs) {
    List<ModelVersionRecord> made = new ArrayList<>();
    Optional<String> page = Optional.empty();
    do {
      Search all = page.map(Search.all()::at).orElse(Search.all());
      Page<ModelVersionRecord> versions = source.models().searchVersions(all);
      versions.items().stream()
          .filter(version -> version.runId().filter(runs::contains).isPresent())
          .forEach(made::add);
      page = versions.next();
    } while (page.isPresent());
    made.sort(
        Comparator.comparing(ModelVersionRecord::model)
            .thenComparingLong(ModelVersionRecord::version));
    for (ModelVersionRecord version : made) {
      try {
        copy(version);
      } catch (TrackingException e) {
        tally.failed("version " + version.version() + " of model " + version.model(), e);
      }
    }
  }

  private void copy(ModelVersionRecord version) {
    String name = version.model();
    if (target.models().find(name).isEmpty()) {
      ModelRecord model = source.models().find(name).orElseThrow(() -> gone(name));
      target.models().create(name, model.description(), model.tags());
    }
    String from = source.location() + "#" + name + "/" + version.version();
    Search byTag =
        Search.where(
            Filter.of(
                Field.attribute("name").is(name), Field.tag(ExperimentCopy.SOURCE_TAG).is(from)));
    ModelVersionRecord copy =
        target.models().searchVersions(byTag).items().stream()
            .findFirst()
            .orElseGet(() -> create(version, from));
    if (!copy.stage().equals(version.stage())) {
      target.models().setStage(name, copy.version(), version.stage());
    }
    for (String alias : version.aliases()) {
      target.models().setAlias(name, alias, copy.version());
    }
  }

  private ModelVersionRecord create(ModelVersionRecord version, String from) {
    Map<String, String> tags = new HashMap<>(version.tags());
    tags.put(ExperimentCopy.SOURCE_TAG, from);
    return target
        .models()
        .createVersion(
            new NewModelVersion(
                version.model(),
                targetSource(version),
                version.runId().map(id -> RunCopy.targetId(source, id)),
                version.modelId().filter(ids::containsKey).map(ids::get),
                version.description(),
                tags));
  }

  /** Where the copy's files lie: with the copied run or logged model, else where they were. */
  private String targetSource(ModelVersionRecord version) {
    String modelId =
        version.source().startsWith(MODELS)
            ? version.source().substring(MODELS.length())
            : version.modelId().orElse("");
    if (ids.containsKey(modelId)) {
      return MODELS + ids.get(modelId);
    }
    String runId = version.runId().orElse("");
    Optional<RunRecord> run = source.runs().find(runId);
    Optional<RunRecord> copy = target.runs().find(RunCopy.targetId(source, runId));
    if (run.isPresent() && copy.isPresent()) {
      String root = run.get().info().artifactLocation();
      if (version.source().startsWith(root)) {
        return copy.get().info().artifactLocation() + version.source().substring(root.length());
      }
      String byRun = "runs:/" + runId;
      if (version.source().startsWith(byRun)) {
        return "runs:/" + copy.get().info().id() + version.source().substring(byRun.length());
      }
    }
    return version.source();
  }

  private static RecordNotFoundException gone(String name) {
    return new RecordNotFoundException(
        "Cannot copy model %s: it was deleted just now, expected it on record".formatted(name));
  }
}
