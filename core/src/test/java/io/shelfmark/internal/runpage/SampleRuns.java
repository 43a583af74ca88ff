package io.shelfmark.internal.runpage;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.shelfmark.artifact.VersionRef;
import io.shelfmark.pipeline.RunId;
import io.shelfmark.pipeline.RunLineage;
import io.shelfmark.pipeline.RunLineage.StepLineage;
import io.shelfmark.pipeline.RunRecord;
import io.shelfmark.pipeline.RunState;
import io.shelfmark.pipeline.StepRecord;
import io.shelfmark.pipeline.StepRecord.Attempt;
import io.shelfmark.pipeline.StepResult;
import io.shelfmark.pipeline.StepState;
import io.shelfmark.storage.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

/** Runs that were never run, for the page. {@link #main} writes their pages to a folder. */
final class SampleRuns {

  static final Instant BEGIN = Instant.parse("2026-03-01T03:00:00Z");

  final List<StepShape> graph = new ArrayList<>();
  final List<StepRecord> steps = new ArrayList<>();
  final List<StepLineage> lineage = new ArrayList<>();
  final Map<String, String> logs = new LinkedHashMap<>();
  final Map<String, String> parameters = new LinkedHashMap<>();
  private final String pipeline;
  private double end;

  SampleRuns(String pipeline) {
    this.pipeline = pipeline;
  }

  static Instant at(double seconds) {
    return BEGIN.plusNanos((long) (seconds * 1e9));
  }

  static StepResult result(String json) {
    return new StepResult(json, Digest.of(json.getBytes(UTF_8)), List.of(), Optional.empty());
  }

  SampleRuns shape(String name, StepShape.Kind kind, String... takes) {
    graph.add(new StepShape(name, kind, List.of(takes), List.of()));
    return this;
  }

  /** A step of the record; each attempt is a begin and an end, all but the last failed. */
  SampleRuns step(String name, StepState state, String text, double... times) {
    List<Attempt> attempts = new ArrayList<>();
    for (int i = 0; i + 1 < times.length; i += 2) {
      boolean failed = i + 2 < times.length || state == StepState.FAILED;
      attempts.add(
          new Attempt(
              i / 2 + 1,
              at(times[i]),
              Optional.of(at(times[i + 1])),
              failed ? Optional.of(text) : Optional.empty()));
      end = Math.max(end, times[i + 1]);
    }
    boolean given = state == StepState.SUCCEEDED || state == StepState.CACHED;
    steps.add(
        new StepRecord(
            name,
            state,
            attempts,
            given ? Optional.of(result(text)) : Optional.empty(),
            given ? Optional.empty() : Optional.of(text)));
    return this;
  }

  RunRecord record(RunState state) {
    return new RunRecord(
        RunId.of("20260301-030000-5f2c61d0-7b1e"),
        pipeline,
        Digest.of(pipeline.getBytes(UTF_8)),
        state,
        BEGIN,
        state == RunState.RUNNING ? Optional.empty() : Optional.of(at(end + 0.4)),
        parameters,
        steps,
        state == RunState.FAILED ? Optional.of("a step has no result") : Optional.empty());
  }

  String page(RunState state) {
    RunRecord record = record(state);
    return RunDocument.of(
        record,
        graph,
        Optional.of(new RunLineage(record.id(), lineage)),
        step -> logs.getOrDefault(step, ""));
  }

  private static final StepShape.Kind CALL = StepShape.Kind.CALL;

  /** Five steps, all of them done. */
  static SampleRuns nightly() {
    SampleRuns run = new SampleRuns("nightly-training");
    run.parameters.put("epochs", "20");
    run.parameters.put("imageSize", "640");
    run.parameters.put("shops", "[\"42\",\"7\"]");
    run.shape("photos", CALL)
        .shape("validate", CALL, "photos")
        .shape("train", CALL, "photos", "validate")
        .shape("evaluate", CALL, "photos", "train")
        .shape("publish", CALL, "train", "evaluate");
    run.step("photos", StepState.CACHED, "\"dataset:shelf-photos@12\"")
        .step("validate", StepState.SUCCEEDED, "{\"files\":4212,\"faults\":0}", 0.2, 41)
        .step("train", StepState.SUCCEEDED, "\"artifact:tag-detector@8\"", 41.3, 5321)
        .step("evaluate", StepState.SUCCEEDED, "{\"mAP50\":0.941,\"recall\":0.962}", 5322, 5710)
        .step("publish", StepState.SUCCEEDED, "\"candidate\"", 5711, 5713.2);
    VersionRef data = VersionRef.dataset("shelf-photos", 12);
    VersionRef model = VersionRef.artifact("tag-detector", 8);
    run.lineage.add(new StepLineage("photos", List.of(), List.of(data)));
    run.lineage.add(new StepLineage("validate", List.of(data), List.of()));
    run.lineage.add(new StepLineage("train", List.of(data), List.of(model)));
    run.lineage.add(new StepLineage("evaluate", List.of(data, model), List.of()));
    StringBuilder log = new StringBuilder();
    for (int epoch = 1; epoch <= 20; epoch++) {
      log.append(
          "epoch %d/20 loss %.4f mAP50 %.3f%n".formatted(epoch, 3.0 / epoch, 0.94 - 0.4 / epoch));
    }
    run.logs.put("train", log.toString());
    return run;
  }

