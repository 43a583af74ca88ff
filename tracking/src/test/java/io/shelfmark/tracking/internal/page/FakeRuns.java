package io.shelfmark.tracking.internal.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shelfmark.tracking.store.Condition;
import io.shelfmark.tracking.store.Field;
import io.shelfmark.tracking.store.Filter;
import io.shelfmark.tracking.store.Order;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Made-up runs, the same in every start: what the fake server searches. */
final class FakeRuns {

  static final long NOW = System.currentTimeMillis();

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> OPTIMIZERS = List.of("adam", "adamw", "sgd", "lion");
  private static final List<String> STATUSES =
      List.of("FINISHED", "FINISHED", "FINISHED", "FINISHED", "FAILED", "KILLED");
  private static final List<String> USERS = List.of("anna", "boris", "vera");

  private final List<Made> runs;
  private final Map<String, Made> byId = new LinkedHashMap<>();

  FakeRuns(int count) {
    runs = IntStream.range(0, count).mapToObj(FakeRuns::make).toList();
    runs.forEach(run -> byId.put(run.id(), run));
  }

  /** One run. */
  record Made(
      int number,
      String id,
      String name,
      String status,
      long start,
      long end,
      Map<String, String> params,
      Map<String, Double> metrics,
      Map<String, String> tags) {}

  static String id(int number) {
    return "%032x".formatted(0xabcdef00L + number);
  }

  private static Made make(int number) {
    Random random = new Random(number);
    Map<String, String> params = new TreeMap<>();
    double rate = Math.pow(10, -4 + random.nextInt(4)) * (1 + random.nextInt(9));
    params.put("lr", "%.2g".formatted(rate));
    params.put("optimizer", OPTIMIZERS.get(random.nextInt(OPTIMIZERS.size())));
    params.put("batchSize", String.valueOf(16 << random.nextInt(4)));
    params.put("imageSize", random.nextInt(3) == 0 ? "800" : "640");
    params.put("backbone", random.nextBoolean() ? "csp-s" : "csp-m");
    params.put("augment.mosaic", random.nextBoolean() ? "true" : "false");
    double good = 0.95 - 0.1 * Math.abs(Math.log10(rate) + 2.5) - 0.04 * random.nextDouble();
    Map<String, Double> metrics = new TreeMap<>();
    metrics.put("val/mAP50", good);
    metrics.put("val/mAP50-95", good * 0.71);
    metrics.put("train/loss", 1.1 - good + 0.02 * random.nextDouble());
    metrics.put("val/loss", 1.2 - good + 0.03 * random.nextDouble());
    metrics.put("priceAccuracy", Math.min(0.999, good + 0.04));
    metrics.put("msPerPhoto", 18 + 10 * random.nextDouble());
    if (number % 17 == 3) {
      metrics.put("train/loss", Double.NaN);
    }
    String status = number == 0 ? "RUNNING" : STATUSES.get(random.nextInt(STATUSES.size()));
    long start = NOW - 5 * 60_000L - number * 2_760_000L;
    Map<String, String> tags = new TreeMap<>();
    tags.put("store", String.valueOf(40 + number % 5));
    tags.put("mlflow.source.name", "train.py");
    tags.put("mlflow.source.git.commit", "4f1c2b7ad0e95b3c8a6d7e1f20394857abcdef01");
    tags.put("mlflow.source.git.branch", "main");
    tags.put("mlflow.user", USERS.get(number % 3));
    if (number == 1) {
      tags.put(
          "mlflow.note.content",
          "First run with the larger images.\nRecall on small tags is what to watch here.");
    }
    if (number == 4 || number == 5) {
      tags.put("mlflow.parentRunId", id(3));
    }
    if (number == 7) {
      params.put("note<b>", "<img src=x onerror=\"window.hacked=true\"><script>alert(1)</script>");
    }
    return new Made(
        number,
        id(number),
        "yolo-%s-%s".formatted(params.get("imageSize"), word(number)),
        status,
        start,
        number == 0 ? 0 : start + 60_000L + random.nextInt(8_000_000),
        params,
        metrics,
        tags);
  }

  private static String word(int number) {
    List<String> words = List.of("amber", "birch", "cedar", "delta", "ember", "fjord", "grove");
    return words.get(number % words.size()) + "-" + number;
  }

  JsonNode search(JsonNode question) {
    if (!question.path("experiment_ids").path(0).asText().equals("1")) {
      return JSON.createObjectNode();
    }
    Filter filter = Filter.parse(question.path("filter").asText(""));
    boolean deleted = question.path("run_view_type").asText().equals("DELETED_ONLY");
    Comparator<Made> order = order(question.path("order_by").path(0).asText(""));
    List<Made> found =
        runs.stream()
            .filter(run -> !deleted)
            .filter(run -> filter.conditions().stream().allMatch(each -> holds(each, run)))
            .sorted(order)
            .toList();
    int from = question.path("page_token").asInt(0);
    int to = Math.min(found.size(), from + question.path("max_results").asInt(1000));
    ObjectNode answer = JSON.createObjectNode();
    ArrayNode list = answer.putArray("runs");
    found.subList(from, to).forEach(run -> list.add(json(run)));
    if (to < found.size()) {
      answer.put("next_page_token", String.valueOf(to));
    }
    return answer;
  }

