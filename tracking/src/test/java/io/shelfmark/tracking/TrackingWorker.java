package io.shelfmark.tracking;

import io.shelfmark.Workspace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A process that logs: {@code FOLDER killed} until it is killed, {@code FOLDER threads COUNT EACH}.
 */
final class TrackingWorker {

  private TrackingWorker() {}

  /** Starts one with this process's class path. */
  static Process start(Path folder, String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx256m",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                TrackingWorker.class.getName(),
                folder.toString()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
  }

  public static void main(String[] args) throws Exception {
    Workspace workspace = Workspace.open(Path.of(args[0]));
    Experiment experiment = Tracker.in(workspace).experiment("processes");
    if (args[1].equals("killed")) {
      logForever(experiment.start("killed"));
    }
    logByThreads(experiment, Integer.parseInt(args[2]), Integer.parseInt(args[3]));
    workspace.close();
  }

  /** Says after each flush how many points and params are durable now. */
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

  private static void logByThreads(Experiment experiment, int threads, int each)
      throws InterruptedException {
    try (Run run = experiment.start("threads")) {
      List<Thread> started = new ArrayList<>();
      for (int thread = 0; thread < threads; thread++) {
        String key = "t" + thread;
        Thread logger =
            new Thread(
                () -> {
                  for (int i = 0; i < each; i++) {
                    run.metric(key, i, i);
                  }
                });
        logger.start();
        started.add(logger);
      }
      for (Thread thread : started) {
        thread.join();
      }
      System.out.println(run.id());
    }
  }
}
