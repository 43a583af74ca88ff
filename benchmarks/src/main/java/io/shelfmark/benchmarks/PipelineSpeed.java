package io.shelfmark.benchmarks;

import io.shelfmark.Workspace;
import io.shelfmark.artifact.ArtifactVersion;
import io.shelfmark.pipeline.CachePolicy;
import io.shelfmark.pipeline.FanOutBuilder;
import io.shelfmark.pipeline.LocalRunner;
import io.shelfmark.pipeline.Parameter;
import io.shelfmark.pipeline.Pipeline;
import io.shelfmark.pipeline.PipelineRunner;
import io.shelfmark.pipeline.Step;
import io.shelfmark.tracking.PipelineTracking;
import io.shelfmark.tracking.Tracker;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;

/**
 * What does a durable step cost beside a bare fdatasync, one that publishes an artifact beside
 * publishing it alone, a fan-out of 10,000, tracked or not, and an explanation of 10,000 cached
 * steps?
 *
 * <pre>java -cp benchmarks/target/shelfmark-benchmarks.jar io.shelfmark.benchmarks.PipelineSpeed \
 *     FOLDER [durable | artifacts | fan-out | tracked | explain]</pre>
 *
 * <p>The folder must be empty, and on the disk that is asked about. What is compared takes turns;
 * medians are printed, and of ratios the median of the turns' ratios.
 */
public final class PipelineSpeed {

  private static final int ROUNDS = 9;
  private static final int MANY = 10_000;
  private static final int CHAIN = 200;
  private static final int ARTIFACTS = 30;
  private static final int ARTIFACT_BYTES = 100_000;
  private static final int RECORD_BYTES = 450;

  private final Path folder;
  private final Workspace workspace;

  private PipelineSpeed(Path folder, Workspace workspace) {
    this.folder = folder;
    this.workspace = workspace;
  }

  /** Measures all, or one part. */
  public static void main(String[] args) throws Exception {
    Path folder = Files.createDirectories(Path.of(args[0]));
    List<String> parts =
        args.length > 1
            ? List.of(args[1])
            : List.of("durable", "artifacts", "fan-out", "tracked", "explain");
    try (Workspace workspace = Workspace.open(folder.resolve("workspace"))) {
      PipelineSpeed speed = new PipelineSpeed(folder, workspace);
      for (String part : parts) {
        switch (part) {
          case "durable" -> speed.durable();
          case "artifacts" -> speed.artifacts();
          case "fan-out" -> speed.fanOut();
          case "tracked" -> speed.tracked();
          case "explain" -> speed.explain();
          default -> throw new IllegalArgumentException("no part " + part);
        }
      }
    }
  }

  private static Pipeline<Integer> chain(int length) {
    Step<Integer> last = Step.named("step-0", Integer.class).run(context -> 0);
    for (int i = 1; i < length; i++) {
      last = Step.named("step-" + i, Integer.class).input(last).run((context, n) -> n + 1);
    }
    return Pipeline.of("chain", last);
  }

  /** Microseconds of each of so many. */
  private static double micros(int count, Callable<?> call) throws Exception {
    long start = System.nanoTime();
    call.call();
    return (System.nanoTime() - start) / 1e3 / count;
  }

  private void durable() throws Exception {
    Pipeline<Integer> chain = chain(CHAIN);
    Path journal = workspace.home().resolve("pipelines/journal");
    double[] sync = new double[ROUNDS];
    double[] memory = new double[ROUNDS];
    double[] step = new double[ROUNDS];
    double[] ratio = new double[ROUNDS];
    long bytes = 0;
    try (LocalRunner durable = LocalRunner.in(workspace).open();
        LocalRunner bare = LocalRunner.in(workspace).withoutJournal().open()) {
      for (int round = -2; round < ROUNDS; round++) {
        long before = end(journal);
        double stepTook = micros(CHAIN, () -> durable.run(chain));
        bytes = (end(journal) - before) / CHAIN;
        int record = (int) bytes;
        double syncTook = micros(CHAIN, () -> appendAndSync(record));
        double memoryTook = micros(CHAIN, () -> bare.run(chain));
        if (round >= 0) {
          step[round] = stepTook;
          sync[round] = syncTook;
          memory[round] = memoryTook;
          ratio[round] = stepTook / (syncTook + memoryTook);
        }
      }
    }
    print("append of %d bytes and fdatasync: %.0f us", bytes, Median.of(sync));
    print("step in memory: %.1f us", Median.of(memory));
    print("durable step: %.0f us, %.2f of the two", Median.of(step), Median.of(ratio));
  }

