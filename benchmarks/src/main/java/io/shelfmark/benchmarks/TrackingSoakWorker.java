package io.shelfmark.benchmarks;

import io.shelfmark.Workspace;
import io.shelfmark.tracking.Experiment;
import io.shelfmark.tracking.Run;
import io.shelfmark.tracking.Tracker;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * A process of {@link TrackingSoak}: {@code FOLDER forever}, or {@code FOLDER threads N SECONDS}.
 */
public final class TrackingSoakWorker {

  private TrackingSoakWorker() {}

  /** Logs until it is killed, or for some seconds. */
  public static void main(String[] args) throws Exception {
    try (Workspace workspace = Workspace.open(Path.of(args[0]));
        Tracker tracker = Tracker.builder(workspace).withoutSystemMetrics().open()) {
      Experiment experiment = tracker.experiment("soak");
      if (args[1].equals("forever")) {
        logForever(experiment.start("killed"));
      }
      logByThreads(experiment, Integer.parseInt(args[2]), Integer.parseInt(args[3]));
    }
  }

  /** Says after each flush how many points are durable. */
  private static void logForever(Run run) {
    System.out.println(run.id());
    for (int i = 0; ; i++) {
      run.metric("count", i, i);
      if (i % 100 == 99) {
        run.params(Map.of("a" + i, i, "b" + i, i, "c" + i, i));
      }
      if (i % 1000 == 999) {
        run.flush();
        System.out.println(i + 1);
        System.out.flush();
      }
    }
  }

  /** Each thread logs about 2,000 points a second; says how many each logged. */
  private static void logByThreads(Experiment experiment, int count, int seconds)
      throws InterruptedException {
    int[] logged = new int[count];
    try (Run run = experiment.start("threads")) {
      long end = System.nanoTime() + seconds * 1_000_000_000L;
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        int number = i;
        Thread thread =
            new Thread(
                () -> {
                  while (System.nanoTime() < end) {
                    for (int point = 0; point < 20; point++) {
                      run.metric("t" + number, logged[number], logged[number]++);
                    }
                    LockSupport.parkNanos(10_000_000);
                  }
                });
        thread.start();
        threads.add(thread);
      }
      for (Thread thread : threads) {
        thread.join();
      }
      run.flush();
      StringBuilder line = new StringBuilder(run.id());
      for (int points : logged) {
        line.append(' ').append(points);
      }
      System.out.println(line);
    }
  }
}
