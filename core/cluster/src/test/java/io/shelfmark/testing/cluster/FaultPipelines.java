package io.shelfmark.testing.cluster;

import io.shelfmark.artifact.ArtifactVersion;
import io.shelfmark.pipeline.Parameter;
import io.shelfmark.pipeline.Pipeline;
import io.shelfmark.pipeline.ResultType;
import io.shelfmark.pipeline.Step;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** The pipelines under failure, the same in every process. */
final class FaultPipelines {

  static final String QUEUE = "work";
  static final Parameter<Integer> COUNT = Parameter.of("count", 10);
  static final Parameter<Integer> MILLIS = Parameter.of("millis", 0);

  /** How a process ends that crashes in the middle of a step. */
  static final int CRASH = 86;

  private static final int TICK_MILLIS = 300;

  private FaultPipelines() {}

  /** So many steps at once, each of so many milliseconds, and the sum of their squares. */
  static Pipeline<Long> fanOut(Effects effects) {
    Step<List<Integer>> list =
        Step.named("list", ResultType.listOf(Integer.class))
            .input(COUNT)
            .queue(QUEUE)
            .run((context, count) -> IntStream.range(0, count).boxed().toList());
    Step<List<Long>> squares =
        Step.forEach("square", list, Long.class)
            .queue(QUEUE)
            .input(MILLIS)
            .run(
                (context, n, millis) -> {
                  effects.add(Effects.BEGIN, context.step());
                  spend(millis);
                  effects.add(Effects.END, context.step());
                  return (long) n * n;
                });
    Step<Long> sum =
        Step.named("sum", Long.class)
            .input(squares)
            .queue(QUEUE)
            .run((context, all) -> all.stream().mapToLong(n -> n).sum());
    return Pipeline.of("fan-out", sum);
  }

  /** A step that publishes and whose process crashes then, before its result is on record, once. */
  static Pipeline<ArtifactVersion> crash(Effects effects, Path marker) {
    Step<ArtifactVersion> model =
        Step.named("model", ArtifactVersion.class)
            .queue(QUEUE)
            .run(
                context -> {
                  effects.add(Effects.BEGIN, context.step());
                  Path file = context.workFolder().resolve("weights.bin");
                  Files.writeString(file, "the same weights whoever makes them");
                  ArtifactVersion version = context.publish("model", file);
                  if (!Files.exists(marker)) {
                    Files.writeString(marker, version.toString());
                    Runtime.getRuntime().halt(CRASH);
                  }
                  effects.add(Effects.END, context.step());
                  return version;
                });
    return Pipeline.of("crash", model);
  }

  /** What a schedule starts. */
  static Pipeline<String> tick(Effects effects) {
    Step<String> tick =
        Step.named("tick", String.class)
            .queue(QUEUE)
            .run(
                context -> {
                  effects.add(Effects.BEGIN, context.run().value());
                  spend(TICK_MILLIS);
                  effects.add(Effects.END, context.run().value());
                  return context.run().value();
                });
    return Pipeline.of("tick", tick);
  }

  /** Waits as a step does that works: it hears its interrupt. */
  private static void spend(int millis) throws InterruptedException {
    if (millis > 0 && new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS)) {
      throw new IllegalStateException("nobody counts down");
    }
  }
}
