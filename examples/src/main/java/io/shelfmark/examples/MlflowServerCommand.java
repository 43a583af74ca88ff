package io.shelfmark.examples;

import io.shelfmark.Workspace;
import io.shelfmark.tracking.Tracker;
import io.shelfmark.tracking.mlflow.MlflowServlet;
import io.shelfmark.tracking.mlflow.MlflowServletBuilder;
import io.shelfmark.tracking.mlflow.MlflowUsers;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** An MLflow server over a workspace, with the page for people. */
@Command(
    name = "mlflow-server",
    mixinStandardHelpOptions = true,
    description = {
      "Serves a workspace's runs and models to MLflow's clients, and a page to browsers.",
      "Answers this machine alone unless --users names who may come from elsewhere."
    })
final class MlflowServerCommand implements Callable<Integer> {

  @Mixin private WorkspaceOption where = new WorkspaceOption();

  @Option(
      names = "--port",
      defaultValue = "5000",
      description = "TCP port; 0 takes a free one (default: ${DEFAULT-VALUE}).")
  private int port;

  @Option(
      names = "--host",
      defaultValue = "127.0.0.1",
      description = "Address to listen at; another one needs --users (default: ${DEFAULT-VALUE}).")
  private String host = "127.0.0.1";

  @Option(names = "--users", description = "File of users and their roles; see docs.")
  private @Nullable Path users;

  @Override
  public Integer call() throws Exception {
    try (Workspace workspace = where.open()) {
      MlflowServletBuilder servlet = MlflowServlet.builder(Tracker.in(workspace).store());
      if (users != null) {
        servlet.users(MlflowUsers.read(users));
      }
      try (WebHost web = WebHost.start(host, port, "/*", servlet.build())) {
        System.out.printf("Serving at %s (Ctrl-C ends it)%n", web.address());
        web.await();
      }
    }
    return 0;
  }
}
