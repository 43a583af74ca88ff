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
 * A pipeline as a file for Airflow 2 or 3, whose tasks call the host's main, once for each step:
 * {@code AirflowDag.of(pipeline).command("java", "-jar", "/opt/reader.jar").writeTo(file)}. By
 * default the tasks are commands of Bash on Airflow's workers, started by hand. Not thread-safe.
 *
 * <p>The main gives what it is called with to {@link OrchestratedRunner#perform}. A fan-out is one
 * task, a sub-pipeline's steps are tasks of their own. A step's attempts and waits are Airflow's
 * retries; its queue is the task's; its time limit and 5 minutes more is the task's. Skipped steps
 * are skipped tasks, and what takes from them runs. Airflow does not see exceptions: it calls again
 * whatever the failure was. No real Airflow was tried with it.
 */
public final class AirflowDag {

  final Pipeline<?> pipeline;
  final Map<String, String> pools = new LinkedHashMap<>();
  final Map<String, Map<String, String>> nodeSelectors = new LinkedHashMap<>();
  final Map<String, String> environment = new LinkedHashMap<>();
  List<String> command = List.of();
  Optional<Image> image = Optional.empty();
  Optional<ExportedSchedule> schedule = Optional.empty();

  /** Where tasks are done. */
  record Image(boolean inKubernetes, String name, Optional<String> namespace) {}

  private AirflowDag(Pipeline<?> pipeline) {
    this.pipeline = Objects.requireNonNull(pipeline, "pipeline");
  }

  /** Begins with a pipeline, whose name is the DAG's. */
  public static AirflowDag of(Pipeline<?> pipeline) {
    return new AirflowDag(pipeline);
  }

  /** The host's main: a program and its first arguments, to which those of the step are added. */
  public AirflowDag command(String... words) {
    command = List.of(words);
    return this;
  }

  /** Does each task in a container of Docker of an image. */
  public AirflowDag inDocker(String imageName) {
    image = Optional.of(new Image(false, imageName, Optional.empty()));
    return this;
  }

  /** Does each task in a pod of Kubernetes of an image, in a namespace. */
  public AirflowDag inKubernetes(String imageName, String namespace) {
    image = Optional.of(new Image(true, imageName, Optional.of(namespace)));
    return this;
  }

  /**
   * Starts runs by a crontab's five fields, or {@code @daily} and the like, in a time zone; missed
   * ones are not made up for.
   *
   * @throws IllegalArgumentException when it is none
   */
  public AirflowDag schedule(String cron, ZoneId zone) {
    schedule = Optional.of(ExportedSchedule.of(pipeline, cron, zone));
    return this;
  }

  /** Takes a slot of Airflow's pool for each step of a queue. */
  public AirflowDag pool(String queue, String pool) {
    pools.put(queue, Objects.requireNonNull(pool, "pool"));
    return this;
  }

  /** Does the steps of a queue on nodes of Kubernetes that have a label. */
  public AirflowDag nodeSelector(String queue, String label, String value) {
    nodeSelectors
        .computeIfAbsent(queue, key -> new LinkedHashMap<>())
        .put(label, Objects.requireNonNull(value, "value"));
    return this;
  }

  /** Sets a variable of the tasks' environment; no secrets, as the file shows it. */
  public AirflowDag environment(String name, String value) {
    environment.put(name, Objects.requireNonNull(value, "value"));
    return this;
  }

  /**
   * Writes the file, in place of what was there.
   *
   * @throws IllegalStateException when no command was given
   * @throws StorageException when it cannot be written
   */
  public void writeTo(Path file) {
    ExportedFile.write(file, toString());
  }

  /**
   * The file's text.
   *
   * @throws IllegalStateException when no command was given
   */
  @Override
  public String toString() {
    if (command.isEmpty()) {
      throw new IllegalStateException(
          "Cannot write a DAG of %s: found no command, expected the host's main (give it with command)"
              .formatted(pipeline));
    }
    return new AirflowPython(this).text();
  }
}
