package io.shelfmark.pipeline;

import io.shelfmark.Workspace;
import io.shelfmark.artifact.ArtifactVersion;
import io.shelfmark.artifact.NewArtifactVersion;
import io.shelfmark.artifact.VersionRef;
import io.shelfmark.dataset.DatasetCommit;
import io.shelfmark.internal.Spool;
import io.shelfmark.storage.StorageException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One call of a step's code. Thread-safe: it guards itself. */
final class AttemptContext implements StepContext {

  private static final Logger LOG = LoggerFactory.getLogger(AttemptContext.class);

  /** Characters of a failure on record; its trace is in the log. */
  private static final int LONGEST = 8_192;

  private final Workbench bench;
  private final RunId run;
  private final String step;
  private final int number;
  private final List<VersionRef> inputs;
  private final Map<String, String> secrets = new LinkedHashMap<>();
  private final StepLog log;
  private final Path folder;

  // whoever settles the attempt decides what it gave: its code, its time limit, or a cancellation
  private boolean settled;
  private boolean cancelled;
  private boolean hasFolder;
  private @Nullable Thread thread = Thread.currentThread();
  private Optional<Future<?>> timer = Optional.empty();
  private volatile Runnable onAbandon = () -> {};
  private volatile Runnable onLog = () -> {};

  AttemptContext(
      Workbench bench,
      RunId run,
      String step,
      int number,
      Iterable<String> secretNames,
      List<VersionRef> inputs) {
    this.bench = bench;
    this.run = run;
    this.step = step;
    this.number = number;
    this.inputs = inputs;
    for (String name : secretNames) {
      secrets.put(
          name,
          bench
              .secrets()
              .apply(name)
              .orElseThrow(
                  () ->
                      new IllegalStateException(
                          "Cannot run step %s: found no secret %s, expected the runner to have it (give it to the runner's builder)"
                              .formatted(step, name))));
    }
    Path runFolder = bench.runFolder(run);
    this.log =
        new StepLog(StepLog.file(runFolder, step, number), bench.logLimit(), secrets.values());
    this.folder = runFolder.resolve("work").resolve(StepLog.name(step, number));
  }

  /** Takes the right to say what the attempt gave. */
  synchronized boolean settle() {
    boolean first = !settled;
    settled = true;
    return first;
  }

  /** Settles it from outside, and interrupts the code; false when it had been settled. */
  boolean abandon() {
    return abandon(() -> "").isPresent();
  }

  /** Settles it from outside because of a failure, which is logged; gives it in a line. */
  Optional<String> abandon(Throwable failure) {
    return abandon(() -> describe(failure));
  }

  private Optional<String> abandon(Supplier<String> before) {
    String said;
    synchronized (this) {
      if (settled) {
        return Optional.empty();
      }
      settled = true;
      cancelled = true;
      said = before.get(); // code that returns at its interrupt ends the log
      if (thread != null) {
        thread.interrupt();
      }
    }
    onAbandon.run(); // code that ignores the interrupt does not keep its slot
    return Optional.of(said);
  }

  /** What is done when it is settled from outside. */
  void onAbandon(Runnable task) {
    onAbandon = task;
  }

  /** What is done when its log is complete, if it logged anything. */
  void onLog(Runnable task) {
    onLog = task;
  }

  synchronized void timer(Optional<Future<?>> value) {
    timer = value;
  }

  /** The code has returned. */
  void leave() {
    synchronized (this) {
      thread = null;
      timer.ifPresent(future -> future.cancel(false));
    }
    // an interrupt may have come late: the thread serves other steps
    boolean late = Thread.interrupted();
    if (late) {
      LOG.debug("Step {} of run {} was interrupted as it returned", step, run);
    }
    tidyUp();
  }

  /** Ends the log and removes the folder, before anyone is told of the end and may look at them. */
  void tidyUp() {
    endLog();
    try {
      removeFolder();
    } catch (IOException | UncheckedIOException e) {
      LOG.warn("Cannot remove the work folder of step {} of run {}", step, run, e);
    }
  }

  /** Ends the log, before anyone is told of the end and may read it. */
  void endLog() {
    try {
      if (log.end()) {
        onLog.run();
      }
    } catch (StorageException e) {
      LOG.warn("Cannot end the log of step {} of run {}", step, run, e);
    }
  }

  private void removeFolder() throws IOException {
    synchronized (this) {
      if (!hasFolder) {
        return;
      }
      hasFolder = false;
    }
    Spool.remove(folder);
  }

  StepLog stepLog() {
    return log;
  }

  /** Logs a failure; gives it in a line. */
  String describe(Throwable failure) {
    try {
      StringWriter trace = new StringWriter();
      failure.printStackTrace(new PrintWriter(trace, true));
      log.mask(trace.toString()).lines().limit(200).forEach(log::line);
    } catch (RuntimeException | Error e) {
      // a full disk, or an exception of a host's that cannot be printed
      LOG.warn("Cannot log why step {} of run {} failed: found {}", step, run, line(e));
    }
    String line = log.mask(line(failure));
    return line.length() > LONGEST ? line.substring(0, LONGEST) + "…" : line;
  }

  /** A failure in a line, whatever a host's exception does when it is asked. */
  static String line(Throwable failure) {
    String name = failure.getClass().getSimpleName();
    try {
      String message = failure.getMessage();
      return name + (message == null ? "" : ": " + message);
    } catch (RuntimeException | Error e) {
      return name + ", whose message cannot be told";
    }
  }

  @Override
  public RunId run() {
    return run;
  }

  @Override
  public String step() {
    return step;
  }

  @Override
  public int attempt() {
    return number;
  }

  @Override
  public Workspace workspace() {
    return bench.workspace();
  }

  @Override
  public void log(String line) {
    log.line(line);
  }

  @Override
  public synchronized Path workFolder() {
    if (!hasFolder) {
      try {
        Files.createDirectories(folder);
      } catch (IOException e) {
        throw new StorageException(
            "Cannot make work folder %s: found %s, expected room for it (check the disk)"
                .formatted(folder, e),
            e);
      }
      hasFolder = true;
    }
    return folder;
  }

  @Override
  public String secret(String name) {
    String value = secrets.get(name);
    if (value == null) {
      throw new IllegalArgumentException(
          "Cannot give secret %s to step %s: found %s declared, expected it among them (declare it with secret(name))"
              .formatted(name, step, secrets.keySet()));
    }
    return value;
  }

  @Override
  public synchronized boolean isCancelled() {
    return cancelled;
  }

  private String producer() {
    return "run:" + run + "/" + step;
  }

  @Override
  public NewArtifactVersion newArtifact(String name) {
    NewArtifactVersion version = workspace().artifacts().newVersion(name).producer(producer());
    inputs.forEach(version::input);
    return version;
  }

  @Override
  public DatasetCommit newCommit(String dataset) {
    DatasetCommit commit = workspace().dataset(dataset).newCommit().producer(producer());
    // a dataset's earlier versions are its parents, not its inputs
    inputs.stream()
        .filter(ref -> ref.kind() != VersionRef.Kind.DATASET || !ref.name().equals(dataset))
        .forEach(commit::input);
    return commit;
  }

  @Override
  public ArtifactVersion publish(String name, Path fileOrFolder) {
    try (NewArtifactVersion version = newArtifact(name)) {
      if (Files.isDirectory(fileOrFolder)) {
        version.addDirectory(fileOrFolder);
      } else {
        version.addFile(String.valueOf(fileOrFolder.getFileName()), fileOrFolder);
      }
      return version.publish();
    }
  }
}