  /** Where the events in a journal end: each has 4 bytes of length, 4 of checksum, and itself. */
  private static long end(Path journal) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(journal.toFile(), "r")) {
      long position = 0;
      while (position < file.length()) {
        file.seek(position);
        int length = file.readInt();
        if (length == 0) {
          break;
        }
        position += 8 + length;
      }
      return position;
    }
  }

  private Path appendAndSync(int bytes) throws IOException {
    Path file = folder.resolve("bare");
    try (FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
      for (int i = 0; i < CHAIN; i++) {
        channel.write(ByteBuffer.allocate(bytes));
        channel.force(false);
      }
    }
    return file;
  }

  /** Steps that publish, beside the same versions published by a loop. */
  private void artifacts() throws Exception {
    Random random = new Random(7);
    Step<ArtifactVersion> last =
        Step.named("step-0", ArtifactVersion.class)
            .run(context -> publish("chain", random.nextInt()));
    for (int i = 1; i < ARTIFACTS; i++) {
      last =
          Step.named("step-" + i, ArtifactVersion.class)
              .input(last)
              .run((context, before) -> publish("chain", random.nextInt()));
    }
    Pipeline<ArtifactVersion> chain = Pipeline.of("artifacts", last);
    double[] bare = new double[ROUNDS];
    double[] kept = new double[ROUNDS];
    double[] sync = new double[ROUNDS];
    double[] step = new double[ROUNDS];
    double[] ofBare = new double[ROUNDS];
    double[] ofKept = new double[ROUNDS];
    try (LocalRunner runner = LocalRunner.in(workspace).open()) {
      for (int round = -2; round < ROUNDS; round++) {
        double stepTook = micros(ARTIFACTS, () -> runner.run(chain));
        double bareTook = micros(ARTIFACTS, () -> publishAll("bare", random));
        double keptTook = micros(ARTIFACTS, () -> keepAndRelease(publishAll("kept", random)));
        double syncTook = micros(CHAIN, () -> appendAndSync(RECORD_BYTES));
        if (round >= 0) {
          step[round] = stepTook;
          bare[round] = bareTook;
          kept[round] = keptTook;
          sync[round] = syncTook;
          ofBare[round] = stepTook / (bareTook + syncTook);
          ofKept[round] = stepTook / (keptTook + syncTook);
        }
      }
    }
    print("append and fdatasync: %.0f us", Median.of(sync));
    print("artifact of %d bytes published: %.0f us", ARTIFACT_BYTES, Median.of(bare));
    print("the same, and kept by a reference until all are there: %.0f us", Median.of(kept));
    print("step that publishes it: %.0f us", Median.of(step));
    print(
        "that is %.2f of an artifact and a sync, %.2f of one kept and a sync",
        Median.of(ofBare), Median.of(ofKept));
  }

  private List<ArtifactVersion> publishAll(String name, Random random) {
    return IntStream.range(0, ARTIFACTS).mapToObj(i -> publish(name, random.nextInt())).toList();
  }

  /** What keeps versions from being collected while nothing else refers to them. */
  private List<ArtifactVersion> keepAndRelease(List<ArtifactVersion> versions) {
    for (int i = 0; i < versions.size(); i++) {
      workspace.references().keep("benchmark:" + i, List.of(versions.get(i).ref()));
    }
    for (int i = 0; i < versions.size(); i++) {
      workspace.references().release("benchmark:" + i);
    }
    return versions;
  }

  private ArtifactVersion publish(String name, int seed) {
    byte[] content = new byte[ARTIFACT_BYTES];
    new Random(seed).nextBytes(content);
    return workspace.artifacts().publish(name, "file", new ByteArrayInputStream(content));
  }

  private static Pipeline<List<Integer>> fanOut(boolean cached) {
    Parameter<List<Integer>> list =
        Parameter.ofList("list", Integer.class, IntStream.range(0, MANY).boxed().toList());
    FanOutBuilder<Integer, Integer> each = Step.forEach("each", list, Integer.class);
    if (cached) {
      each.cached(CachePolicy.byInputs("v1"));
    }
    return Pipeline.of("fan-out", each.run((context, n) -> n + 1));
  }

  private void fanOut() throws Exception {
    double[] durable = new double[ROUNDS];
    double[] memory = new double[ROUNDS];
    for (int round = -2; round < ROUNDS; round++) {
      double durableTook;
      try (LocalRunner runner = LocalRunner.in(workspace).open()) {
        durableTook = micros(1_000, () -> runner.run(fanOut(false)));
      }
      double memoryTook;
      try (LocalRunner runner = LocalRunner.in(workspace).withoutJournal().open()) {
        memoryTook = micros(1_000, () -> runner.run(fanOut(false)));
      }
      if (round >= 0) {
        durable[round] = durableTook;
        memory[round] = memoryTook;
      }
    }
    print(
        "fan-out of %d: %.0f ms durable, %.0f ms in memory",
        MANY, Median.of(durable), Median.of(memory));
  }

  /** Until the run's end, and until the tracker has all of it on record. */
  private void tracked() throws Exception {
    double[] untracked = new double[ROUNDS];
    double[] ended = new double[ROUNDS];
    double[] recorded = new double[ROUNDS];
    for (int round = -2; round < ROUNDS; round++) {
      double untrackedTook;
      try (LocalRunner runner = LocalRunner.in(workspace).open()) {
        untrackedTook = micros(1_000, () -> runner.run(fanOut(false)));
      }
      double endedTook;
      long start = System.nanoTime();
      try (Tracker tracker = Tracker.in(workspace)) {
        try (LocalRunner runner =
            LocalRunner.in(workspace).listener(PipelineTracking.of(tracker)).open()) {
          endedTook = micros(1_000, () -> runner.run(fanOut(false)));
        } // what has happened has been told
        tracker.deliver(Duration.ofMinutes(1));
      }
      if (round >= 0) {
        untracked[round] = untrackedTook;
        ended[round] = endedTook;
        recorded[round] = (System.nanoTime() - start) / 1e6;
      }
    }
    print(
        "fan-out of %d: %.0f ms, tracked %.0f ms, and on record with a tracker opened and closed %.0f ms",
        MANY, Median.of(untracked), Median.of(ended), Median.of(recorded));
  }

  /** Elements of a fan-out, then steps of their own; the first one of a process is printed too. */
  private void explain() throws Exception {
    List<Step<Integer>> single = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      int n = i;
      single.add(
          Step.named("single-" + i, Integer.class)
              .cached(CachePolicy.byInputs("v1"))
              .run(context -> n));
    }
    Pipeline<Integer> steps =
        Pipeline.of(
            "singles",
            Step.named("sum", Integer.class)
                .inputs(single)
                .cached(CachePolicy.byInputs("v1"))
                .run((context, all) -> all.stream().mapToInt(n -> n).sum()));
    try (LocalRunner runner = LocalRunner.in(workspace).withoutJournal().open()) {
      explain(runner, "elements", fanOut(true));
      explain(runner, "steps", steps);
    }
  }

  private static void explain(PipelineRunner runner, String what, Pipeline<?> pipeline)
      throws Exception {
    double first = micros(1_000_000, () -> runner.run(pipeline));
    double again = micros(1_000_000, () -> runner.run(pipeline));
    double cold = micros(1_000, () -> runner.explain(pipeline));
    double[] took = new double[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      took[round] = micros(1_000, () -> runner.explain(pipeline));
    }
    print("%d %s: put into the cache in %.1f s, taken from it in %.2f s", MANY, what, first, again);
    print(
        "%d %s: explained in %.0f ms at first, then in %.0f ms", MANY, what, cold, Median.of(took));
  }

  private static void print(String format, Object... values) {
    System.out.printf(Locale.ROOT, format + "%n", values);
  }
}
