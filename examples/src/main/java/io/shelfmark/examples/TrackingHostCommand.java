package io.shelfmark.examples;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.shelfmark.Workspace;
import io.shelfmark.tracking.Experiment;
import io.shelfmark.tracking.Run;
import io.shelfmark.tracking.Tracker;
import io.shelfmark.tracking.mlflow.MlflowServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A backend with work of its own that mounts the MLflow server beside it. */
@Command(
    name = "tracking-host",
    mixinStandardHelpOptions = true,
    description = {
      "A backend that answers at /prices, logs what it does, and serves the record at /mlflow.",
      "Shows how a host mounts the servlet; /prices makes its answers up."
    })
final class TrackingHostCommand implements Callable<Integer> {

  @Mixin private WorkspaceOption where = new WorkspaceOption();

  @Option(
      names = "--port",
      defaultValue = "8080",
      description = "TCP port; 0 takes a free one (default: ${DEFAULT-VALUE}).")
  private int port;

  @Override
  public Integer call() throws Exception {
    try (Workspace workspace = where.open()) {
      Tracker tracker = Tracker.in(workspace);
      Experiment experiment = tracker.experiment("price-service");
      try (Run run = experiment.start("service");
          WebHost web = WebHost.start("127.0.0.1", port, context(tracker, run))) {
        System.out.printf("Prices at %s/prices, the record at %1$s/mlflow/%n", web.address());
        web.await();
      }
    }
    return 0;
  }

  static ServletContextHandler context(Tracker tracker, Run run) {
    ServletContextHandler context = new ServletContextHandler();
    context.addServlet(new ServletHolder(new Prices(run)), "/prices");
    context.addServlet(new ServletHolder(MlflowServlet.over(tracker.store())), "/mlflow/*");
    return context;
  }

  /** The host's own work: an answer, and a point on record for each. */
  private static final class Prices extends HttpServlet {

    private static final long serialVersionUID = 1L;
    private static final JsonMapper JSON = new JsonMapper();

    private final transient Run run;
    private final AtomicLong served = new AtomicLong();

    Prices(Run run) {
      this.run = run;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      long start = System.nanoTime();
      response.setContentType("application/json");
      JSON.writeValue(response.getOutputStream(), Map.of("milk", "89.99"));
      run.metric("msPerRequest", (System.nanoTime() - start) / 1e6, served.incrementAndGet());
    }
  }
}
