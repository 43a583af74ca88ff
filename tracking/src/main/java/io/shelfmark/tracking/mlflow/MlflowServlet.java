package io.shelfmark.tracking.mlflow;

import io.shelfmark.tracking.internal.mlflow.server.Dispatcher;
import io.shelfmark.tracking.store.TrackingStore;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * Answers MLflow's clients out of a {@link TrackingStore}, as an MLflow server would: Python's and
 * Java's clients, and whatever else speaks its REST protocol of 2.x and 3.x. Artifacts stream
 * through it, with {@code Range} honored.
 *
 * <p>Get one by {@code MlflowServlet.over(store)} or {@link #builder} and map it to a folder of the
 * host's, such as {@code /mlflow/*}, or to {@code /*}; a client's tracking URI is the address of
 * that folder. The host terminates TLS and sets time-outs.
 *
 * <p>By default: no users, so only requests from this machine are answered ({@link
 * AnonymousAccess#LOOPBACK}); JSON bodies of at most 16 MiB; artifacts of any size. With {@link
 * MlflowUsers} everybody has to show a password or token.
 *
 * <p>Thread-safe. The store stays its opener's, to be closed after the servlet's host has stopped.
 *
 * <pre>{@code
 * servletContext.addServlet("mlflow", MlflowServlet.over(store)).addMapping("/mlflow/*");
 * }</pre>
 */
public final class MlflowServlet extends HttpServlet {

  private static final long serialVersionUID = 1L;

  private final transient Dispatcher dispatcher;

  MlflowServlet(Dispatcher dispatcher) {
    this.dispatcher = dispatcher;
  }

  /** Serves a store to this machine. */
  public static MlflowServlet over(TrackingStore store) {
    return builder(store).build();
  }

  /** Serves a store as one decides. */
  public static MlflowServletBuilder builder(TrackingStore store) {
    return new MlflowServletBuilder(store);
  }

  /** Answers a request, whatever its method. */
  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    dispatcher.serve(request, response);
  }
}
