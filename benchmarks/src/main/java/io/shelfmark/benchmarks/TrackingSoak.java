package io.shelfmark.benchmarks;

import io.shelfmark.Workspace;
import io.shelfmark.tracking.Run;
import io.shelfmark.tracking.Tracker;
import io.shelfmark.tracking.mlflow.MlflowTracking;
import io.shelfmark.tracking.store.Metric;
import io.shelfmark.tracking.store.RunRecord;
import io.shelfmark.tracking.store.RunStatus;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;

/**
 * Does the record lose anything to processes that are killed or log at once, or to a server that is
 * away? Starts real processes; exits with 1 when something that a process was told is not there, or
 * is there with a hole or twice.
 *
 * <ol>
 *   <li>Kills so many processes at random moments while they log.
 *   <li>Lets two processes of 16 threads log for so many seconds to one SQLite file.
 *   <li>Logs to an MLflow server that goes away for so many seconds and comes back.
 * </ol>
 *
 * <pre>java -cp benchmarks/target/shelfmark-benchmarks.jar io.shelfmark.benchmarks.TrackingSoak \
 *     FOLDER [KILLS] [SECONDS] [SECONDS]</pre>
 */
public final class TrackingSoak {

  private static final int THREADS = 16;

  private final Path folder;
  private final Random random = new Random(21);

  private TrackingSoak(Path folder) {
    this.folder = folder;
  }

  /** Runs the three parts, with 200 kills, a minute and a minute by default. */
  public static void main(String[] args) throws Exception {
    int kills = args.length > 1 ? Integer.parseInt(args[1]) : 200;
    int logging = args.length > 2 ? Integer.parseInt(args[2]) : 60;
    int away = args.length > 3 ? Integer.parseInt(args[3]) : 60;
    Path folder = Path.of(args[0]);
    new TrackingSoak(folder.resolve("kills")).killProcesses(kills);
    new TrackingSoak(folder.resolve("threads")).logAtOnce(logging);
    new TrackingSoak(folder.resolve("away")).logWithoutServer(away);
    System.out.println("nothing lost");
  }

