package io.shelfmark.pipeline;

import io.shelfmark.Workspace;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells listeners what happened, in order, on one thread: a slow one holds up neither steps nor the
 * journal, and may start runs. Thread-safe.
 */
final class Listeners implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);
  private static final long LONGEST_WAIT_SECONDS = 10;

  private final List<RunEvent.Listener> listeners;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread created = new Thread(task, "shelfmark-pipeline-events");
            created.setDaemon(true);
            return created;
          });

  Listeners(List<RunEvent.Listener> listeners) {
    this.listeners = List.copyOf(listeners);
  }

  /** Lineage looks where the versions are, and at what is on record of runs begun elsewhere. */
  void follow(Workspace workspace, Function<RunId, Optional<RunRecord>> find) {
    lineage().forEach(listener -> listener.attach(workspace, find));
  }

  /** Lineage is told of what the pipeline's steps take from each other. */
  void registered(Pipeline<?> pipeline) {
    lineage().forEach(listener -> listener.registered(pipeline));
  }

  private Stream<OpenLineage> lineage() {
    return listeners.stream().filter(OpenLineage.class::isInstance).map(OpenLineage.class::cast);
  }

  void tell(RunEvent event) {
    if (listeners.isEmpty()) {
      return;
    }
    try {
      thread.execute(() -> listeners.forEach(listener -> tell(listener, event)));
    } catch (RejectedExecutionException e) {
      LOG.debug("The runner is closed: nobody hears of {}", event);
    }
  }

  private static void tell(RunEvent.Listener listener, RunEvent event) {
    try {
      listener.happened(event);
    } catch (RuntimeException e) {
      LOG.warn("A listener failed at {}", event, e);
    }
  }

  /** What has happened is told first. */
  @Override
  public void close() {
    thread.shutdown();
    try {
      if (!thread.awaitTermination(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("A listener of pipelines takes more than {} s", LONGEST_WAIT_SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
