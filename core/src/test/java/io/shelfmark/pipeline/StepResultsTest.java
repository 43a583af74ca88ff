package io.shelfmark.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.shelfmark.Workspace;
import io.shelfmark.artifact.ArtifactVersion;
import io.shelfmark.artifact.NewArtifactVersion;
import io.shelfmark.artifact.RetentionRule;
import io.shelfmark.testing.InMemoryBlobStore;
import io.shelfmark.testing.SettableClock;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the store keeps of cached steps. */
@Timeout(60)
class StepResultsTest {

  private final SettableClock clock = SettableClock.create();
  private final InMemoryBlobStore store = new InMemoryBlobStore(clock);
  private final AtomicInteger calls = new AtomicInteger();
  @TempDir Path temporary;
  private Workspace workspace;
  private LocalRunner runner;

  @BeforeEach
  void open() {
    workspace = workspace("home");
    runner = LocalRunner.in(workspace).withoutJournal().open();
  }

  private Workspace workspace(String home) {
    return Workspace.builder()
        .store(store)
        .home(temporary.resolve(home))
        .clock(clock)
        .gracePeriod(Duration.ZERO)
        .retention(RetentionRule.keepLast(1))
        .open();
  }

  @AfterEach
  void close() {
    runner.close();
    workspace.close();
  }

  private static ArtifactVersion publish(StepContext context, String content) throws Exception {
    try (NewArtifactVersion version = context.newArtifact("model")) {
      return version.addStream("file", new ByteArrayInputStream(content.getBytes(UTF_8))).publish();
    }
  }

  private Pipeline<ArtifactVersion> training(CachePolicy policy) {
    return Pipeline.of(
        "training",
        Step.named("Train", ArtifactVersion.class)
            .cached(policy)
            .run(c -> publish(c, "weights " + calls.incrementAndGet())));
  }

  @Test
  void cachedVersion_isKeptByItsResultUntilThatIsForgotten() {
    Pipeline<ArtifactVersion> pipeline = training(CachePolicy.byInputs("v1"));
    ArtifactVersion first = runner.run(pipeline).result();
    for (int i = 0; i < 3; i++) {
      workspace
          .artifacts()
          .publish("model", "file", new ByteArrayInputStream(new byte[] {(byte) i}));
    }
    collect();
    assertThat(workspace.artifacts().find("model", "1")).contains(first);
    assertThat(workspace.artifacts().find("model", "2")).isEmpty();
    assertThat(runner.run(pipeline).result()).isEqualTo(first);
    assertThat(workspace.stepResults().steps()).containsExactly("Train");
    assertThat(workspace.stepResults().forget("Train")).isEqualTo(1);
    collect();
    assertThat(workspace.artifacts().find("model", "1")).isEmpty();
    assertThat(runner.run(pipeline).result().number()).isEqualTo(5);
    assertThat(calls).hasValue(2);
  }

  private void collect() {
    workspace.collectGarbage();
    clock.advance(Duration.ofDays(1));
    workspace.collectGarbage();
  }

  @Test
  void resultOlderThanItsPolicyAllows_isMadeAnew() {
    Pipeline<ArtifactVersion> pipeline =
        training(CachePolicy.byInputs("v1").youngerThan(Duration.ofHours(1)));
    assertThat(runner.run(pipeline).result().number()).isEqualTo(1);
    clock.advance(Duration.ofMinutes(59));
    assertThat(runner.run(pipeline).result().number()).isEqualTo(1);
    clock.advance(Duration.ofMinutes(2));
    assertThat(runner.explain(pipeline).toString()).contains("Train: RUN").contains("too old");
    assertThat(runner.run(pipeline).result().number()).isEqualTo(2);
    assertThat(runner.run(pipeline).result().number()).isEqualTo(2);
  }

  @Test
  void inputVersion_ofTheSameFiles_isTheSameInput() {
    Step<ArtifactVersion> data =
        Step.named("data", ArtifactVersion.class).run(c -> publish(c, "photos"));
    Step<Integer> train =
        Step.named("train", Integer.class)
            .input(data)
            .cached(CachePolicy.byInputs("v1"))
            .run((c, version) -> calls.incrementAndGet());
    Pipeline<Integer> pipeline = Pipeline.of("same-files", train);
    assertThat(runner.run(pipeline).result()).isEqualTo(1);
    assertThat(runner.run(pipeline).result()).isEqualTo(1);
    assertThat(workspace.artifacts().versions("model")).hasSize(2);
  }

  @Test
  void twoRunners_thatFinishOneStep_agreeOnOneResult() {
    CyclicBarrier both = new CyclicBarrier(2);
    Pipeline<ArtifactVersion> pipeline =
        Pipeline.of(
            "race",
            Step.named("train", ArtifactVersion.class)
                .cached(CachePolicy.byInputs("v1"))
                .run(
                    c -> {
                      both.await(30, TimeUnit.SECONDS);
                      ArtifactVersion made = publish(c, "weights " + calls.incrementAndGet());
                      both.await(30, TimeUnit.SECONDS);
                      return made;
                    }));
    try (Workspace other = workspace("other");
        LocalRunner second = LocalRunner.in(other).withoutJournal().open()) {
      PipelineRun<ArtifactVersion> here = runner.start(pipeline);
      PipelineRun<ArtifactVersion> there = second.start(pipeline);
      assertThat(here.result().ref()).isEqualTo(there.result().ref());
      assertThat(calls).hasValue(2);
      assertThat(workspace.artifacts().versions("model")).hasSize(2);
    }
  }

  @Test
  void rerun_replacesTheCachedResult() {
    Pipeline<ArtifactVersion> pipeline = training(CachePolicy.byInputs("v1"));
    RunId first = runner.run(pipeline).id();
    assertThat(runner.run(pipeline, RunOptions.defaults().rerun(first, "Train")).result().number())
        .isEqualTo(2);
    assertThat(runner.run(pipeline).result().number()).isEqualTo(2);
  }
}