  private Process start(String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                TrackingSoakWorker.class.getName(),
                folder.toString()));
    command.addAll(Arrays.asList(arguments));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
  }

  private void killProcesses(int kills) throws Exception {
    long told = 0;
    long found = 0;
    for (int kill = 0; kill < kills; kill++) {
      Process process = start("forever");
      long flushed = 0;
      String run;
      try (BufferedReader output = process.inputReader()) {
        run = output.readLine();
        int lines = random.nextInt(30);
        for (int line = 0; line < lines; line++) {
          flushed = Long.parseLong(output.readLine());
        }
        Thread.sleep(random.nextInt(20), random.nextInt(999_999));
        // the handle leaves the output open, what it holds was said before
        process.toHandle().destroyForcibly();
        process.waitFor();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
          flushed = Long.parseLong(line);
        }
      }
      told += flushed;
      found += requireWhole(run, flushed);
    }
    print("%d processes killed: %d points flushed, %d found, no hole", kills, told, found);
  }

  /** Looks two minutes later, when the run counts as silent. */
  private int requireWhole(String id, long flushed) {
    try (Workspace workspace = Workspace.open(folder);
        Tracker tracker =
            Tracker.builder(workspace)
                .clock(Clock.offset(Clock.systemUTC(), Duration.ofMinutes(2)))
                .withoutSystemMetrics()
                .open()) {
      Optional<RunRecord> run = tracker.find(id);
      if (flushed == 0 && run.isEmpty()) {
        return 0;
      }
      int points = requireInOrder(tracker, id, "count");
      require(points >= flushed, "%d of %d points of run %s".formatted(points, flushed, id));
      RunRecord record = run.orElseThrow();
      require(record.info().status() == RunStatus.KILLED, record.info() + " is not killed");
      for (long i = 99; i < points + 1000; i += 100) {
        int params = 0;
        for (String letter : List.of("a", "b", "c")) {
          params += record.params().containsKey(letter + i) ? 1 : 0;
        }
        boolean isFlushed = i < flushed;
        require(
            params == 3 || (params == 0 && !isFlushed),
            "%d params after point %d of %d".formatted(params, i, flushed));
        require(params == 0 || i < points, "params before the points that came before them");
      }
      return points;
    }
  }

  private static int requireInOrder(Tracker tracker, String id, String key) {
    List<Metric> points =
        tracker.store().runs().history(id, key, Integer.MAX_VALUE - 1, Optional.empty()).items();
    for (int i = 0; i < points.size(); i++) {
      require(points.get(i).step() == i, "point %d of run %s has a hole".formatted(i, id));
    }
    return points.size();
  }

  private void logAtOnce(int seconds) throws Exception {
    List<Process> processes = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      processes.add(start("threads", String.valueOf(THREADS), String.valueOf(seconds)));
    }
    long total = 0;
    List<String> lines = new ArrayList<>();
    for (Process process : processes) {
      try (BufferedReader output = process.inputReader()) {
        lines.add(String.valueOf(output.readLine()));
      }
      require(process.waitFor() == 0, "a process ended with " + process.exitValue());
    }
    try (Workspace workspace = Workspace.open(folder);
        Tracker tracker = Tracker.builder(workspace).withoutSystemMetrics().open()) {
      for (String line : lines) {
        String[] parts = line.split(" ", -1);
        for (int thread = 0; thread < THREADS; thread++) {
          int found = requireInOrder(tracker, parts[0], "t" + thread);
          int logged = Integer.parseInt(parts[thread + 1]);
          require(found == logged, "thread %d: %d of %d".formatted(thread, found, logged));
          total += found;
        }
      }
    }
    print("2 processes of %d threads for %d s: %d points, none lost", THREADS, seconds, total);
  }

  /** One thread logs 1,000 points a second; what a call takes is noted for each. */
  private void logWithoutServer(int seconds) throws Exception {
    int rate = 1000;
    try (Workspace behind = Workspace.open(folder.resolve("server"));
        Tracker served = Tracker.builder(behind).withoutSystemMetrics().open();
        Workspace workspace = Workspace.open(folder.resolve("client"))) {
      MlflowHost host = MlflowHost.start(served.store(), 0);
      int port = host.port();
      long[] calls = new long[(seconds + 4) * rate];
      long[] nothings = new long[calls.length];
      int done = 0;
      String id;
      try (Tracker tracker =
              Tracker.builder(workspace)
                  .store(MlflowTracking.at(host.address()).open())
                  .withoutSystemMetrics()
                  .open();
          Run run = tracker.experiment("away").start("away")) {
        id = run.id();
        long start = System.nanoTime();
        for (; done < calls.length; done++) {
          if (done == 2 * rate) {
            host.close();
          }
          if (done == (2 + seconds) * rate) {
            host = MlflowHost.start(served.store(), port);
          }
          long due = start + done * (1_000_000_000L / rate);
          while (System.nanoTime() < due) {
            Thread.onSpinWait();
          }
          long empty = System.nanoTime();
          long before = System.nanoTime();
          run.metric("count", done, done);
          calls[done] = System.nanoTime() - before;
          nothings[done] = before - empty;
        }
        run.flush();
        long give = System.nanoTime() + Duration.ofMinutes(2).toNanos();
        while (!tracker.deliver(Duration.ofSeconds(10))) {
          require(System.nanoTime() < give, "the server is back and does not get the rest");
          Thread.sleep(100);
        }
      }
      require(requireInOrder(served, id, "count") == done, "points are missing");
      require(served.curve(id, "count", 2).total() == done, "points are doubled");
      host.close();
      print("server away for %d s: %d points, none lost or doubled", seconds, done);
      print("a call: %s", times(calls));
      print("doing nothing in its place: %s", times(nothings));
    }
  }

  /** What the machine itself takes from a thread is in both. */
  private static String times(long[] nanos) {
    long[] sorted = nanos.clone();
    Arrays.sort(sorted);
    return String.format(
        Locale.ROOT,
        "%.1f us at most in 999 of 1,000, %.2f ms at most, %d of %d over 1 ms",
        sorted[sorted.length / 1000 * 999] / 1e3,
        sorted[sorted.length - 1] / 1e6,
        Arrays.stream(sorted).filter(time -> time > 1_000_000).count(),
        sorted.length);
  }

  private static void require(boolean condition, String problem) {
    if (!condition) {
      throw new IllegalStateException("lost: " + problem);
    }
  }

  private static void print(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }
}
