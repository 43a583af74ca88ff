package io.shelfmark.examples.loop;

import io.shelfmark.artifact.ArtifactVersion;
import io.shelfmark.dataset.DatasetVersion;
import io.shelfmark.pipeline.CachePolicy;
import io.shelfmark.pipeline.CommandResult;
import io.shelfmark.pipeline.Parameter;
import io.shelfmark.pipeline.Pipeline;
import io.shelfmark.pipeline.ResultType;
import io.shelfmark.pipeline.Step;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * From photos to the text recognizer in production. Started again with the same photos, everything
 * comes from the cache.
 *
 * <p>A candidate is judged once, against what is in production at that time: whoever takes it back
 * out of production does not get it back from the next start. {@code --rerun RUN --from-step
 * production} judges it anew.
 */
public final class LoopPipeline {

  /** How old the finding that Python lacks a package may be. */
  private static final Duration PYTHON_CHECKED = Duration.ofMinutes(10);

  private final Parameter<String> folder = Parameter.of("photos", "");
  private final Parameter<Integer> count = Parameter.of("count", 60);
  private final Parameter<Integer> seed = Parameter.of("seed", 1);
  private final Parameter<Double> minutes = Parameter.of("minutes", 0.3);
  private final Parameter<String> python = Parameter.of("python", "python3");

  private LoopPipeline() {}

  /** The pipeline {@code loop}; its parameters are in docs/examples-pipelines.md. */
  public static Pipeline<LoopReport> create() {
    return new LoopPipeline().build();
  }

  private Pipeline<LoopReport> build() {
    Step<CheckedPhotos> checked =
        Step.named("validate", CheckedPhotos.class)
            .input(photos())
            .cached(CachePolicy.byInputs("v1"))
            .run(PhotoCheck::run);
    Step<DatasetVersion> train = part("train-set", PhotoSplit.TRAIN, checked);
    Step<DatasetVersion> dev = part("dev-set", PhotoSplit.DEV, checked);
    Step<ArtifactVersion> bundled =
        Step.named("bundled", ArtifactVersion.class)
            .cached(CachePolicy.byInputs(TextRecognizer.bundledDigest()))
            .run(TextRecognizer::publishBundled);

    Step<PythonCheck> pythonCheck =
        Step.named("python-check", PythonCheck.class)
            .input(python)
            .cached(CachePolicy.byInputs("v1").youngerThan(PYTHON_CHECKED))
            .run(PythonCheck::run);
    Step<Optional<CommandResult>> trained = training(train, dev, bundled, pythonCheck);

    Step<ArtifactVersion> candidate =
        Step.named("candidate", ArtifactVersion.class)
            .input(trained)
            .input(bundled)
            .cached(CachePolicy.byInputs("v1"))
            .run(Candidate::publish);
    Step<Production> production =
        Step.named("production", Production.class)
            .input(candidate)
            .input(bundled)
            .cached(CachePolicy.byInputs("v1"))
            .run(Production::find);
    Step<List<Score>> scores = scores(candidate, production, dev);
    Step<Comparison> comparison =
        Step.named("compare", Comparison.class)
            .input(scores)
            .input(production)
            .cached(CachePolicy.byInputs("v1"))
            .run((context, both, now) -> Comparison.of(both, now));
    Step<Promotion> promotion =
        Step.named("promote", Promotion.class)
            .input(candidate)
            .input(production)
            .input(comparison)
            .cached(CachePolicy.byInputs("v1"))
            .run(Promotion::run);
    return Pipeline.of(
        "loop",
        Step.named("report", LoopReport.class)
            .input(checked)
            .input(pythonCheck)
            .input(trained)
            .input(promotion)
            .cached(CachePolicy.byInputs("v1"))
            .run(LoopReport::of));
  }

  /** Generated unless a folder is given, which is looked at each time. */
  private Step<DatasetVersion> photos() {
    Step<Boolean> given =
        Step.named("photos-given", Boolean.class)
            .input(folder)
            .cached(CachePolicy.byInputs("v1"))
            .run((context, path) -> !path.isEmpty());
    Step<Boolean> wanted =
        Step.named("photos-wanted", Boolean.class)
            .input(given)
            .cached(CachePolicy.byInputs("v1"))
            .run((context, there) -> !there);
    Step<Optional<DatasetVersion>> imported =
        Step.named("import", DatasetVersion.class)
            .input(folder)
            .run(PhotoSource::imported)
            .onlyIf(given);
    Step<Optional<DatasetVersion>> generated =
        Step.named("generate", DatasetVersion.class)
            .input(count)
            .input(seed)
            .cached(CachePolicy.byInputs("v1"))
            .run(PhotoSource::generated)
            .onlyIf(wanted);
    return Step.named("collect", DatasetVersion.class)
        .input(imported)
        .input(generated)
        .cached(CachePolicy.byInputs("v1"))
        .run((context, one, other) -> one.or(() -> other).orElseThrow());
  }

  private static Step<DatasetVersion> part(String name, String part, Step<CheckedPhotos> checked) {
    return Step.named(name, DatasetVersion.class)
        .input(checked)
        .cached(CachePolicy.byInputs("v1"))
        .run((context, photos) -> PhotoSplit.commit(context, photos, part));
  }

  /** Inputs go by their names into the program's arguments. */
  private Step<Optional<CommandResult>> training(
      Step<DatasetVersion> train,
      Step<DatasetVersion> dev,
      Step<ArtifactVersion> bundled,
      Step<PythonCheck> pythonCheck) {
    Step<ArtifactVersion> trainer =
        Step.named("trainer", ArtifactVersion.class)
            .cached(CachePolicy.byInputs(Trainer.digest()))
            .run(Trainer::publish);
    Step<Boolean> canTrain =
        Step.named("can-train", Boolean.class)
            .input(pythonCheck)
            .cached(CachePolicy.byInputs("v1"))
            .run((context, found) -> found.ready());
    return Step.command(
            "train",
            "{python}",
            "{trainer}/train_candidate.py",
            "--train={train-set}",
            "--dev={dev-set}",
            "--start={bundled}",
            "--minutes={minutes}",
            "--out=out")
        .input(python)
        .input(trainer)
        .input(train)
        .input(dev)
        .input(bundled)
        .input(minutes)
        .cached(CachePolicy.byInputs("v1"))
        .publish(TextRecognizer.ARTIFACT, "out")
        .metrics("metrics.json")
        .step()
        .onlyIf(canTrain);
  }

  /** Both models on the same photos, each once: also where they are the same. */
  private static Step<List<Score>> scores(
      Step<ArtifactVersion> candidate, Step<Production> production, Step<DatasetVersion> dev) {
    Step<List<ArtifactVersion>> models =
        Step.named("models", ResultType.listOf(ArtifactVersion.class))
            .input(candidate)
            .input(production)
            .cached(CachePolicy.byInputs("v1"))
            .run(
                (context, one, now) ->
                    one.digest().equals(now.model().digest())
                        ? List.of(one)
                        : List.of(one, now.model()));
    return Step.forEach("evaluate", models, Score.class)
        .cached(CachePolicy.byInputs("v1"))
        .input(dev)
        .run(TextRecognizer::score);
  }
}
