package io.shelfmark.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.TextNode;
import io.shelfmark.Workspace;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Secrets in what is logged and kept. */
@Timeout(60)
class StepLogTest {

  private static final String KEY =
      """
      -----BEGIN PRIVATE KEY-----
      MIIEvQIBADANBgkqhkiG9w0BAQEF
      AASCBKcwggSjAgEAAoIBAQC7VJTU
      -----END PRIVATE KEY-----
      """;

  @TempDir Path folder;

  private StepLog log(String... secrets) {
    return new StepLog(folder.resolve("log"), 10_000, List.of(secrets));
  }

  @Test
  void keyOfManyLines_isMaskedInEachLine() {
    StepLog log = log(KEY);
    assertThat(KEY.lines().map(log::mask)).containsOnly("***");
    assertThat(KEY.lines().map(line -> log.mask("key:  " + line + "\r")))
        .containsOnly("key:  ***\r");
    assertThat(log.mask("before\n" + KEY + "after")).isEqualTo("before\n***after");
  }

  @Test
  void shortLinesOfASecret_areNotMaskedByThemselves() {
    StepLog log = log("begin\nof the secret\nend");
    assertThat(log.mask("the end")).isEqualTo("the end");
    assertThat(log.mask("of the secret")).isEqualTo("***");
  }

  @Test
  void secretInJson_isFoundAndMasked() {
    for (String secret : List.of(KEY, "pass\"word\\1", "plain", "tab\tis\u0001")) {
      StepLog log = log(secret, "");
      String json = new TextNode("a" + secret).toString();
      assertThat(log.showsSecret(json)).as(json).isTrue();
      assertThat(log.mask(json)).isEqualTo("\"a***\"");
      assertThat(log.showsSecret("-----BEGIN PRIVATE KEY-----")).isFalse();
    }
  }

  @Test
  void resultWithASecretThatHasQuotes_isNotKept() {
    Step<String> step =
        Step.named("telling", String.class).secret("token").run(c -> "it is " + c.secret("token"));
    try (Workspace workspace = Workspaces.open(folder);
        LocalRunner runner =
            LocalRunner.in(workspace).secrets(name -> Optional.of("s3\"cr3t\n")).open()) {
      PipelineRun<String> run = runner.start(Pipeline.of("p", step));
      assertThat(run.await(Duration.ofSeconds(30))).isTrue();
      assertThat(run.record().step("telling").flatMap(StepRecord::failure).orElseThrow())
          .contains("its result holds a secret's value");
    }
  }

  @Test
  void failureThatTellsAKey_isLoggedWithoutIt() {
    Step<String> step =
        Step.named("failing", String.class)
            .secret("key")
            .run(
                context -> {
                  throw new IllegalStateException("cannot use " + context.secret("key"));
                });
    try (Workspace workspace = Workspaces.open(folder);
        LocalRunner runner = LocalRunner.in(workspace).secrets(name -> Optional.of(KEY)).open()) {
      PipelineRun<String> run = runner.start(Pipeline.of("p", step));
      assertThat(run.await(Duration.ofSeconds(30))).isTrue();
      assertThat(runner.log(run.id(), "failing"))
          .contains("cannot use ***")
          .doesNotContain("PRIVATE KEY", "MIIEvQIB", "AASCBKc");
    }
  }
}
