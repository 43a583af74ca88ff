package io.shelfmark.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.representer.StandardRepresenter;

/** The YAML of a workflow. Used once. */
final class ArgoYaml {

  private static final int LONGEST_NAME = 100;

  private final ArgoWorkflow workflow;
  private final List<ExportedStep> steps;
  private final TaskNames names;
  private final TaskNames parameters;

  ArgoYaml(ArgoWorkflow workflow) {
    this.workflow = workflow;
    this.steps = ExportedStep.of(workflow.pipeline);
    this.names =
        new TaskNames(
            steps.stream().map(ExportedStep::id).toList(), ArgoYaml::taskName, LONGEST_NAME);
    this.parameters =
        new TaskNames(
            workflow.pipeline.parameters().stream().<String>map(Parameter::name).toList(),
            name -> name.replace('.', '_'),
            LONGEST_NAME);
  }

  /** No digit first: Argo refuses such a name where {@code depends} is used. */
  private static String taskName(String step) {
    String name = step.replaceAll("[^A-Za-z0-9]", "-");
    return name.matches("[A-Za-z].*") ? name : "s-" + name;
  }

  String text() {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("apiVersion", "argoproj.io/v1alpha1");
    document.put("kind", workflow.schedule.isPresent() ? "CronWorkflow" : "Workflow");
    document.put("metadata", metadata());
    document.put("spec", workflow.schedule.map(this::cron).orElseGet(this::spec));
    DumpSettings settings =
        DumpSettings.builder()
            .setDefaultFlowStyle(FlowStyle.BLOCK)
            .setUseUnicodeEncoding(false)
            .setSplitLines(false)
            .build();
    return new Dump(settings, new Texts(settings)).dumpToString(document);
  }

  private Map<String, Object> metadata() {
    String name = kubernetesName(workflow.pipeline.name());
    Map<String, Object> metadata = new LinkedHashMap<>();
    if (workflow.schedule.isPresent()) {
      metadata.put("name", name);
    } else {
      metadata.put("generateName", name + "-");
    }
    metadata.put(
        "annotations", Map.of("shelfmark.io/graph", workflow.pipeline.graph().digest().toString()));
    return metadata;
  }

  private static String kubernetesName(String name) {
    String spelled = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    return (spelled.length() > 40 ? spelled.substring(0, 40) : spelled).replaceAll("-+$", "");
  }

  private Map<String, Object> cron(ExportedSchedule schedule) {
    Map<String, Object> cron = new LinkedHashMap<>();
    cron.put("schedules", List.of(schedule.cron()));
    cron.put("timezone", schedule.zone().getId());
    cron.put("concurrencyPolicy", "Forbid");
    cron.put("workflowSpec", spec());
    return cron;
  }

  private Map<String, Object> spec() {
    Map<String, Object> spec = new LinkedHashMap<>();
    spec.put("entrypoint", "pipeline");
    workflow.serviceAccount.ifPresent(name -> spec.put("serviceAccountName", name));
    if (!workflow.pipeline.parameters().isEmpty()) {
      List<Object> values = new ArrayList<>();
      for (Parameter<?> parameter : workflow.pipeline.parameters()) {
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("name", parameters.of(parameter.name()));
        value.put("value", plain(text(parameter)));
        ParameterJson.choices(parameter).ifPresent(choices -> value.put("enum", choices));
        values.add(value);
      }
      spec.put("arguments", Map.of("parameters", values));
    }
    List<Object> templates = new ArrayList<>();
    templates.add(dag());
    for (ExportedStep step : steps) {
      templates.add(template(step));
    }
    templates.add(end());
    spec.put("templates", templates);
    return spec;
  }

  /** A value as a command line gives it. */
  private static String text(Parameter<?> parameter) {
    JsonNode json = ParameterJson.of(parameter);
    return json.isTextual() && !json.textValue().startsWith("\"")
        ? json.textValue()
        : json.toString();
  }

  private Map<String, Object> dag() {
    List<Object> tasks = new ArrayList<>();
    for (ExportedStep step : steps) {
      tasks.add(task(names.of(step.id()), step.after()));
    }
    tasks.add(task(endName(), ExportedStep.last(steps)));
    Map<String, Object> dag = new LinkedHashMap<>();
    dag.put("name", "pipeline");
    // what does not take from a failed step goes on
    Map<String, Object> graph = new LinkedHashMap<>();
    graph.put("failFast", false);
    graph.put("tasks", tasks);
    dag.put("dag", graph);
    return dag;
  }

  private Map<String, Object> task(String name, List<String> after) {
    Map<String, Object> task = new LinkedHashMap<>();
    task.put("name", name);
    task.put("template", "step-" + name);
    if (!after.isEmpty()) {
      task.put(
          "depends",
          after.stream()
              .map(names::of)
              .map(from -> "(%s.Succeeded || %s.Skipped)".formatted(from, from))
              .collect(Collectors.joining(" && ")));
    }
    return task;
  }

