package io.shelfmark.tracking.internal.host;

import io.shelfmark.tracking.internal.Names;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The state of the code that runs, as git tells it.
 *
 * @param commit that the working tree stands at; nothing where there is no git
 * @param tags for a run
 */
public record CodeState(Optional<String> commit, Map<String, String> tags) {

  /** Not known, or not yet. */
  public static final CodeState UNKNOWN = new CodeState(Optional.empty(), Map.of());

  private static final long PATIENCE_SECONDS = 10;

  /** Copies the tags. */
  public CodeState {
    tags = Map.copyOf(tags);
  }

  /** Asks git, on a thread of its own: a large tree takes seconds. */
  public static CompletableFuture<CodeState> of(Path folder) {
    CompletableFuture<CodeState> result = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                result.complete(read(folder));
              } catch (RuntimeException e) {
                result.complete(UNKNOWN);
              }
            },
            "shelfmark-git");
    thread.setDaemon(true);
    thread.start();
    return result;
  }

  private static CodeState read(Path folder) {
    Optional<String> commit = git(folder, "rev-parse", "HEAD").filter(text -> !text.isEmpty());
    if (commit.isEmpty()) {
      return UNKNOWN;
    }
    Map<String, String> tags = new LinkedHashMap<>();
    tags.put("mlflow.source.git.commit", commit.get());
    git(folder, "rev-parse", "--abbrev-ref", "HEAD")
        .ifPresent(branch -> tags.put("mlflow.source.git.branch", branch));
    git(folder, "config", "--get", "remote.origin.url")
        .filter(url -> !url.isEmpty())
        .ifPresent(url -> tags.put("mlflow.source.git.repoURL", withoutCredentials(url)));
    Optional<String> diff = git(folder, "diff", "HEAD");
    diff.ifPresent(
        text -> {
          tags.put("mlflow.source.git.dirty", text.isEmpty() ? "False" : "True");
          if (!text.isEmpty()) {
            tags.put("mlflow.source.git.diff", shortened(text));
          }
        });
    tags.replaceAll((key, text) -> Names.cleaned(text));
    return new CodeState(commit, tags);
  }

  private static String withoutCredentials(String url) {
    return url.replaceFirst("//[^/]*@", "//");
  }

  private static String shortened(String diff) {
    String end = "\n… (%d characters in all)".formatted(diff.length());
    return diff.length() <= Names.MAX_TAG
        ? diff
        : diff.substring(0, Names.MAX_TAG - end.length()) + end;
  }

  /** What git prints; nothing when there is none, it fails, or takes too long. */
  private static Optional<String> git(Path folder, String... arguments) {
    List<String> command =
        Stream.concat(
                Stream.of("git", "-C", folder.toAbsolutePath().toString()),
                Arrays.stream(arguments))
            .toList();
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      CompletableFuture.delayedExecutor(PATIENCE_SECONDS, TimeUnit.SECONDS)
          .execute(process::destroyForcibly);
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.waitFor() == 0 ? Optional.of(output.strip()) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}
