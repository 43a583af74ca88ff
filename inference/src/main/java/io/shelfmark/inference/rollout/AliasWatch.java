package io.shelfmark.inference.rollout;

import io.shelfmark.artifact.ArtifactVersion;
import io.shelfmark.inference.ModelException;
import io.shelfmark.storage.StorageException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a recognizer on the models that an alias names. Get one from {@link AliasedModels#follow}.
 * Thread-safe; closing it waits for a swap under way and leaves the recognizer as it is.
 */
public final class AliasWatch implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(AliasWatch.class);

  private final AliasedModels models;
  private final RollingRecognizer recognizer;
  private final ScheduledExecutorService timer;

  // guarded by this
  private String refused = "";
  private boolean closed;

  AliasWatch(AliasedModels models, RollingRecognizer recognizer) {
    this.models = models;
    this.recognizer = recognizer;
    this.timer = Executors.newSingleThreadScheduledExecutor(AliasWatch::daemon);
    long nanos = models.interval().toNanos();
    var unused = timer.scheduleWithFixedDelay(this::look, nanos, nanos, TimeUnit.NANOSECONDS);
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "shelfmark-alias-watch");
    thread.setDaemon(true);
    return thread;
  }

  /**
   * Looks at once, on the calling thread, and swaps if the alias has moved: for a host that is told
   * of moves, or makes them. What fails is logged. Nothing happens after {@link #close}, nor when
   * the recognizer is closed.
   */
  public synchronized void look() {
    if (closed || recognizer.isClosed()) {
      return;
    }
    try {
      Optional<List<ArtifactVersion>> found = models.find();
      if (found.isEmpty()) {
        refused = "";
        LOG.warn("Alias {} names nothing: {} stays in use", models.alias(), recognizer.version());
        return;
      }
      bring(found.get());
    } catch (StorageException e) {
      LOG.warn(
          "Cannot look at alias {}, which is looked at again: {}", models.alias(), e.getMessage());
    } catch (RuntimeException e) {
      LOG.warn("Cannot follow alias {}", models.alias(), e);
    } catch (Error e) {
      // thrown on, it would end the timer without a word
      LOG.error("Cannot follow alias {}, which is looked at again", models.alias(), e);
    }
  }

  private void bring(List<ArtifactVersion> versions) {
    String label = AliasedModels.label(versions);
    if (label.equals(refused)) {
      return;
    }
    refused = "";
    if (label.equals(recognizer.version())) {
      return;
    }
    try {
      recognizer.follow(label, () -> models.load(versions));
      LOG.info("Alias {} moved: {} is in use", models.alias(), label);
    } catch (ModelException e) {
      LOG.warn("Cannot follow alias {} to {}: {}", models.alias(), label, e.getMessage());
      refused = e.getCause() instanceof StorageException ? "" : label;
    } catch (Error e) {
      // no memory for it, or no engine
      LOG.error("Cannot follow alias {} to {}", models.alias(), label, e);
      refused = label;
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    timer.shutdown();
  }
}