  private Map<String, Object> template(ExportedStep step) {
    Map<String, Object> template = new LinkedHashMap<>();
    template.put("name", "step-" + names.of(step.id()));
    Map<String, String> labels = workflow.nodeSelectors.get(step.queue());
    if (labels != null) {
      template.put("nodeSelector", new LinkedHashMap<>(labels));
    }
    step.processLimit()
        .ifPresent(limit -> template.put("activeDeadlineSeconds", limit.toSeconds()));
    if (step.retry().attempts() > 1) {
      template.put("retryStrategy", retry(step.retry()));
    }
    List<String> what = new ArrayList<>(List.of("--step", step.id(), "--exit-when-skipped", "0"));
    for (Parameter<?> parameter : workflow.pipeline.parameters()) {
      String value = "{{workflow.parameters." + parameters.of(parameter.name()) + "}}";
      what.addAll(List.of("--set", parameter.name() + "=" + value));
    }
    template.put("container", container(what));
    return template;
  }

  private static Map<String, Object> retry(RetryPolicy policy) {
    Map<String, Object> retry = new LinkedHashMap<>();
    retry.put("limit", String.valueOf(policy.attempts() - 1));
    retry.put("retryPolicy", "Always");
    retry.put("expression", "asInt(lastRetry.exitCode) != " + OrchestratedRunner.FAILED_FOR_GOOD);
    Map<String, Object> backoff = new LinkedHashMap<>();
    backoff.put("duration", seconds(policy.firstWait()));
    backoff.put("factor", "2");
    backoff.put("cap", seconds(policy.longestWait()));
    retry.put("backoff", backoff);
    return retry;
  }

  /** Go's durations; an empty wait would be no backoff at all. */
  private static String seconds(Duration wait) {
    return Math.max(1, wait.toSeconds()) + "s";
  }

  private String endName() {
    return names.free("shelfmark-end");
  }

  private Map<String, Object> end() {
    Map<String, Object> template = new LinkedHashMap<>();
    template.put("name", "step-" + endName());
    template.put("retryStrategy", Map.of("limit", "3"));
    template.put("container", container(List.of("--end")));
    return template;
  }

  private Map<String, Object> container(List<String> what) {
    List<String> arguments = new ArrayList<>();
    workflow.command.stream().skip(1).map(ArgoYaml::plain).forEach(arguments::add);
    arguments.addAll(List.of("run-step", "--pipeline", workflow.pipeline.name()));
    arguments.addAll(List.of("--run", "{{workflow.name}}/{{workflow.uid}}"));
    arguments.addAll(what);
    Map<String, Object> container = new LinkedHashMap<>();
    container.put("image", plain(workflow.image));
    container.put("command", List.of(plain(workflow.command.get(0))));
    container.put("args", arguments);
    List<Object> environment = new ArrayList<>();
    workflow.environment.forEach(
        (name, value) -> environment.add(variable(name, "value", plain(value))));
    workflow.secrets.forEach(
        (name, from) -> {
          Map<String, Object> key = new LinkedHashMap<>();
          key.put("name", from.secret());
          key.put("key", from.key());
          environment.add(variable(name, "valueFrom", Map.of("secretKeyRef", key)));
        });
    if (!environment.isEmpty()) {
      container.put("env", environment);
    }
    return container;
  }

  private static Map<String, Object> variable(String name, String field, Object value) {
    Map<String, Object> variable = new LinkedHashMap<>();
    variable.put("name", name);
    variable.put(field, value);
    return variable;
  }

  /** Argo has no way to write what begins its own variables. */
  private static String plain(String text) {
    if (text.contains("{{")) {
      throw new IllegalArgumentException(
          "Cannot write «%s» into a workflow: found {{, expected none, as Argo puts variables there (give it to the main in another way)"
              .formatted(text));
    }
    return text;
  }

  /**
   * Texts without quotes only where no version of YAML reads something else: Argo's reader is of
   * 1.1, to which {@code yes} is a boolean and {@code 1:30} a number.
   */
  private static final class Texts extends StandardRepresenter {

    private static final Set<String> WORDS =
        Set.of("y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf");

    Texts(DumpSettings settings) {
      super(settings);
      representers.put(
          String.class,
          data -> {
            String text = (String) data;
            boolean isSafe =
                text.matches("[A-Za-z][A-Za-z0-9_./-]*")
                    && !WORDS.contains(text.toLowerCase(Locale.ROOT));
            return representScalar(
                Tag.STR, text, isSafe ? ScalarStyle.PLAIN : ScalarStyle.DOUBLE_QUOTED);
          });
    }
  }
}
