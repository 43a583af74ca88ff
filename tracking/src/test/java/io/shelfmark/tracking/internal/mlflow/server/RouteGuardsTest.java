package io.shelfmark.tracking.internal.mlflow.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.shelfmark.Workspace;
import io.shelfmark.tracking.internal.sql.SqlTrackingStore;
import io.shelfmark.tracking.mlflow.MlflowHost;
import io.shelfmark.tracking.mlflow.MlflowServlet;
import io.shelfmark.tracking.mlflow.MlflowUsers;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No route was forgotten: a user without rights is refused on all but those that are named. */
class RouteGuardsTest {

  private static final Set<String> FILTERED =
      Set.of(
          "GET api/mlflow/experiments/get-by-name",
          "GET api/mlflow/experiments/search",
          "POST api/mlflow/experiments/search",
          "POST api/mlflow/runs/search",
          "POST api/mlflow/logged-models/search",
          "GET api/3.0/mlflow/server-info",
          "GET health",
          "GET version");

  @TempDir Path folder;

  @Test
  void route_forAUserWithoutRights_isRefusedUnlessItsAnswerIsFiltered() throws Exception {
    MlflowUsers users = MlflowUsers.builder().iterations(1000).user("nobody").token("t").build();
    try (Workspace workspace = Workspace.open(folder);
        SqlTrackingStore store =
            SqlTrackingStore.sqlite(folder.resolve("t.db"), workspace, Clock.systemUTC());
        MlflowHost host =
            MlflowHost.mounting(MlflowServlet.builder(store).users(users).build(), "")) {
      Map<String, Integer> others = new TreeMap<>();
      Set<String> routes = new TreeSet<>();
      for (Route route : Routes.over(store, Clock.systemUTC()).all()) {
        String name = route.method() + " " + String.join("/", route.pattern());
        routes.add(name);
        int status = call(host.uri(), route);
        if (status != 403 && !FILTERED.contains(name)) {
          others.put(name, status);
        }
      }

      assertThat(others).isEmpty();
      assertThat(routes).hasSizeGreaterThan(60).containsAll(FILTERED);
    }
  }

  private static int call(URI host, Route route) throws IOException, InterruptedException {
    String path =
        "/"
            + String.join("/", route.pattern())
                .replace("api/mlflow", "api/2.0/mlflow")
                .replace("api/shelfmark", "api/2.0/shelfmark")
                .replaceAll("[{][a-z_]+[}]", "x")
                .replace("**", "0/x");
    String query = "?experiment_id=0&run_id=x&run_ids=x&metric_key=m&path=0/x&name=n&alias=a";
    String body = "{\"experiment_id\":\"0\",\"run_id\":\"x\",\"name\":\"n\"}";
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(host + path + query))
            .timeout(Duration.ofSeconds(30))
            .header("Authorization", "Bearer t");
    if (route.method().equals("GET")) {
      request.GET();
    } else {
      request
          .header("Content-Type", "application/json")
          .method(route.method(), HttpRequest.BodyPublishers.ofString(body));
    }
    return HttpClient.newHttpClient()
        .send(request.build(), HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }
}
