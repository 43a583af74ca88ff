package io.shelfmark.pipeline;

import static io.shelfmark.pipeline.PythonText.list;
import static io.shelfmark.pipeline.PythonText.plain;
import static io.shelfmark.pipeline.PythonText.string;
import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** The Python of a DAG. Names come in as strings, never as Python's own. Used once. */
final class AirflowPython {

  private static final String RUN = "{{ dag.dag_id }}/{{ run_id }}";
  private static final String PARAMETERS = "{{ params | tojson }}";

  private final AirflowDag dag;
  private final List<ExportedStep> steps;
  private final TaskNames ids;
  private final StringBuilder text = new StringBuilder();

  AirflowPython(AirflowDag dag) {
    this.dag = dag;
    this.steps = ExportedStep.of(dag.pipeline);
    // a task's id has no slash; may be as long as 250
    this.ids =
        new TaskNames(
            steps.stream().map(ExportedStep::id).toList(), name -> name.replace('/', '.'), 200);
  }

  String text() {
    line("# Written by Shelfmark from graph %s.".formatted(dag.pipeline.graph().digest()));
    line("# Write it anew rather than change it.");
    line("from datetime import timedelta");
    line("");
    line("import pendulum");
    line("");
    imports();
    line("");
    line("with DAG(");
    dagArguments().forEach((name, value) -> line("    %s=%s,".formatted(name, value)));
    line(") as dag:");
    line("    tasks = {}");
    for (ExportedStep step : steps) {
      task(ids.of(step.id()), stepArguments(step));
    }
    task(endId(), endArguments());
    line("");
    for (ExportedStep step : steps) {
      step.after().forEach(from -> edge(ids.of(from), ids.of(step.id())));
    }
    ExportedStep.last(steps).forEach(from -> edge(ids.of(from), endId()));
    return text.toString();
  }

  private void line(String line) {
    text.append(line).append('\n');
  }

  /** The same classes have other places in Airflow 2. */
  private void imports() {
    line("try:");
    line("    from airflow.sdk import DAG, Param");
    line("except ImportError:  # Airflow 2");
    line("    from airflow import DAG");
    line("    from airflow.models.param import Param");
    if (dag.image.isEmpty()) {
      line("try:");
      line("    from airflow.providers.standard.operators.bash import BashOperator");
      line("except ImportError:  # Airflow 2");
      line("    from airflow.operators.bash import BashOperator");
    } else if (isInKubernetes()) {
      line("from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator");
    } else {
      line("from airflow.providers.docker.operators.docker import DockerOperator");
    }
  }

  private boolean isInKubernetes() {
    return dag.image.filter(AirflowDag.Image::inKubernetes).isPresent();
  }

  private Map<String, String> dagArguments() {
    Map<String, String> arguments = new LinkedHashMap<>();
    arguments.put("dag_id", string(dag.pipeline.name()));
    arguments.put("schedule", dag.schedule.map(when -> string(when.cron())).orElse("None"));
    arguments.put(
        "start_date",
        "pendulum.datetime(2024, 1, 1, tz=%s)"
            .formatted(string(dag.schedule.map(when -> when.zone().getId()).orElse("UTC"))));
    arguments.put("catchup", "False");
    if (!dag.pipeline.parameters().isEmpty()) {
      arguments.put(
          "params",
          dag.pipeline.parameters().stream()
              .map(parameter -> "        " + string(parameter.name()) + ": " + param(parameter))
              .collect(joining(",\n", "{\n", ",\n    }")));
    }
    arguments.put("tags", "[\"shelfmark\"]");
    return arguments;
  }

  private static String param(Parameter<?> parameter) {
    JsonNode value = ParameterJson.of(parameter);
    String type =
        value.isTextual()
            ? "string"
            : value.isBoolean()
                ? "boolean"
                : value.isArray()
                    ? "array"
                    : value.isObject() ? "object" : value.isIntegralNumber() ? "integer" : "number";
    String choices =
        ParameterJson.choices(parameter)
            .map(names -> ", enum=" + list(names.stream().map(PythonText::string).toList()))
            .orElse("");
    return "Param(%s, type=%s%s)".formatted(PythonText.literal(value), string(type), choices);
  }

