package io.shelfmark.storage.fs;

import io.shelfmark.Workspace;
import io.shelfmark.pipeline.LocalRunner;
import io.shelfmark.pipeline.PipelineRunner;
import io.shelfmark.testing.PipelineRunnerContract;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

class FsPipelineRunnerTest extends PipelineRunnerContract {

  @TempDir Path folder;
  private Workspace workspace;
  private LocalRunner runner;

  @BeforeEach
  void open() {
    workspace = Workspace.open(folder);
    runner =
        LocalRunner.in(workspace)
            .parallelism(4)
            .secrets(name -> name.equals("token") ? Optional.of(SECRET) : Optional.empty())
            .open();
  }

  @AfterEach
  void close() {
    runner.close();
    workspace.close();
  }

  @Override
  protected PipelineRunner runner() {
    return runner;
  }
}
