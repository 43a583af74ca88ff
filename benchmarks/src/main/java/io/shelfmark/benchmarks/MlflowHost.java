package io.shelfmark.benchmarks;

import io.shelfmark.tracking.mlflow.MlflowServlet;
import io.shelfmark.tracking.store.TrackingStore;
import java.net.URI;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** A Jetty that serves a record at a port of this machine. Whoever starts it closes it. */
final class MlflowHost implements AutoCloseable {

  private final Server server;
  private final int port;

  private MlflowHost(Server server, int port) {
    this.server = server;
    this.port = port;
  }

  /** Starts one; port 0 takes a free one. */
  static MlflowHost start(TrackingStore store, int port) throws Exception {
    Server server = new Server();
    ServerConnector connector = new ServerConnector(server);
    connector.setHost("127.0.0.1");
    connector.setPort(port);
    server.addConnector(connector);
    ServletContextHandler context = new ServletContextHandler();
    context.addServlet(new ServletHolder(MlflowServlet.over(store)), "/*");
    server.setHandler(context);
    server.start();
    return new MlflowHost(server, connector.getLocalPort());
  }

  URI address() {
    return URI.create("http://127.0.0.1:" + port);
  }

  int port() {
    return port;
  }

  @Override
  public void close() throws Exception {
    server.stop();
  }
}
