package io.shelfmark.pipeline;

import io.shelfmark.Workspace;
import io.shelfmark.testing.InMemoryBlobStore;
import io.shelfmark.testing.PipelineRunnerContract;
import io.shelfmark.testing.SettableClock;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

class LocalRunnerTest {

  @TempDir Path temporary;
  private Workspace workspace;
  private LocalRunner runner;

  private void open(boolean withJournal) {
    SettableClock clock = SettableClock.create();
    workspace =
        Workspace.builder()
            .store(new InMemoryBlobStore(clock))
            .home(temporary.resolve("home"))
            .clock(clock)
            .open();
    LocalRunnerBuilder builder =
        LocalRunner.in(workspace)
            .parallelism(4)
            .secrets(
                name ->
                    name.equals("token")
                        ? Optional.of(PipelineRunnerContract.SECRET)
                        : Optional.empty());
    runner = withJournal ? builder.open() : builder.withoutJournal().open();
  }

  @AfterEach
  void close() {
    runner.close();
    workspace.close();
  }

  @Nested
  class OnRecord extends PipelineRunnerContract {
    @BeforeEach
    void openRunner() {
      open(true);
    }

    @Override
    protected PipelineRunner runner() {
      return runner;
    }
  }

  @Nested
  class WithoutJournal extends PipelineRunnerContract {
    @BeforeEach
    void openRunner() {
      open(false);
    }

    @Override
    protected PipelineRunner runner() {
      return runner;
    }
  }
}
