package io.shelfmark.tracking.internal.mlflow.server;

import io.shelfmark.tracking.store.TrackingStore;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * All ways through the server, as {@code api/…} below {@code /api/2.0} and {@code /ajax-api/2.0}.
 * Immutable and thread-safe.
 */
final class Routes {

  /**
   * By first and second to last name of their patterns' fixed part, which is enough to be quick.
   */
  private final Map<String, List<Route>> byArea;

  private Routes(List<Route> routes) {
    byArea = routes.stream().collect(Collectors.groupingBy(route -> area(route.pattern())));
  }

  /** The routes over a store. */
  static Routes over(TrackingStore store, Clock clock) {
    Guards guards = new Guards(store);
    return new Routes(
        Stream.of(
                new ExperimentHandlers(store, guards).routes(),
                new RunHandlers(store, guards, clock).routes(),
                new LogHandlers(store, guards).routes(),
                new MetricHandlers(store, guards).routes(),
                new ArtifactHandlers(store, guards).routes(),
                new ProxyHandlers(store, guards).routes(),
                new MultipartHandlers(store, guards).routes(),
                new ModelHandlers(store, guards).routes(),
                new VersionHandlers(store, guards).routes(),
                new AliasHandlers(store, guards).routes(),
                new LoggedModelHandlers(store, guards).routes(),
                new InfoHandlers().routes())
            .flatMap(List::stream)
            .toList());
  }

  private static String area(List<String> path) {
    return String.join("/", path.subList(0, Math.min(3, path.size())));
  }

  /** All of them. */
  List<Route> all() {
    return byArea.values().stream().flatMap(List::stream).toList();
  }

  /** What lies at a path, by whatever method. */
  List<Route.Match> at(List<String> names) {
    List<String> path = canonical(names);
    List<Route.Match> matches = new ArrayList<>();
    for (Route route : byArea.getOrDefault(area(path), List.of())) {
      Optional<Route.Match> match = route.match(path);
      match.ifPresent(matches::add);
    }
    return matches;
  }

  /** MLflow serves one interface below several prefixes; without a version there is none. */
  private static List<String> canonical(List<String> names) {
    if (names.isEmpty() || !(names.get(0).equals("api") || names.get(0).equals("ajax-api"))) {
      return names;
    }
    String version = names.size() < 2 ? "" : names.get(1);
    List<String> path = new ArrayList<>(names);
    path.set(0, "api");
    if (version.equals("2.0")) {
      path.remove(1);
      if (path.size() > 1 && path.get(1).equals("preview")) {
        path.remove(1);
      }
    }
    return version.equals("2.0") || version.equals("3.0") ? path : List.of();
  }
}
