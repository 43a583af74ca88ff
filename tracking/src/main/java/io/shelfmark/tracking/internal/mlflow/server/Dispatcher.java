package io.shelfmark.tracking.internal.mlflow.server;

import io.shelfmark.tracking.internal.mlflow.wire.ErrorCode;
import io.shelfmark.tracking.store.TrackingStore;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Leads each request to its handler, and what goes wrong to its answer. Thread-safe. */
public final class Dispatcher {

  private final Routes routes;
  private final Gate gate;
  private final Limits limits;
  private final Page page;

  /** Serves a store, which stays the caller's. */
  public Dispatcher(TrackingStore store, Gate gate, Limits limits, Page page, Clock clock) {
    this.routes = Routes.over(store, clock);
    this.gate = gate;
    this.limits = limits;
    this.page = page;
  }

  /** Answers a request. */
  public void serve(HttpServletRequest request, HttpServletResponse response) throws IOException {
    try {
      dispatch(request, response);
    } catch (RuntimeException e) {
      if (response.isCommitted()) {
        // the client has half an answer; only a broken connection tells it so
        throw e;
      }
      // not reset(): headers of the host's filters, such as those of CORS, are to stay
      response.resetBuffer();
      Leftover.readThrough(request, response);
      Failures.answer(e, request, response);
    }
  }

  private void dispatch(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    gate.pass(request);
    List<String> names = RequestPath.names(request);
    List<Route.Match> matches = routes.at(names);
    Optional<Route.Match> match = matches.stream().filter(way -> takes(way, request)).findFirst();
    if (match.isPresent() && match.get().route().guard() == Guard.OPEN) {
      handle(match.get(), Caller.ANYONE, request, response);
      return;
    }
    Caller caller = gate.caller(request);
    if (match.isPresent()) {
      handle(match.get(), caller, request, response);
    } else if (!matches.isEmpty()) {
      throw wrongMethod(request, matches);
    } else if (names.isEmpty() && !request.getRequestURI().endsWith("/")) {
      response.sendRedirect(request.getRequestURI() + "/");
    } else if (!page.serve("/" + String.join("/", names), request, response)) {
      throw new HttpRefusal(
          ErrorCode.ENDPOINT_NOT_FOUND,
          "Cannot find %s: no endpoint of that name".formatted(request.getRequestURI()));
    }
  }

  private static boolean takes(Route.Match match, HttpServletRequest request) {
    String method = request.getMethod();
    return match.route().method().equals(method.equals("HEAD") ? "GET" : method);
  }

  private void handle(
      Route.Match match, Caller caller, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    Map<String, String> names = match.names();
    Exchange exchange = new Exchange(request, response, caller, limits, names, match.rest());
    match.route().guard().check(exchange);
    match.route().handler().handle(exchange);
  }

  private static HttpRefusal wrongMethod(HttpServletRequest request, List<Route.Match> matches) {
    String allowed =
        matches.stream()
            .map(way -> way.route().method())
            .distinct()
            .collect(Collectors.joining(", "));
    return new HttpRefusal(
            HttpServletResponse.SC_METHOD_NOT_ALLOWED,
            ErrorCode.ENDPOINT_NOT_FOUND,
            "Cannot %s %s: expected %s"
                .formatted(request.getMethod(), request.getRequestURI(), allowed))
        .with("Allow", allowed);
  }
}
