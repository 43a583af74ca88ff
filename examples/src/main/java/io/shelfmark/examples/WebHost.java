package io.shelfmark.examples;

import jakarta.servlet.http.HttpServlet;
import java.net.URI;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** A Jetty with servlets in it, as a host of one's own would be. Whoever starts it closes it. */
final class WebHost implements AutoCloseable {

  private final Server server;
  private final ServerConnector connector;
  private final String host;

  private WebHost(Server server, ServerConnector connector, String host) {
    this.server = server;
    this.connector = connector;
    this.host = host;
  }

  /** Starts one with a single servlet. */
  static WebHost start(String host, int port, String path, HttpServlet servlet) throws Exception {
    ServletContextHandler context = new ServletContextHandler();
    context.addServlet(new ServletHolder(servlet), path);
    return start(host, port, context);
  }

  /** Starts one with what a context has. */
  static WebHost start(String host, int port, ServletContextHandler context) throws Exception {
    // artifact paths may have escaped slashes; the servlet itself refuses those that climb out
    context.getServletHandler().setDecodeAmbiguousURIs(true);
    HttpConfiguration http = new HttpConfiguration();
    http.setUriCompliance(UriCompliance.UNSAFE);
    http.setSendServerVersion(false);
    Server server = new Server();
    ServerConnector connector = new ServerConnector(server, new HttpConnectionFactory(http));
    connector.setHost(host);
    connector.setPort(port);
    server.addConnector(connector);
    server.setHandler(context);
    server.setStopAtShutdown(true);
    server.start();
    return new WebHost(server, connector, host);
  }

  URI address() {
    return URI.create("http://" + host + ":" + connector.getLocalPort());
  }

  /** Waits until the process is told to end. */
  void await() throws InterruptedException {
    server.join();
  }

  @Override
  public void close() throws Exception {
    server.stop();
  }
}
