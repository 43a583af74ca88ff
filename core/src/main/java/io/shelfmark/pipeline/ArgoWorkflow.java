package io.shelfmark.pipeline;

import io.shelfmark.storage.StorageException;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A pipeline as a workflow of Argo 3.6 or newer, whose tasks call the host's main in an image, once
 * for each step: {@code ArgoWorkflow.of(pipeline, image).command("java", "-jar",
 * "/opt/reader.jar").writeTo(file)}. Without a schedule it is a {@code Workflow} to submit. Not
 * thread-safe.
 *
 * <p>The main gives what it is called with to {@link OrchestratedRunner#perform}. A fan-out is one
 * task, a sub-pipeline's steps are tasks of their own. A step's attempts and waits are the
 * template's retries, unless the failure is one that its policy does not cover; its time limit and
 * 5 minutes more is the pod's. Skipped steps succeed, and what takes from them runs; what does not
 * take from a failed step runs too. No server of Argo was tried with it.
 */
public final class ArgoWorkflow {

  final Pipeline<?> pipeline;
  final String image;
  final Map<String, Map<String, String>> nodeSelectors = new LinkedHashMap<>();
  final Map<String, String> environment = new LinkedHashMap<>();
  final Map<String, SecretKey> secrets = new LinkedHashMap<>();
  List<String> command = List.of();
  Optional<ExportedSchedule> schedule = Optional.empty();
  Optional<String> serviceAccount = Optional.empty();

  /** An entry of a secret of Kubernetes. */
  record SecretKey(String secret, String key) {}

  private ArgoWorkflow(Pipeline<?> pipeline, String image) {
    this.pipeline = Objects.requireNonNull(pipeline, "pipeline");
    this.image = Objects.requireNonNull(image, "image");
  }

  /** Begins with a pipeline and the image that has the host's main. */
  public static ArgoWorkflow of(Pipeline<?> pipeline, String image) {
    return new ArgoWorkflow(pipeline, image);
  }

  /** The host's main: a program and its first arguments, to which those of the step are added. */
  public ArgoWorkflow command(String... words) {
    command = List.of(words);
    return this;
  }

  /**
   * Starts runs by a crontab's five fields, or {@code @daily} and the like, in a time zone, one at
   * a time: writes a {@code CronWorkflow}.
   *
   * @throws IllegalArgumentException when it is none
   */
  public ArgoWorkflow schedule(String cron, ZoneId zone) {
    schedule = Optional.of(ExportedSchedule.of(pipeline, cron, zone));
    return this;
  }

  /** Does the steps of a queue on nodes that have a label. */
  public ArgoWorkflow nodeSelector(String queue, String label, String value) {
    nodeSelectors
        .computeIfAbsent(queue, key -> new LinkedHashMap<>())
        .put(label, Objects.requireNonNull(value, "value"));
    return this;
  }

  /** Sets a variable of the tasks' environment; no secrets, as the file shows it. */
  public ArgoWorkflow environment(String name, String value) {
    environment.put(name, Objects.requireNonNull(value, "value"));
    return this;
  }

  /** Sets a variable of the tasks' environment to an entry of a secret of Kubernetes. */
  public ArgoWorkflow secretEnvironment(String name, String secret, String key) {
    secrets.put(name, new SecretKey(secret, key));
    return this;
  }

  /** The account of Kubernetes that the pods have. */
  public ArgoWorkflow serviceAccount(String name) {
    serviceAccount = Optional.of(name);
    return this;
  }

  /**
   * Writes the file, in place of what was there.
   *
   * @throws IllegalStateException when no command was given
   * @throws IllegalArgumentException when a text has what Argo takes for a variable
   * @throws StorageException when it cannot be written
   */
  public void writeTo(Path file) {
    ExportedFile.write(file, toString());
  }

  /**
   * The file's text.
   *
   * @throws IllegalStateException when no command was given
   * @throws IllegalArgumentException when a text has what Argo takes for a variable
   */
  @Override
  public String toString() {
    if (command.isEmpty()) {
      throw new IllegalStateException(
          "Cannot write a workflow of %s: found no command, expected the host's main (give it with command)"
              .formatted(pipeline));
    }
    return new ArgoYaml(this).text();
  }
}
