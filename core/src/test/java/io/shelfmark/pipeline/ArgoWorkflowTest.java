package io.shelfmark.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

class ArgoWorkflowTest {

  private static final Map<String, Map<String, String>> DOCUMENTED = documented();

  private static Map<String, Map<String, String>> documented() {
    Map<String, Map<String, String>> table = new HashMap<>();
    try (InputStream file = ArgoWorkflowTest.class.getResourceAsStream("argo-fields.txt")) {
      new String(file.readAllBytes(), UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(line -> line.split(": ", 2))
          .forEach(
              line -> {
                Map<String, String> fields = new HashMap<>();
                for (String field : line[1].split(" ")) {
                  fields.put(field.split(":")[0], field.split(":")[1]);
                }
                table.put(line[0], fields);
              });
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return table;
  }

  /** The document, each field of which must be documented and of its type. */
  @SuppressWarnings("unchecked") // keys of YAML's maps are texts here
  private static Map<String, Object> check(ArgoWorkflow workflow) {
    Map<String, Object> document =
        (Map<String, Object>)
            new Load(LoadSettings.builder().build()).loadFromString(workflow.toString());
    require(document, String.valueOf(document.get("kind")), "");
    return document;
  }

  private static void require(Object value, String type, String path) {
    switch (type) {
      case "text" -> assertThat(value).as(path).isInstanceOf(String.class);
      case "number" -> assertThat(value).as(path).isInstanceOf(Number.class);
      case "boolean" -> assertThat(value).as(path).isInstanceOf(Boolean.class);
      default -> {
        if (type.startsWith("[")) {
          assertThat(value).as(path).isInstanceOf(List.class);
          ((List<?>) value)
              .forEach(e -> require(e, type.substring(1, type.length() - 1), path + "[]"));
        } else if (type.startsWith("{")) {
          ((Map<?, ?>) value)
              .forEach((k, e) -> require(e, type.substring(1, type.length() - 1), path + "." + k));
        } else {
          Map<String, String> fields = DOCUMENTED.get(type);
          assertThat(fields).as("object " + type).isNotNull();
          ((Map<?, ?>) value)
              .forEach(
                  (field, inner) -> {
                    assertThat(fields).as(path + " of " + type).containsKey((String) field);
                    require(inner, fields.get(field), path + "." + field);
                  });
        }
      }
    }
  }

  @SuppressWarnings("unchecked")
  private static <T> T at(Object document, Object... path) {
    Object value = document;
    for (Object key : path) {
      value =
          key instanceof Integer index
              ? ((List<?>) value).get(index)
              : ((Map<?, ?>) value).get(key);
    }
    return (T) value;
  }

  private static Map<String, Object> template(Object spec, String name) {
    List<Map<String, Object>> templates = at(spec, "templates");
    return templates.stream().filter(t -> t.get("name").equals(name)).findFirst().orElseThrow();
  }

  @Test
  void pipeline_asAWorkflow_keepsItsWiresRetriesAndLimits() {
    Map<String, Object> document =
        check(
            ArgoWorkflow.of(AirflowDagTest.loop(), "reader:1.2")
                .command("java", "-jar", "/opt/reader.jar")
                .nodeSelector("gpu", "accelerator", "h200")
                .environment("STORE", "s3://shops")
                .secretEnvironment("AWS_SECRET_ACCESS_KEY", "shops", "secret-key")
                .serviceAccount("reader"));
    Object spec = at(document, "spec");
    Map<String, String> depends = new LinkedHashMap<>();
    List<Map<String, String>> tasks = at(template(spec, "pipeline"), "dag", "tasks");
    tasks.forEach(t -> depends.put(t.get("name"), t.getOrDefault("depends", "")));
    assertThat(depends)
        .containsEntry("count", "")
        .containsEntry("train-fit", "")
        .containsEntry("better", "(train-fit.Succeeded || train-fit.Skipped)")
        .containsEntry(
            "publish",
            "(train-fit.Succeeded || train-fit.Skipped) && (better.Succeeded || better.Skipped)")
        .containsEntry("shelfmark-end", "(report.Succeeded || report.Skipped)")
        .hasSize(6);
    Map<String, Object> count = template(spec, "step-count");
    assertThat((String) at(count, "retryStrategy", "limit")).isEqualTo("2");
    assertThat((String) at(count, "retryStrategy", "expression"))
        .isEqualTo("asInt(lastRetry.exitCode) != 2");
    assertThat((String) at(count, "retryStrategy", "backoff", "cap")).isEqualTo("30s");
    List<String> arguments = at(count, "container", "args");
    assertThat(arguments)
        .containsSubsequence("run-step", "--pipeline", "loop")
        .containsSubsequence("--step", "count", "--exit-when-skipped", "0")
        .containsSubsequence("--set", "mode={{workflow.parameters.mode}}");
    Map<String, Object> fit = template(spec, "step-train-fit");
    assertThat(fit).containsEntry("nodeSelector", Map.of("accelerator", "h200"));
    assertThat(fit).containsEntry("activeDeadlineSeconds", 7500);
    assertThat((String) at(spec, "arguments", "parameters", 0, "value"))
        .isEqualTo("[\"42\",\"7\"]");
    List<String> modes = at(spec, "arguments", "parameters", 2, "enum");
    assertThat(modes).containsExactly("FAST", "GOOD");
  }

  @Test
  void schedule_makesACronWorkflow(@TempDir Path folder) throws Exception {
    ArgoWorkflow workflow =
        ArgoWorkflow.of(AirflowDagTest.loop(), "reader:1.2")
            .command("/bin/reader")
            .schedule("30 3 * * *", ZoneId.of("Europe/Moscow"));
    Map<String, Object> document = check(workflow);
    assertThat(document).containsEntry("kind", "CronWorkflow");
    assertThat((String) at(document, "spec", "schedules", 0)).isEqualTo("30 3 * * *");
    assertThat((String) at(document, "spec", "timezone")).isEqualTo("Europe/Moscow");
    workflow.writeTo(folder.resolve("loop.yaml"));
    assertThat(folder.resolve("loop.yaml")).hasContent(workflow.toString());
    assertThat(Files.size(folder.resolve("loop.yaml"))).isPositive();
  }

  @Test
  void hostileTexts_areQuoted_forReadersOfYaml11Too() {
    String hostile = "yes: &a *a !!x | > '\"\\ \n\t# {a} [b] \u2028 é \ud83d\udca5";
    for (String text :
        List.of(hostile, "yes", "NO", "1:30", "0o7", "1e3", "~", "", "- a", "null")) {
      Step<String> step =
          Step.named("yes", String.class).input(Parameter.of("on", text)).run((c, a) -> a);
      ArgoWorkflow workflow =
          ArgoWorkflow.of(Pipeline.of("no", step), "i").command("c", text).environment("X", text);
      Map<String, Object> document = check(workflow);
      assertThat((String) at(document, "spec", "arguments", "parameters", 0, "value"))
          .isEqualTo(text);
      Object container = template(at(document, "spec"), "step-yes").get("container");
      assertThat((String) at(container, "env", 0, "value")).isEqualTo(text);
      assertThat((String) at(container, "args", 0)).isEqualTo(text);
      assertThat(workflow.toString()).contains("name: \"on\"").doesNotContain("value: 1");
    }
  }

  @Test
  void stepThatBeginsWithADigit_hasAnotherName() {
    Step<Integer> first = Step.named("1st", Integer.class).run(c -> 1);
    Step<Integer> second = Step.named("s-1st", Integer.class).input(first).run((c, n) -> n);
    Map<String, Object> document =
        check(ArgoWorkflow.of(Pipeline.of("digits", second), "i").command("c"));
    List<Map<String, String>> tasks =
        at(template(at(document, "spec"), "pipeline"), "dag", "tasks");
    assertThat(tasks.get(0)).containsEntry("name", "s-1st").containsEntry("template", "step-s-1st");
    assertThat(tasks.get(1).get("name")).startsWith("s-1st-");
    assertThat(tasks.get(1)).containsEntry("depends", "(s-1st.Succeeded || s-1st.Skipped)");
    List<String> arguments = at(template(at(document, "spec"), "step-s-1st"), "container", "args");
    assertThat(arguments).containsSubsequence("--step", "1st");
  }

  @Test
  void argosOwnVariables_inTexts_areRefused() {
    Step<String> step = Step.named("s", String.class).run(c -> "");
    assertThatThrownBy(
            () ->
                ArgoWorkflow.of(Pipeline.of("p", step), "i")
                    .command("c", "{{workflow.name}}")
                    .toString())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("found {{, expected none");
    assertThatThrownBy(() -> ArgoWorkflow.of(Pipeline.of("p", step), "i").toString())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("found no command");
  }
}
