package io.shelfmark.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.shelfmark.ShelfmarkException;
import io.shelfmark.pipeline.OrchestratedRunner.Outcome;
import io.shelfmark.storage.StorageException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a process that does a step is called with. Not thread-safe. */
final class StepArguments {

  private static final Logger LOG = LoggerFactory.getLogger(StepArguments.class);
  private static final long MOMENT_SECONDS = 10;

  private String pipeline = "";
  private String run = "";
  private Optional<String> step = Optional.empty();
  private boolean isEnd;
  private int exitWhenSkipped = OrchestratedRunner.SKIPPED;
  private RunOptions options = RunOptions.defaults();

  private StepArguments(List<String> arguments) {
    Deque<String> left = new ArrayDeque<>(arguments);
    if ("run-step".equals(left.peek())) {
      left.remove();
    }
    while (!left.isEmpty()) {
      take(left.remove(), left);
    }
    options = options.id(OrchestratedRunner.runId(run));
    if (pipeline.isEmpty() || run.isEmpty() || step.isPresent() == isEnd) {
      throw new IllegalArgumentException(
          "Cannot do a step: found %s, expected --pipeline, --run and either --step or --end"
              .formatted(arguments));
    }
  }

  private void take(String name, Deque<String> left) {
    if (name.equals("--end")) {
      isEnd = true;
      return;
    }
    String value = left.poll();
    if (value == null) {
      throw new IllegalArgumentException(
          "Cannot do a step: found %s without a value, expected one".formatted(name));
    }
    switch (name) {
      case "--pipeline" -> pipeline = value;
      case "--run" -> run = value;
      case "--step" -> step = Optional.of(value);
      case "--exit-when-skipped" -> exitWhenSkipped = code(value);
      case "--set" -> set(value);
      case "--parameters" ->
          parameters(value)
              .properties()
              .forEach(
                  entry -> options = options.with(entry.getKey(), entry.getValue().toString()));
      default ->
          throw new IllegalArgumentException(
              "Cannot do a step: found %s, expected one of --pipeline, --run, --step, --end, --set, --parameters and --exit-when-skipped"
                  .formatted(name));
    }
  }

  private static int code(String text) {
    if (!text.matches("\\d{1,3}")) {
      throw new IllegalArgumentException(
          "Cannot exit with «%s»: expected a number from 0 to 255".formatted(text));
    }
    return Integer.parseInt(text);
  }

  private static JsonNode parameters(String json) {
    try {
      return Documents.read(json.getBytes(UTF_8), JsonNode.class, "--parameters");
    } catch (StorageException e) {
      throw new IllegalArgumentException(
          "Cannot set parameters to «%s»: expected an object of JSON".formatted(json), e);
    }
  }

  private void set(String setting) {
    int equals = setting.indexOf('=');
    if (equals < 1) {
      throw new IllegalArgumentException(
          "Cannot set parameter «%s»: expected NAME=VALUE".formatted(setting));
    }
    options = options.with(setting.substring(0, equals), setting.substring(equals + 1));
  }

  @SuppressWarnings("SystemOut") // it is what the main of a process does
  static int perform(
      OrchestratedRunner runner, List<Pipeline<?>> pipelines, List<String> arguments) {
    try {
      return new StepArguments(arguments).perform(runner, pipelines);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      return OrchestratedRunner.FAILED_FOR_GOOD;
    } catch (ShelfmarkException e) {
      System.err.println(e.getMessage());
      return OrchestratedRunner.FAILED;
    }
  }

  @SuppressWarnings("SystemOut")
  private int perform(OrchestratedRunner runner, List<Pipeline<?>> pipelines) {
    Pipeline<?> found =
        pipelines.stream()
            .filter(candidate -> candidate.name().equals(pipeline))
            .findFirst()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "Cannot do a step of pipeline %s: found %s, expected one of them"
                            .formatted(pipeline, pipelines)));
    if (isEnd) {
      runner.end(found, OrchestratedRunner.runId(run));
      return 0;
    }
    Outcome outcome = interruptibly(() -> runner.run(found, step.orElseThrow(), options));
    outcome.failure().ifPresent(System.err::println);
    return outcome.state() == StepState.SKIPPED ? exitWhenSkipped : outcome.exitCode();
  }

  /** Work that is interrupted when the process is told to end, and then has a moment to tidy up. */
  private static Outcome interruptibly(Supplier<Outcome> work) {
    Thread worker = Thread.currentThread();
    CountDownLatch done = new CountDownLatch(1);
    Thread hook = new Thread(() -> end(worker, done), "shelfmark-step-end");
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      return work.get();
    } finally {
      done.countDown();
      remove(hook);
    }
  }

  private static void end(Thread worker, CountDownLatch done) {
    worker.interrupt();
    try {
      if (!done.await(MOMENT_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("The step does not heed its interrupt; the process ends without it");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void remove(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      LOG.debug("The process ends already", e);
    }
  }
}
