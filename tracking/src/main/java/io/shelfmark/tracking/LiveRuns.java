package io.shelfmark.tracking;

import io.shelfmark.tracking.internal.Names;
import io.shelfmark.tracking.internal.host.CodeState;
import io.shelfmark.tracking.internal.host.HostState;
import io.shelfmark.tracking.internal.host.SystemSampler;
import io.shelfmark.tracking.internal.outbox.Outbox;
import io.shelfmark.tracking.store.NewRun;
import io.shelfmark.tracking.store.Refusal;
import io.shelfmark.tracking.store.RunLog;
import io.shelfmark.tracking.store.RunWrite;
import io.shelfmark.tracking.store.TrackingException;
import io.shelfmark.tracking.store.TrackingStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The runs of this process that are open: says for them that they live, and looks at the machine
 * for them. Thread-safe; the tracker closes it.
 */
final class LiveRuns implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Tracker.class);

  /** Six of these may be lost before a run counts as silent. */
  private static final Duration HEARTBEAT = Duration.ofSeconds(10);

  /** What the keys of the machine's metrics begin with. */
  private static final String SYSTEM = "system/";

  private final TrackingStore store;
  private final Clock clock;
  private final CompletableFuture<CodeState> code;
  private final Map<String, String> host = HostState.tags();
  private final Set<Run> runs = ConcurrentHashMap.newKeySet();

  /** Those of them that began before the state of the code was known. */
  private final Set<Run> withoutCode = ConcurrentHashMap.newKeySet();

  private final AtomicReference<@Nullable TrackingException> refusal = new AtomicReference<>();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "shelfmark-tracking");
            thread.setDaemon(true);
            return thread;
          });

  private @Nullable Outbox outbox;

  LiveRuns(TrackingStore store, Clock clock, CompletableFuture<CodeState> code) {
    this.store = store;
    this.clock = clock;
    this.code = code;
  }

  void start(Outbox box, Optional<Duration> systemMetrics) {
    outbox = box;
    repeat(HEARTBEAT, this::sayThatTheyLive);
    systemMetrics.ifPresent(
        every -> {
          SystemSampler sampler = new SystemSampler();
          repeat(every, () -> sample(sampler));
        });
  }

  private void repeat(Duration every, Runnable action) {
    long millis = every.toMillis();
    Runnable guarded =
        () -> {
          try {
            action.run();
          } catch (RuntimeException e) {
            // the next one may work; without this there would be none
            LOG.warn("Open runs could not be looked after", e);
          }
        };
    var unused = timer.scheduleWithFixedDelay(guarded, millis, millis, TimeUnit.MILLISECONDS);
  }

  private Outbox outbox() {
    return Objects.requireNonNull(outbox);
  }

  Instant now() {
    return clock.instant();
  }

  /** Does something after a while, unless the tracker is closed first. */
  void later(Duration wait, Runnable action) {
    try {
      var unused =
          timer.schedule(
              () -> {
                try {
                  action.run();
                } catch (RuntimeException e) {
                  LOG.warn("What was put off could not be done", e);
                }
              },
              wait.toMillis(),
              TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("The tracker is closed", e);
    }
  }

  long millis() {
    return clock.millis();
  }

  Run start(Tracker tracker, String experimentId, String name, Map<String, String> tags) {
    Names.requireTag(NewRun.NAME_TAG, name);
    Names.requireTags(tags);
    return start(
        tracker,
        new NewRun(NewRun.newId(), experimentId, name, HostState.user(), clock.instant(), tags));
  }

  /** Begins a run that has an id already; begun again, it is the same. */
  Run start(Tracker tracker, NewRun wanted) {
    Map<String, String> all = new LinkedHashMap<>(host);
    CodeState known = code.getNow(CodeState.UNKNOWN);
    all.putAll(known.tags());
    all.putAll(wanted.tags());
    NewRun run =
        new NewRun(
            wanted.id(),
            wanted.experimentId(),
            wanted.name(),
            wanted.user(),
            wanted.startTime(),
            all);
    outbox().add(new RunWrite.Create(run));
    Run open = new Run(tracker, run.experimentId(), run.id());
    if (known.equals(CodeState.UNKNOWN)) {
      withoutCode.add(open);
    }
    return add(open);
  }

  Run add(Run run) {
    outbox().add(new RunWrite.Heartbeat(run.id(), clock.instant()));
    runs.add(run);
    return run;
  }

  void remove(Run run) {
    noteCode(run);
    withoutCode.remove(run);
    runs.remove(run);
  }

  /** Git may answer only after a run began. */
  private void noteCode(Run run) {
    CodeState known = code.getNow(CodeState.UNKNOWN);
    if (!known.tags().isEmpty() && withoutCode.remove(run)) {
      outbox().add(new RunWrite.Log(run.id(), RunLog.tags(known.tags())));
    }
  }

  /** The commit of the code that runs, if it is known. */
  Optional<String> commit() {
    return code.getNow(CodeState.UNKNOWN).commit();
  }

  private void sayThatTheyLive() {
    Instant now = clock.instant();
    for (Run run : runs) {
      outbox().add(new RunWrite.Heartbeat(run.id(), now));
      noteCode(run);
    }
  }

  private void sample(SystemSampler sampler) {
    if (runs.isEmpty()) {
      return;
    }
    Map<String, Double> values = sampler.sample();
    long now = clock.millis();
    for (Run run : runs) {
      long step = run.nextLook();
      values.forEach((key, value) -> outbox().metric(run.id(), key, value, step, now));
    }
  }

  void refused(Refusal refused) {
    if (isOwn(refused.write())) {
      // of a run that was deleted while it is open: nothing that the program logged is lost
      LOG.debug("Run {} is not looked after", refused.write().runId(), refused.reason());
      return;
    }
    LOG.warn(
        "A write to run {} was refused: {}",
        refused.write().runId(),
        refused.reason().getMessage());
    refusal.compareAndSet(null, refused.reason());
  }

  /** Whether these runs wrote it and not the program. */
  private static boolean isOwn(RunWrite write) {
    if (write instanceof RunWrite.Log log) {
      return log.log().params().isEmpty()
          && log.log().tags().isEmpty()
          && log.log().metrics().stream().allMatch(point -> point.key().startsWith(SYSTEM));
    }
    return write instanceof RunWrite.Heartbeat;
  }

  void flush() {
    outbox().flush();
    @Nullable TrackingException reason = refusal.getAndSet(null);
    if (reason != null) {
      throw reason;
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
    try (store) {
      // makes everything durable, within its own time
      outbox().close();
    }
  }
}