  /** A step that is retried until it fails, and what follows from it. */
  static SampleRuns failed() {
    SampleRuns run = nightly();
    run.steps.clear();
    run.lineage.clear();
    run.end = 0;
    run.step("photos", StepState.SUCCEEDED, "\"dataset:shelf-photos@12\"", 0.1, 12, 14, 31)
        .step("validate", StepState.SUCCEEDED, "{\"files\":4212,\"faults\":0}", 31.2, 68)
        .step(
            "train",
            StepState.FAILED,
            "IOException: exit code 137, expected 0; its last line was «Killed»",
            68.3,
            131,
            141,
            198,
            218,
            301)
        .step("evaluate", StepState.NOT_RUN, "a step that it takes from has no result")
        .step("publish", StepState.NOT_RUN, "a step that it takes from has no result");
    return run;
  }

  /** Sixty steps in layers, with a sub-pipeline for each of eight shops. */
  static SampleRuns wide() {
    SampleRuns run = new SampleRuns("chain-of-shops");
    Random random = new Random(7);
    run.shape("catalogue", CALL).step("catalogue", StepState.SUCCEEDED, "{\"items\":18211}", 0, 3);
    run.shape("model", CALL).step("model", StepState.CACHED, "\"artifact:tag-detector@8\"");
    List<String> reports = new ArrayList<>();
    for (int shop = 1; shop <= 8; shop++) {
      String in = "shop-" + shop + "/";
      double t = 3 + random.nextDouble() * 8;
      String[] names = {"photos", "validate", "recognise", "match", "prices", "report"};
      String before = "";
      for (String name : names) {
        String[] takes =
            switch (name) {
              case "photos" -> new String[0];
              case "recognise" -> new String[] {before, "model"};
              case "match" -> new String[] {before, "catalogue"};
              case "report" -> new String[] {before, in + "validate"};
              default -> new String[] {before};
            };
        double took = 1 + random.nextDouble() * (name.equals("recognise") ? 60 : 9);
        run.shape(in + name, CALL, takes);
        if (shop == 5 && name.equals("prices")) {
          run.step(
              in + name,
              StepState.FAILED,
              "IllegalStateException: no price in 31 of 40 tags",
              t,
              t + 1,
              t + 2,
              t + 4);
        } else if (shop == 5 && name.equals("report")) {
          run.step(in + name, StepState.NOT_RUN, "a step that it takes from has no result");
        } else {
          run.step(
              in + name, StepState.SUCCEEDED, "{\"rows\":" + (int) (took * 31) + "}", t, t + took);
        }
        t += took + 0.3;
        before = in + name;
      }
      run.shape("shop-" + shop, StepShape.Kind.SUB_PIPELINE, before);
      if (shop == 5) {
        run.step("shop-5", StepState.NOT_RUN, "a step that it takes from has no result");
      } else {
        run.step("shop-" + shop, StepState.SUCCEEDED, "{\"rows\":7}");
      }
      reports.add("shop-" + shop);
    }
    run.shape("summary", CALL, reports.toArray(new String[0]))
        .step("summary", StepState.NOT_RUN, "a step that it takes from has no result");
    run.shape("publish-summary-to-the-price-registry", CALL, "summary")
        .step(
            "publish-summary-to-the-price-registry",
            StepState.NOT_RUN,
            "a step that it takes from has no result");
    return run;
  }

  /** A fan-out over ten thousand photos, two of which fail. */
  static SampleRuns fanOut(int elements) {
    SampleRuns run = new SampleRuns("bulk-recognition");
    Random random = new Random(3);
    run.shape("photos", CALL)
        .step(
            "photos",
            StepState.SUCCEEDED,
            "[" + "\"p.jpg\",".repeat(elements - 1) + "\"p.jpg\"]",
            0,
            2.4);
    run.shape("recognise", StepShape.Kind.FAN_OUT, "photos");
    double[] free = new double[16];
    for (int i = 0; i < elements; i++) {
      int worker = 0;
      for (int w = 1; w < free.length; w++) {
        worker = free[w] < free[worker] ? w : worker;
      }
      double from = Math.max(2.5, free[worker]) + 0.002;
      double to = from + 0.05 + random.nextDouble() * random.nextDouble() * 0.6;
      boolean bad = i % (elements / 2) == elements / 2 - 1;
      run.step(
          "recognise[" + i + "]",
          bad ? StepState.FAILED : StepState.SUCCEEDED,
          bad ? "InvalidPhotoException: not a JPEG" : "{\"tags\":" + random.nextInt(40) + "}",
          from,
          to);
      run.logs.put("recognise[" + i + "]", "photo " + i + " decoded in 21 ms\n".repeat(20));
      free[worker] = to;
    }
    run.step("recognise", StepState.FAILED, "2 of " + elements + " elements have no result");
    run.shape("report", CALL, "recognise")
        .step("report", StepState.NOT_RUN, "a step that it takes from has no result");
    return run;
  }

  /** A chain of many steps. */
  static SampleRuns chain(int length) {
    SampleRuns run = new SampleRuns("chain");
    IntStream.range(0, length)
        .forEach(
            i ->
                run.shape(
                        "step-" + i,
                        CALL,
                        i == 0 ? new String[0] : new String[] {"step-" + (i - 1)})
                    .step("step-" + i, StepState.SUCCEEDED, "" + i, i, i + 0.9));
    return run;
  }

  public static void main(String[] arguments) throws IOException {
    Path folder = Files.createDirectories(Path.of(arguments[0]));
    Files.writeString(folder.resolve("nightly.html"), nightly().page(RunState.SUCCEEDED));
    Files.writeString(folder.resolve("failed.html"), failed().page(RunState.FAILED));
    Files.writeString(folder.resolve("wide.html"), wide().page(RunState.FAILED));
    Files.writeString(folder.resolve("fan-out.html"), fanOut(10_000).page(RunState.FAILED));
    Files.writeString(folder.resolve("chain.html"), chain(200).page(RunState.SUCCEEDED));
  }
}
