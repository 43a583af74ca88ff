package io.shelfmark.benchmarks;

import io.shelfmark.testing.cluster.FaultDatabase;
import io.shelfmark.testing.cluster.FaultScenario;
import io.shelfmark.testing.cluster.FaultScenario.Extent;
import io.shelfmark.testing.cluster.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Does a cluster of workers lose a step, or do one twice, when its processes and its database fail?
 * Real processes over a real PostgreSQL; each scenario many times, several side by side because
 * they mostly wait. Exits with 1 when a repetition found something lost, doubled or left over, or a
 * figure past its limit.
 *
 * <pre>java -cp benchmarks/target/shelfmark-benchmarks.jar io.shelfmark.benchmarks.ClusterSoak \
 *     FOLDER [REPEATS [SIDE-BY-SIDE [SCENARIO...]]]</pre>
 */
public final class ClusterSoak {

  private final Path folder;
  private final int repeats;
  private final int sideBySide;
  private final Map<FaultScenario, List<Outcome>> outcomes = new EnumMap<>(FaultScenario.class);
  private int failures;

  private ClusterSoak(Path folder, int repeats, int sideBySide) {
    this.folder = folder;
    this.repeats = repeats;
    this.sideBySide = sideBySide;
  }

  /** All scenarios, 20 times each, 4 side by side by default. */
  public static void main(String[] args) throws Exception {
    ClusterSoak soak =
        new ClusterSoak(
            Files.createDirectories(Path.of(args[0])),
            args.length > 1 ? Integer.parseInt(args[1]) : 20,
            args.length > 2 ? Integer.parseInt(args[2]) : 4);
    List<FaultScenario> scenarios =
        args.length > 3
            ? Arrays.stream(args).skip(3).map(FaultScenario::valueOf).toList()
            : List.of(FaultScenario.values());
    for (FaultScenario scenario : scenarios) {
      soak.run(scenario);
    }
    if (soak.failures > 0) {
      System.out.println(soak.failures + " repetitions failed");
      System.exit(1);
    }
  }

  private void run(FaultScenario scenario) throws Exception {
    Path place = Files.createDirectories(folder.resolve(scenario.name()));
    ExecutorService threads =
        Executors.newFixedThreadPool(scenario.needsTheMachine() ? 1 : sideBySide);
    List<Future<Outcome>> futures = new ArrayList<>();
    try (Servers servers = new Servers(place, scenario)) {
      for (int repeat = 0; repeat < repeats; repeat++) {
        futures.add(threads.submit(repetition(servers, scenario, place.resolve("r" + repeat))));
      }
      for (Future<Outcome> future : futures) {
        note(scenario, future);
      }
    } finally {
      threads.shutdownNow();
    }
    report(scenario);
  }

  private static Callable<Outcome> repetition(Servers servers, FaultScenario scenario, Path place) {
    return () -> {
      FaultDatabase server = servers.take(place);
      try {
        return scenario.run(server, place, Extent.FULL);
      } finally {
        servers.give(server);
      }
    };
  }

  private void note(FaultScenario scenario, Future<Outcome> future) throws InterruptedException {
    try {
      Outcome outcome = future.get();
      System.out.println(scenario + " done: " + outcome.figures());
      outcomes.computeIfAbsent(scenario, key -> new ArrayList<>()).add(outcome);
      outcome.figures().stream()
          .filter(figure -> !figure.isGood())
          .forEach(
              figure -> {
                failures++;
                System.out.printf(
                    Locale.ROOT,
                    "%s: %s is %.1f, past its limit %.1f%n",
                    scenario,
                    figure.name(),
                    figure.value(),
                    figure.limit());
              });
    } catch (ExecutionException e) {
      failures++;
      System.out.println(scenario + ": " + e.getCause());
    }
  }

  private void report(FaultScenario scenario) {
    List<Outcome> all = outcomes.getOrDefault(scenario, List.of());
    Map<String, List<Double>> byName = new LinkedHashMap<>();
    all.stream()
        .flatMap(outcome -> outcome.figures().stream())
        .forEach(
            figure ->
                byName
                    .computeIfAbsent(figure.name(), key -> new ArrayList<>())
                    .add(figure.value()));
    System.out.printf("%s: %d of %d without a loss%n", scenario, all.size(), repeats);
    byName.forEach(
        (name, values) -> {
          List<Double> sorted = values.stream().sorted().toList();
          System.out.printf(
              Locale.ROOT,
              "  %s: %.2f to %.2f, median %.2f%n",
              name,
              sorted.get(0),
              sorted.get(sorted.size() - 1),
              sorted.get(sorted.size() / 2));
        });
  }

  /** One database for all, or one for each repetition that stops it. */
  private static final class Servers implements AutoCloseable {

    private final FaultScenario scenario;
    private final FaultDatabase shared;

    Servers(Path place, FaultScenario scenario) throws IOException {
      this.scenario = scenario;
      this.shared = FaultDatabase.start(place.resolve("postgres"));
    }

    FaultDatabase take(Path place) throws IOException {
      return scenario.needsItsOwnDatabase()
          ? FaultDatabase.start(Files.createDirectories(place).resolve("postgres"))
          : shared;
    }

    void give(FaultDatabase server) {
      if (server != shared) {
        server.close();
      }
    }

    @Override
    public void close() {
      shared.close();
    }
  }
}
