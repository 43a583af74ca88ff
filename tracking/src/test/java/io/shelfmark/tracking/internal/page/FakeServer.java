package io.shelfmark.tracking.internal.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shelfmark.tracking.store.InvalidRequestException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.imageio.ImageIO;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/**
 * A server of the page over made-up records, mounted below {@code /shelf} as a host would. Its main
 * serves it for looking at the page by hand.
 */
final class FakeServer implements AutoCloseable {

  private static final long DAY = 86_400_000L;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Server server = new Server();
  private final ServerConnector connector = new ServerConnector(server);
  private final FakeRuns runs;

  FakeServer(int runCount, int port) {
    runs = new FakeRuns(runCount);
    connector.setHost("127.0.0.1");
    connector.setPort(port);
    server.addConnector(connector);
    ServletContextHandler context = new ServletContextHandler("/shelf");
    context.addServlet(new ServletHolder(new Endpoints()), "/*");
    server.setHandler(context);
    try {
      server.start();
    } catch (Exception e) {
      throw new IllegalStateException("Cannot start the fake server", e);
    }
  }

  public static void main(String[] args) {
    System.out.println(new FakeServer(10_000, Integer.parseInt(args[0])).address());
  }

  String address() {
    return "http://127.0.0.1:%d/shelf/".formatted(connector.getLocalPort());
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("Cannot stop the fake server", e);
    }
  }

  private final class Endpoints extends HttpServlet {

    private final PageResources page = new PageResources();

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      String path = request.getPathInfo();
      if (page.serve(path, request, response)) {
        return;
      }
      if (path.equals("/get-artifact")) {
        response.setContentType("application/octet-stream");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.getOutputStream().write(files().get(request.getParameter("path")));
        return;
      }
      JsonNode answer;
      try {
        answer = answer(path.replace("/ajax-api/2.0/", ""), request);
      } catch (InvalidRequestException e) {
        response.setStatus(400);
        answer =
            JSON.createObjectNode()
                .put("error_code", "INVALID_PARAMETER_VALUE")
                .put("message", e.getMessage());
      }
      if (answer == null) {
        response.setStatus(404);
        answer =
            JSON.createObjectNode()
                .put("error_code", "RESOURCE_DOES_NOT_EXIST")
                .put("message", "Cannot find " + path + "?" + request.getQueryString());
      }
      response.setContentType("application/json");
      response.getOutputStream().write(JSON.writeValueAsBytes(answer));
    }
  }

  private JsonNode answer(String path, HttpServletRequest request) throws IOException {
    return switch (path) {
      case "mlflow/experiments/search" -> experiments(JSON.readTree(request.getInputStream()));
      case "mlflow/experiments/get" ->
          experiment(Integer.parseInt(request.getParameter("experiment_id")));
      case "mlflow/runs/search" -> runs.search(JSON.readTree(request.getInputStream()));
      case "mlflow/runs/get" -> runs.get(request.getParameter("run_id"));
      case "mlflow/artifacts/list" -> list(request.getParameter("path"));
      case "mlflow/registered-models/search" -> models();
      case "mlflow/registered-models/get" ->
          JSON.createObjectNode().set("registered_model", models().get("registered_models").get(0));
      case "mlflow/model-versions/search" -> versions(request.getParameter("filter"));
      case "mlflow/model-versions/get" ->
          JSON.createObjectNode()
              .set("model_version", version(Integer.parseInt(request.getParameter("version"))));
      case "shelfmark/curve" ->
          runs.curve(request.getParameter("run_id"), request.getParameter("metric_key"));
      case "shelfmark/alias-history" -> changes(request.getParameter("alias"));
      default -> null;
    };
  }

  private static JsonNode experiments(JsonNode question) {
    ObjectNode answer = JSON.createObjectNode();
    ArrayNode list = answer.putArray("experiments");
    String name = question.path("filter").asText("").replaceAll(".*%(.*)%.*", "$1");
    for (int id = 1; id <= 4; id++) {
      JsonNode experiment = experiment(id).get("experiment");
      if (experiment.get("name").asText().contains(name)
          && question.path("view_type").asText().equals("ACTIVE_ONLY")) {
        list.add(experiment);
      }
    }
    return answer;
  }

  private static JsonNode experiment(int id) {
    String name = List.of("", "tag-detector", "price-text", "shelf-layout", "empty").get(id);
    String note =
        List.of(
                "",
                "Finds price tags on photos of whole shelves.",
                "Reads rubles and kopecks.",
                "",
                "")
            .get(id);
    ObjectNode answer = JSON.createObjectNode();
    ObjectNode experiment = answer.putObject("experiment");
    experiment.put("experiment_id", String.valueOf(id)).put("name", name);
    experiment.put("creation_time", FakeRuns.NOW - 40L * DAY * id);
    experiment.put("last_update_time", FakeRuns.NOW - DAY * id * id / 3);
    experiment.putArray("tags").addObject().put("key", "mlflow.note.content").put("value", note);
    return answer;
  }

  private static JsonNode models() {
    ObjectNode answer = JSON.createObjectNode();
    ObjectNode model = answer.putArray("registered_models").addObject();
    model.put("name", "tag-detector").put("description", "The detector that shops use.");
    model.put("creation_timestamp", FakeRuns.NOW - 90 * DAY);
    model.put("last_updated_timestamp", FakeRuns.NOW - 2 * DAY);
    model.putArray("latest_versions").add(version(4));
    model.putArray("tags").addObject().put("key", "task").put("value", "detection");
    ArrayNode aliases = model.putArray("aliases");
    aliases.addObject().put("alias", "production").put("version", "3");
    aliases.addObject().put("alias", "candidate").put("version", "4");
    return answer;
  }

  private static ObjectNode version(int number) {
    ObjectNode version = JSON.createObjectNode();
    version.put("name", "tag-detector").put("version", String.valueOf(number));
    version.put("creation_timestamp", FakeRuns.NOW - (30 - 5L * number) * DAY);
    version.put("last_updated_timestamp", FakeRuns.NOW - 2 * DAY);
    version.put("run_id", FakeRuns.id(number)).put("status", "READY").put("current_stage", "None");
    version.put("source", "mlflow-artifacts:/1/" + FakeRuns.id(number) + "/artifacts/model");
    version.put("description", number == 3 ? "Larger images" : "");
    ArrayNode aliases = version.putArray("aliases");
    if (number == 3) {
      aliases.add("production");
    }
    return version;
  }

  private static JsonNode versions(String filter) {
    ObjectNode answer = JSON.createObjectNode();
    ArrayNode list = answer.putArray("model_versions");
    for (int number = 1; number <= 4; number++) {
      if (filter.startsWith("name") || filter.contains(FakeRuns.id(number))) {
        list.add(version(number));
      }
    }
    return answer;
  }

  private static JsonNode changes(String alias) {
    ObjectNode answer = JSON.createObjectNode();
    ArrayNode changes = answer.putArray("changes");
    if (alias.equals("production")) {
      change(changes, 30, "anna").put("version", "1");
      change(changes, 20, "anna");
      change(changes, 12, "boris").put("version", "2");
      change(changes, 2, "vera").put("version", "3");
    } else {
      change(changes, 1, "vera").put("version", "4");
    }
    return answer;
  }

  private static ObjectNode change(ArrayNode changes, int days, String user) {
    return changes.addObject().put("timestamp", FakeRuns.NOW - days * DAY).put("user_id", user);
  }

  private static JsonNode list(String folder) {
    String prefix = folder == null ? "" : folder + "/";
    Map<String, Long> found = new TreeMap<>();
    files()
        .forEach(
            (path, content) -> {
              if (path.startsWith(prefix)) {
                int slash = path.indexOf('/', prefix.length());
                found.put(
                    slash < 0 ? path : path.substring(0, slash), slash < 0 ? content.length : -1L);
              }
            });
    ObjectNode answer = JSON.createObjectNode();
    ArrayNode list = answer.putArray("files");
    found.forEach(
        (path, size) -> {
          ObjectNode file = list.addObject().put("path", path).put("is_dir", size < 0);
          if (size >= 0) {
            file.put("file_size", size);
          }
        });
    return answer;
  }

  private static Map<String, byte[]> files() {
    StringBuilder table = new StringBuilder("tag,price,note\n");
    for (int row = 0; row < 900; row++) {
      table
          .append(row)
          .append(',')
          .append(row * 7 % 500)
          .append(".99,\"a, \"\"b\"\" ")
          .append(row)
          .append("\"\n");
    }
    return Map.of(
        "plots/shelf.png", picture(),
        "plots/readings.csv", bytes(table.toString()),
        "model/detector.onnx", new byte[2_345_678],
        "model/MLmodel", bytes("flavors:\n  onnx:\n    data: detector.onnx\n"),
        "params.json", bytes("{\"lr\":0.001,\"classes\":[\"tag\",\"card\"]}"),
        "train.log", bytes("epoch 1 loss 2.31\n".repeat(30_000)),
        "page.html", bytes("<script>window.hacked=true</script>"));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] picture() {
    BufferedImage image = new BufferedImage(480, 300, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(new Color(0xd8dcd6));
    graphics.fillRect(0, 0, 480, 300);
    for (int tag = 0; tag < 12; tag++) {
      graphics.setColor(tag % 3 == 0 ? new Color(0xf2c230) : Color.WHITE);
      graphics.fillRect(20 + tag % 4 * 115, 40 + tag / 4 * 90, 90, 50);
      graphics.setColor(new Color(0x1f7a4d));
      graphics.drawRect(18 + tag % 4 * 115, 38 + tag / 4 * 90, 94, 54);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }
}
