package io.shelfmark.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.shelfmark.Workspace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AttemptContextTest {

  @TempDir Path temporary;
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

  @AfterEach
  void stop() {
    timer.shutdownNow();
  }

  @Test
  void abandon_codeReturnsAtOnce_logTellsWhyAllTheSame() throws Exception {
    try (Workspace workspace = Workspaces.open(temporary)) {
      Workbench bench =
          Workbench.in(workspace, timer, name -> Optional.empty(), temporary, 1 << 20);
      AttemptContext attempt =
          new AttemptContext(bench, new RunId("1"), "slow", 1, List.of(), List.of());
      attempt.onAbandon(attempt::leave);
      assertThat(attempt.abandon(new TimeoutException("too long")))
          .contains("TimeoutException: too long");
      assertThat(Files.readString(attempt.stepLog().file())).contains("too long");
      assertThat(attempt.abandon(new TimeoutException("again"))).isEmpty();
      assertThat(attempt.abandon()).isFalse();
    }
  }
}
