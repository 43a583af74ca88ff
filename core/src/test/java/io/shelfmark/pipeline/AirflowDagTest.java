package io.shelfmark.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Python reads the files; without a python3 on the path these tests are skipped. */
@Timeout(60)
class AirflowDagTest {

  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final Map<String, Set<String>> DOCUMENTED = documented();

  @TempDir Path folder;

  @BeforeEach
  void requirePython() {
    assumeTrue(hasPython(), "no python3 on the path: files for Airflow are not checked");
  }

  private static boolean hasPython() {
    try {
      return new ProcessBuilder("python3", "-c", "pass").start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static Map<String, Set<String>> documented() {
    Map<String, Set<String>> table = new TreeMap<>();
    try (InputStream file = AirflowDagTest.class.getResourceAsStream("airflow-parameters.txt")) {
      new String(file.readAllBytes(), UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(line -> line.split(": ", 2))
          .forEach(line -> table.put(line[0], Set.of(line[1].split(" "))));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return table;
  }

  /** What Python makes of the file; each keyword must be one that Airflow documents. */
  private JsonNode check(AirflowDag dag, int version) throws Exception {
    Path file = folder.resolve("dag.py");
    dag.writeTo(file);
    Path script = folder.resolve("check.py");
    try (InputStream from = AirflowDagTest.class.getResourceAsStream("airflow_check.py")) {
      Files.write(script, from.readAllBytes());
    }
    Path found = folder.resolve("found.json");
    Process python =
        new ProcessBuilder("python3", script.toString(), file.toString(), "" + version)
            .redirectOutput(found.toFile())
            .redirectError(folder.resolve("errors").toFile())
            .start();
    assertThat(python.waitFor(50, TimeUnit.SECONDS)).isTrue();
    assertThat(python.exitValue()).as(Files.readString(folder.resolve("errors"))).isZero();
    JsonNode json = MAPPER.readTree(Files.readString(found));
    for (JsonNode call : json.path("calls")) {
      requireDocumented(call.path("name").asText(), call.path("keywords"));
    }
    return json;
  }

  private static void requireDocumented(String name, JsonNode keywords) {
    assertThat(DOCUMENTED).containsKey(name);
    boolean isOperator = name.endsWith("Operator");
    List<String> known = new ArrayList<>(DOCUMENTED.get(name));
    if (isOperator) {
      known.addAll(DOCUMENTED.get("BaseOperator"));
    }
    List<String> used = new ArrayList<>();
    keywords.fieldNames().forEachRemaining(used::add);
    assertThat(known).as("parameters of " + name).containsAll(used);
    for (String field : List.of("trigger_rule", "auto_remove", "type")) {
      if (keywords.path(field).isTextual()) {
        assertThat(DOCUMENTED.get("[" + field + "]")).contains(keywords.path(field).asText());
      }
    }
  }

  enum Mode {
    FAST,
    GOOD
  }

  /** All kinds of steps. */
  static Pipeline<String> loop() {
    Parameter<List<String>> shops = Parameter.ofList("shops", String.class, List.of("42", "7"));
    Parameter<Integer> epochs = Parameter.of("epochs", 20);
    Parameter<Mode> mode = Parameter.of("mode", Mode.GOOD);
    Step<List<Integer>> counts =
        Step.forEach("count", shops, Integer.class)
            .retry(RetryPolicy.attempts(3).backoff(Duration.ofSeconds(2), Duration.ofSeconds(30)))
            .timeout(Duration.ofMinutes(1))
            .run((context, shop) -> shop.length());
    Step<Integer> fit =
        Step.named("fit", Integer.class)
            .input(epochs)
            .input(mode)
            .queue("gpu")
            .timeout(Duration.ofHours(2))
            .run((c, n, m) -> n);
    Step<Integer> train = Step.pipeline("train", Pipeline.of("training", fit)).step();
    Step<Boolean> better =
        Step.named("better", Boolean.class).input(train).run((context, score) -> score > 3);
    Step<java.util.Optional<String>> publish =
        Step.named("publish", String.class).input(train).run((c, n) -> "v" + n).onlyIf(better);
    Step<String> report =
        Step.named("report", String.class)
            .input(counts)
            .input(publish)
            .run((context, numbers, version) -> numbers + " " + version);
    return Pipeline.of("loop", report);
  }

  @Test
  void pipeline_asBashTasks_keepsItsWiresRetriesAndLimits_inBothAirflows() throws Exception {
    AirflowDag dag =
        AirflowDag.of(loop())
            .command("java", "-jar", "/opt/shop reader/reader.jar")
            .schedule("30 3 * * 1-5", ZoneId.of("Europe/Moscow"))
            .pool("gpu", "gpus");
    for (int version : List.of(2, 3)) {
      JsonNode found = check(dag, version);
      assertThat(found.path("dag").path("dag_id").asText()).isEqualTo("loop");
      assertThat(found.path("dag").path("schedule").asText()).isEqualTo("30 3 * * 1-5");
      assertThat(found.path("dag").path("start_date").get(3).asText()).isEqualTo("Europe/Moscow");
      assertThat(found.path("params"))
          .isEqualTo(
              MAPPER.readTree("{\"shops\": [\"42\", \"7\"], \"epochs\": 20, \"mode\": \"GOOD\"}"));
      assertThat(edges(found))
          .containsExactlyInAnyOrder(
              "train.fit > better",
              "train.fit > publish",
              "better > publish",
              "count > report",
              "publish > report",
              "report > shelfmark-end");
      JsonNode count = found.path("tasks").path("count");
      assertThat(count.path("bash_command").asText())
          .isEqualTo(
              "java -jar '/opt/shop reader/reader.jar' run-step --pipeline loop --step count"
                  + " --run \"$SHELFMARK_RUN\" --parameters \"$SHELFMARK_PARAMETERS\"");
      assertThat(count.path("retries").asInt()).isEqualTo(2);
      assertThat(count.path("max_retry_delay").asText()).isEqualTo("0:00:30");
      assertThat(count.has("execution_timeout")).isFalse();
      JsonNode fit = found.path("tasks").path("train.fit");
      assertThat(fit.path("execution_timeout").asText()).isEqualTo("2:05:00");
      assertThat(fit.path("queue").asText()).isEqualTo("gpu");
      assertThat(fit.path("pool").asText()).isEqualTo("gpus");
      assertThat(fit.path("skip_on_exit_code").asInt()).isEqualTo(99);
      assertThat(fit.path("trigger_rule").asText()).isEqualTo("none_failed");
      assertThat(fit.path("bash_command").asText()).contains("--step train/fit ");
    }
  }

  private static List<String> edges(JsonNode found) {
    List<String> edges = new ArrayList<>();
    found.path("edges").forEach(e -> edges.add(e.get(0).asText() + " > " + e.get(1).asText()));
    return edges;
  }

  @Test
  void pipeline_inPodsAndContainers_usesWhatTheirOperatorsDocument() throws Exception {
    JsonNode pods =
        check(
            AirflowDag.of(loop())
                .command("/bin/reader")
                .inKubernetes("registry.example.com/reader:1.2", "pricing")
                .nodeSelector("gpu", "accelerator", "h200")
                .environment("STORE", "s3://shops"),
            3);
    JsonNode fit = pods.path("tasks").path("train.fit");
    assertThat(fit.path("node_selector").path("accelerator").asText()).isEqualTo("h200");
    assertThat(fit.path("env_vars").path("STORE").asText()).isEqualTo("s3://shops");
    assertThat(fit.path("name").asText()).isEqualTo("train-fit");
    assertThat(fit.path("cmds").toString())
        .contains("\"/bin/reader\",\"run-step\"", "\"--run\",\"{{ dag.dag_id }}/{{ run_id }}\"");
    JsonNode containers =
        check(AirflowDag.of(loop()).command("/bin/reader").inDocker("reader:1.2"), 2);
    assertThat(containers.path("tasks").path("count").path("command").get(0).asText())
        .isEqualTo("/bin/reader");
  }

  @Test
  void hostileTexts_stayTexts() throws Exception {
    String hostile = "'\"\\ \n\r\u2028 {{ 7*7 }} {% x %} {# y #} $(id) `id` %s é \ud83d\udca5";
    Step<String> run = Step.named("train.sh", String.class).run(c -> "");
    Step<String> other =
        Step.named("shelfmark-end", String.class)
            .input(run)
            .input(Parameter.of("note", hostile))
            .run((c, a, b) -> a);
    AirflowDag dag =
        AirflowDag.of(Pipeline.of("odd", other)).command("sh", hostile).environment("X", hostile);
    JsonNode found = check(dag, 3);
    assertThat(found.path("params").path("note").asText()).isEqualTo(hostile);
    JsonNode task = found.path("tasks").path("train.sh");
    assertThat(jinja(task.path("env").path("X").asText())).isEqualTo(hostile);
    assertThat(jinja(task.path("bash_command").asText()))
        .startsWith("sh '" + hostile.replace("'", "'\\''") + "' run-step --pipeline odd");
    assertThat(edges(found)).contains("train.sh > shelfmark-end", "shelfmark-end > shelfmark-end0");
    // a text that ends like a file's name would be read as one
    JsonNode pods = check(dag.inDocker("i"), 3);
    List<String> words = new ArrayList<>();
    pods.path("tasks").path("train.sh").path("command").forEach(word -> words.add(word.asText()));
    assertThat(words).noneMatch(word -> word.endsWith(".sh"));
    assertThat(words.stream().map(AirflowDagTest::jinja)).contains("train.sh", hostile);
  }

  /** What Jinja gives for the only tags that are written for texts. */
  private static String jinja(String template) {
    return template
        .replace("{{ '{' }}", "\u0001")
        .replace("{{ '}' }}", "\u0002")
        .replace("{{ '' }}", "")
        .replace('\u0001', '{')
        .replace('\u0002', '}');
  }

  @Test
  void words_areReadByAShellAsTheyAre() throws Exception {
    for (String word : List.of("plain", "a b", "it's", "$HOME `id` \\ \"", "-x=*?", "", "\n")) {
      Process shell =
          new ProcessBuilder("sh", "-c", "printf %s " + PythonText.word(word) + "x").start();
      assertThat(new String(shell.getInputStream().readAllBytes(), UTF_8)).isEqualTo(word + "x");
    }
  }

  @Test
  void literals_ofNumbersAndNothing_arePythons() throws Exception {
    JsonNode json = MAPPER.readTree("{\"a\": [1, -2.5e-7, true, false, null], \"b\": {}}");
    assertThat(PythonText.literal(json))
        .isEqualTo("{\"a\": [1, -2.5E-7, True, False, None], \"b\": {}}");
  }

  @Test
  void incompleteOrOddOnes_areRefused() {
    assertThatThrownBy(() -> AirflowDag.of(loop()).toString())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("found no command");
    for (String cron : List.of("* * * *", "* * * * * *", "\n* * * * *", "@reboot", "0 0 \" * *")) {
      assertThatThrownBy(() -> AirflowDag.of(loop()).schedule(cron, ZoneId.of("UTC")))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("expected five fields");
    }
  }

  @Test
  void names_thatComeOutAlike_areToldApart() {
    TaskNames names =
        new TaskNames(
            Stream.of("a/b", "a.b", "x".repeat(300)).toList(), n -> n.replace('/', '.'), 50);
    assertThat(names.of("a/b")).isEqualTo("a.b");
    assertThat(names.of("a.b")).matches("a\\.b-[0-9a-f]{8}");
    assertThat(names.of("x".repeat(300))).hasSize(50);
  }
}