  private void task(String id, Map<String, String> arguments) {
    String operator =
        dag.image.isEmpty()
            ? "BashOperator"
            : isInKubernetes() ? "KubernetesPodOperator" : "DockerOperator";
    line("    tasks[%s] = %s(".formatted(string(id), operator));
    line("        task_id=%s,".formatted(string(id)));
    arguments.forEach((name, value) -> line("        %s=%s,".formatted(name, value)));
    line("    )");
  }

  private void edge(String from, String to) {
    line("    tasks[%s] >> tasks[%s]".formatted(string(from), string(to)));
  }

  private Map<String, String> stepArguments(ExportedStep step) {
    Map<String, String> arguments = call(ids.of(step.id()), List.of("--step", step.id()));
    arguments.put("skip_on_exit_code", String.valueOf(OrchestratedRunner.SKIPPED));
    RetryPolicy retry = step.retry();
    arguments.put("retries", String.valueOf(retry.attempts() - 1));
    if (retry.attempts() > 1) {
      arguments.put("retry_delay", seconds(retry.firstWait()));
      arguments.put("retry_exponential_backoff", "True");
      arguments.put("max_retry_delay", seconds(retry.longestWait()));
    }
    step.processLimit().ifPresent(limit -> arguments.put("execution_timeout", seconds(limit)));
    if (!step.queue().equals("default")) {
      arguments.put("queue", string(step.queue()));
    }
    String pool = dag.pools.get(step.queue());
    if (pool != null) {
      arguments.put("pool", string(pool));
    }
    Map<String, String> labels = dag.nodeSelectors.get(step.queue());
    if (isInKubernetes() && labels != null) {
      Map<String, String> literals = new LinkedHashMap<>();
      labels.forEach((label, value) -> literals.put(label, string(value)));
      arguments.put("node_selector", PythonText.dictionary(literals));
    }
    arguments.put("trigger_rule", string("none_failed")); // a skipped step has a result: none
    return arguments;
  }

  private static String seconds(Duration duration) {
    return "timedelta(seconds=%s)".formatted(duration.toMillis() / 1000.0);
  }

  private String endId() {
    return ids.free("shelfmark-end");
  }

  private Map<String, String> endArguments() {
    Map<String, String> arguments = call(endId(), List.of("--end"));
    arguments.put("retries", "3");
    arguments.put("trigger_rule", string("none_failed"));
    return arguments;
  }

  /** How a task calls the host's main; nothing of a run goes through a shell unquoted. */
  private Map<String, String> call(String id, List<String> what) {
    List<String> words =
        Stream.of(
                dag.command.stream(),
                Stream.of("run-step", "--pipeline", dag.pipeline.name()),
                what.stream())
            .flatMap(stream -> stream)
            .toList();
    Map<String, String> arguments = new LinkedHashMap<>();
    Map<String, String> environment = new LinkedHashMap<>();
    dag.environment.forEach((name, value) -> environment.put(name, string(plain(value))));
    if (dag.image.isEmpty()) {
      environment.put("SHELFMARK_RUN", string(RUN));
      environment.put("SHELFMARK_PARAMETERS", string(PARAMETERS));
      String command =
          words.stream().map(PythonText::word).map(PythonText::plain).collect(joining(" "))
              + " --run \"$SHELFMARK_RUN\" --parameters \"$SHELFMARK_PARAMETERS\"";
      arguments.put("bash_command", string(command));
      arguments.put("env", PythonText.dictionary(environment));
      arguments.put("append_env", "True");
      return arguments;
    }
    List<String> literals = new ArrayList<>();
    words.forEach(word -> literals.add(string(plain(word))));
    Stream.of("--run", RUN, "--parameters", PARAMETERS).forEach(word -> literals.add(string(word)));
    arguments.put("image", string(plain(dag.image.orElseThrow().name())));
    if (isInKubernetes()) {
      arguments.put("name", string(podName(id)));
      dag.image
          .get()
          .namespace()
          .ifPresent(name -> arguments.put("namespace", string(plain(name))));
      arguments.put("cmds", list(literals));
      arguments.put("get_logs", "True");
      arguments.put("env_vars", PythonText.dictionary(environment));
    } else {
      arguments.put("command", list(literals));
      arguments.put("mount_tmp_dir", "False");
      arguments.put("auto_remove", string("force"));
      arguments.put("environment", PythonText.dictionary(environment));
    }
    return arguments;
  }

  private static String podName(String id) {
    String name = id.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-+", "");
    return (name.length() > 50 ? name.substring(0, 50) : name).replaceAll("-+$", "");
  }
}
