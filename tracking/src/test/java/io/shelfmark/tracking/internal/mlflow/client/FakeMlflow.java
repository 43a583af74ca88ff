package io.shelfmark.tracking.internal.mlflow.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shelfmark.tracking.store.NewRun;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;

/** As much of MLflow's server as ids of runs need: it makes its own id at each runs/create. */
final class FakeMlflow extends Dispatcher implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern BY_TAG = Pattern.compile("tags\\.`(.+)` = '(.+)'");
  private static final Pattern BY_ID = Pattern.compile("run_id IN \\((.+)\\)");

  final FakeTime time = new FakeTime();
  final Map<String, ObjectNode> runs = new LinkedHashMap<>();
  final List<String> paths = new ArrayList<>();
  private final MockWebServer web = new MockWebServer();
  private int repliesToLose;

  FakeMlflow() throws IOException {
    web.setDispatcher(this);
    web.start();
  }

  /** The next creations are made, but their replies are lost. */
  synchronized void loseReplies(int count) {
    repliesToLose = count;
  }

  RestTrackingStore open() {
    ClientSettings settings =
        new ClientSettings(
            URI.create("http://127.0.0.1:" + web.getPort()),
            Credentials.NONE,
            Duration.ofSeconds(20),
            Duration.ofSeconds(60),
            Long.MAX_VALUE,
            Optional.empty(),
            Map.of());
    return new RestTrackingStore(settings, new Requests(settings, time, time, Clock.systemUTC()));
  }

  @Override
  public synchronized MockResponse dispatch(RecordedRequest request) {
    try {
      return answer(request);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private MockResponse answer(RecordedRequest request) throws IOException {
    String path = request.getUrl().encodedPath().replace("/api/2.0/mlflow/", "");
    JsonNode body =
        request.getBody() == null || request.getBody().size() == 0
            ? JSON.createObjectNode()
            : JSON.readTree(request.getBody().utf8());
    paths.add(path);
    return switch (path) {
      case "/version" -> ScriptedServer.json(200, "2.17.2");
      case "runs/create" -> create(body);
      case "runs/get" -> get(request.getUrl().queryParameter("run_id"));
      case "runs/search" -> search(body);
      case "experiments/search" ->
          ScriptedServer.json(
              200, "{\"experiments\":[{\"experiment_id\":\"0\"},{\"experiment_id\":\"7\"}]}");
      case "runs/log-batch", "runs/update" -> {
        paths.set(paths.size() - 1, path + " " + body.path("run_id").asText());
        yield runs.containsKey(body.path("run_id").asText())
            ? ScriptedServer.json(
                200, "{\"run_info\":{\"run_id\":\"" + body.path("run_id").asText() + "\"}}")
            : ScriptedServer.refusal(404, "RESOURCE_DOES_NOT_EXIST", "no such run");
      }
      default -> ScriptedServer.json(404, "<html>");
    };
  }

  private MockResponse create(JsonNode body) throws IOException {
    String id = NewRun.newId();
    ObjectNode run = JSON.createObjectNode();
    ObjectNode info = run.putObject("info");
    info.put("run_id", id).put("run_name", body.path("run_name").asText());
    info.put("experiment_id", body.path("experiment_id").asText());
    info.put("status", "RUNNING").put("lifecycle_stage", "active").put("start_time", 1);
    info.put("artifact_uri", "mlflow-artifacts:/7/" + id + "/artifacts");
    run.putObject("data").set("tags", body.path("tags"));
    runs.put(id, run);
    if (repliesToLose > 0) {
      repliesToLose--;
      return ScriptedServer.lost();
    }
    return ScriptedServer.json(200, wrap("run", run));
  }

  private MockResponse get(String id) throws IOException {
    ObjectNode run = runs.get(id);
    return run == null
        ? ScriptedServer.refusal(404, "RESOURCE_DOES_NOT_EXIST", "no such run")
        : ScriptedServer.json(200, wrap("run", run));
  }

  private MockResponse search(JsonNode body) throws IOException {
    List<String> experiments = new ArrayList<>();
    body.path("experiment_ids").forEach(id -> experiments.add(id.asText()));
    ArrayNode found = JSON.createArrayNode();
    for (ObjectNode run : runs.values()) {
      if (experiments.contains(run.at("/info/experiment_id").asText())
          && matches(run, body.path("filter").asText())) {
        found.add(run);
      }
    }
    return ScriptedServer.json(200, wrap("runs", found));
  }

  private static boolean matches(ObjectNode run, String filter) {
    Matcher byTag = BY_TAG.matcher(filter);
    if (byTag.matches()) {
      for (JsonNode tag : run.at("/data/tags")) {
        if (tag.path("key").asText().equals(byTag.group(1))
            && tag.path("value").asText().equals(byTag.group(2))) {
          return true;
        }
      }
      return false;
    }
    Matcher byId = BY_ID.matcher(filter);
    return filter.isEmpty()
        || (byId.matches() && byId.group(1).contains("'" + run.at("/info/run_id").asText() + "'"));
  }

  private static String wrap(String field, JsonNode value) throws IOException {
    return JSON.writeValueAsString(JSON.createObjectNode().set(field, value));
  }

  @Override
  public void close() {
    web.close();
  }
}
