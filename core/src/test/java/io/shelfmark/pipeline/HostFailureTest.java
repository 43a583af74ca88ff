package io.shelfmark.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.shelfmark.Workspace;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A host's code that fails where its runner does not call it as a step. */
@Timeout(60)
class HostFailureTest {

  @TempDir Path folder;

  /** An exception that fails itself when it is looked at. */
  static final class Odd extends Exception {
    private static final long serialVersionUID = 1L;

    @Override
    public String getMessage() {
      throw new IllegalStateException("no message");
    }

    @Override
    public synchronized Throwable getCause() {
      throw new IllegalStateException("no cause");
    }
  }

  private RunRecord run(Step<Integer> step, Function<String, Optional<String>> secrets) {
    try (Workspace workspace = Workspaces.open(folder);
        LocalRunner runner = LocalRunner.in(workspace).secrets(secrets).open()) {
      PipelineRun<Integer> run = runner.start(Pipeline.of("p", step));
      assertThat(run.await(Duration.ofSeconds(30))).isTrue();
      return run.record();
    }
  }

  private static StepBuilder.NoInput<Integer> step() {
    return Step.named("odd", Integer.class);
  }

  @Test
  void exceptionWithoutAMessageToTell_failsItsStep() {
    RunRecord record =
        run(
            step()
                .run(
                    context -> {
                      throw new Odd();
                    }),
            name -> Optional.empty());
    assertThat(record.state()).isEqualTo(RunState.FAILED);
    assertThat(record.step("odd").flatMap(StepRecord::failure))
        .hasValueSatisfying(failure -> assertThat(failure).startsWith("Odd"));
  }

  @Test
  void exceptionThatFailsAsItsCauseIsAsked_endsItsRun() {
    RunRecord record =
        run(
            step()
                .retry(RetryPolicy.attempts(2).on(IOException.class))
                .run(
                    context -> {
                      throw new Odd();
                    }),
            name -> Optional.empty());
    assertThat(record.state()).isEqualTo(RunState.FAILED);
    assertThat(record.failure().orElseThrow())
        .isEqualTo("its step odd cannot be done: IllegalStateException: no cause");
  }

  @Test
  void errorOfTheSecretsSource_failsItsStep() {
    RunRecord record =
        run(
            step().secret("token").run(context -> 1),
            name -> {
              throw new NoClassDefFoundError("vault");
            });
    assertThat(record.state()).isEqualTo(RunState.FAILED);
    assertThat(record.step("odd").flatMap(StepRecord::failure))
        .contains("NoClassDefFoundError: vault");
  }
}
