package io.shelfmark.tracking.mlflow;

import io.shelfmark.tracking.store.TrackingStore;
import jakarta.servlet.Servlet;
import java.net.URI;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/**
 * Jetty on a free port of this machine with a servlet mounted at {@code /*} or below a folder. It
 * lets every address through to the servlet, so that the servlet's own checks are what is tested.
 */
public final class MlflowHost implements AutoCloseable {

  private final Server server;
  private final URI uri;

  private MlflowHost(Server server, URI uri) {
    this.server = server;
    this.uri = uri;
  }

  /** Serves a store to this machine. */
  public static MlflowHost serving(TrackingStore store) {
    return mounting(MlflowServlet.over(store), "");
  }

  /**
   * Serves what a servlet does.
   *
   * @param folder such as {@code /mlflow}; empty for the root
   */
  public static MlflowHost mounting(Servlet servlet, String folder) {
    Server server = new Server();
    HttpConfiguration http = new HttpConfiguration();
    http.setUriCompliance(UriCompliance.UNSAFE);
    ServerConnector connector = new ServerConnector(server, new HttpConnectionFactory(http));
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    ServletContextHandler context = new ServletContextHandler();
    context.addServlet(new ServletHolder(servlet), folder + "/*");
    context.getServletHandler().setDecodeAmbiguousURIs(true);
    server.setHandler(context);
    try {
      server.start();
    } catch (Exception e) {
      throw new IllegalStateException("Cannot start Jetty", e);
    }
    return new MlflowHost(
        server, URI.create("http://127.0.0.1:" + connector.getLocalPort() + folder));
  }

  /** A client's tracking URI, without a slash at its end. */
  public URI uri() {
    return uri;
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("Cannot stop Jetty", e);
    }
  }
}