  JsonNode get(String id) {
    Made run = byId.get(id);
    return run == null ? null : JSON.createObjectNode().set("run", json(run));
  }

  Made made(String id) {
    return byId.get(id);
  }

  private static Comparator<Made> order(String text) {
    if (text.isEmpty()) {
      return Comparator.comparing(Made::number);
    }
    Order order = Order.parse(text);
    Comparator<Object> values = FakeRuns::compare;
    if (order.direction() == Order.Direction.DESCENDING) {
      values = values.reversed();
    }
    return Comparator.comparing(
        (Made run) -> value(order.field(), run), Comparator.nullsLast(values));
  }

  private static int compare(Object a, Object b) {
    return a instanceof Number x && b instanceof Number y
        ? Double.compare(x.doubleValue(), y.doubleValue())
        : a.toString().compareTo(b.toString());
  }

  private static Object value(Field field, Made run) {
    return switch (field.kind()) {
      case METRIC -> {
        Double value = run.metrics().get(field.key());
        yield value == null || value.isNaN() ? null : value;
      }
      case PARAM -> run.params().get(field.key());
      case TAG -> run.tags().get(field.key());
      default ->
          switch (field.key()) {
            case "status" -> run.status();
            case "start_time" -> run.start();
            case "run_name" -> run.name();
            case "run_id" -> run.id();
            case "user_id" -> run.tags().get("mlflow.user");
            default -> null;
          };
    };
  }

  private static boolean holds(Condition condition, Made run) {
    Object value = value(condition.field(), run);
    if (value == null) {
      return false;
    }
    int order = compare(value, condition.value());
    return switch (condition.operator()) {
      case EQUAL -> order == 0;
      case NOT_EQUAL -> order != 0;
      case GREATER -> order > 0;
      case GREATER_OR_EQUAL -> order >= 0;
      case LESS -> order < 0;
      case LESS_OR_EQUAL -> order <= 0;
      default -> Objects.toString(value).contains(condition.value().toString().replace("%", ""));
    };
  }

  private static ObjectNode json(Made run) {
    ObjectNode json = JSON.createObjectNode();
    ObjectNode info = json.putObject("info");
    info.put("run_id", run.id()).put("run_uuid", run.id()).put("run_name", run.name());
    info.put("experiment_id", "1").put("user_id", run.tags().get("mlflow.user"));
    info.put("status", run.status())
        .put("start_time", run.start())
        .put("lifecycle_stage", "active");
    info.put("artifact_uri", "mlflow-artifacts:/1/" + run.id() + "/artifacts");
    if (run.end() > 0) {
      info.put("end_time", run.end());
    }
    ObjectNode data = json.putObject("data");
    ArrayNode metrics = data.putArray("metrics");
    run.metrics()
        .forEach(
            (key, value) -> {
              ObjectNode metric = metrics.addObject().put("key", key).put("step", 99);
              metric.put("timestamp", run.start() + 60_000);
              if (value.isNaN()) {
                metric.put("value", "NaN");
              } else {
                metric.put("value", value);
              }
            });
    pairs(data.putArray("params"), run.params());
    pairs(data.putArray("tags"), run.tags());
    return json;
  }

  private static void pairs(ArrayNode list, Map<String, String> pairs) {
    pairs.forEach((key, value) -> list.addObject().put("key", key).put("value", value));
  }

  /** A history that ends at the metric's value; one point for {@code msPerPhoto}. */
  JsonNode curve(String id, String key) {
    Made run = byId.get(id);
    ObjectNode answer = JSON.createObjectNode().put("key", key);
    ArrayNode points = answer.putArray("points");
    int count = key.equals("msPerPhoto") ? 1 : 100;
    answer.put("total", count);
    Random random = new Random(run.number() * 31L + key.hashCode());
    double last = run.metrics().getOrDefault(key, 0.5);
    double speed = 3 + 6 * new Random(run.number()).nextDouble();
    double first = key.contains("loss") ? last + 2 : last * 0.2;
    for (int step = 0; step < count; step++) {
      double way = count == 1 ? 1 : 1 - Math.exp(-speed * step / count);
      double noise = count == 1 ? 0 : 0.02 * random.nextGaussian() * (1.3 - way);
      ArrayNode point = points.addArray().add(step).add(run.start() + step * 21_000L);
      if (Double.isNaN(last)) {
        point.add("NaN");
      } else {
        point.add(first + (last - first) * way + noise);
      }
    }
    return answer;
  }
}
