package io.shelfmark.tracking.internal.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CodeStateTest {

  @TempDir Path folder;

  private CodeState state() throws Exception {
    return CodeState.of(folder).get(30, TimeUnit.SECONDS);
  }

  private boolean git(String... arguments) throws InterruptedException {
    List<String> command = new ArrayList<>(List.of("git", "-C", folder.toString()));
    command.addAll(
        List.of("-c", "user.name=t", "-c", "user.email=t@t", "-c", "init.defaultBranch=main"));
    command.addAll(List.of(arguments));
    try {
      return new ProcessBuilder(command)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void folder_withoutGit_isUnknown() throws Exception {
    assertThat(state()).isEqualTo(CodeState.UNKNOWN);
  }

  @Test
  void workingTree_changed_tellsCommitAndDifferenceWithoutCredentials() throws Exception {
    assumeTrue(git("init"), "git is not installed");
    Path file = Files.writeString(folder.resolve("train.py"), "epochs = 1\n");
    git("add", ".");
    git("commit", "-m", "first");
    git("remote", "add", "origin", "https://ann:se@cret@git.example/shelf.git");

    CodeState clean = state();
    assertThat(clean.commit().orElseThrow()).matches("[0-9a-f]{40}");
    assertThat(clean.tags())
        .containsEntry("mlflow.source.git.commit", clean.commit().get())
        .containsEntry("mlflow.source.git.dirty", "False")
        .containsEntry("mlflow.source.git.repoURL", "https://git.example/shelf.git")
        .doesNotContainKey("mlflow.source.git.diff");

    Files.writeString(file, "epochs = 20\n");
    assertThat(state().tags())
        .containsEntry("mlflow.source.git.dirty", "True")
        .extractingByKey("mlflow.source.git.diff")
        .asString()
        .contains("+epochs = 20");

    Files.writeString(file, "x = 1\n".repeat(5000));
    assertThat(state().tags().get("mlflow.source.git.diff"))
        .hasSizeLessThanOrEqualTo(8000)
        .contains("characters in all");
  }
}
