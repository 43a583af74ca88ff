package io.shelfmark.inference.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ModelVersionTest {

  private final FakeModels models = new FakeModels(1);
  private final List<ModelVersion> closed = new ArrayList<>();

  @Test
  void release_last_closesOnAnotherThreadAndNobodyTakesItAgain() {
    List<Runnable> closers = new ArrayList<>();
    ModelVersion version = new ModelVersion("v1", models, closed::add, closers::add);
    assertThat(version.acquire()).isTrue();
    version.release();
    assertThat(closers).isEmpty();
    version.release();

    assertThat(models.isClosed()).isFalse();
    assertThat(version.acquire()).isFalse();
    assertThat(closers).hasSize(1);
    closers.get(0).run();
    version.awaitClosed();
    assertThat(models.isClosed()).isTrue();
    assertThat(closed).containsExactly(version);
  }

  @Test
  void release_systemWithoutThreads_closesOnTheSpot() {
    ModelVersion version =
        new ModelVersion(
            "v1",
            models,
            closed::add,
            task -> {
              throw new OutOfMemoryError("unable to create native thread");
            });
    version.release();

    version.awaitClosed();
    assertThat(models.isClosed()).isTrue();
    assertThat(closed).containsExactly(version);
  }
}
