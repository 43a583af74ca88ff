package io.shelfmark.tracking;

import io.shelfmark.Workspace;
import io.shelfmark.storage.Digest;
import io.shelfmark.tracking.internal.host.CodeState;
import io.shelfmark.tracking.internal.outbox.Outbox;
import io.shelfmark.tracking.internal.outbox.OutboxOptions;
import io.shelfmark.tracking.internal.sql.SqlTrackingStore;
import io.shelfmark.tracking.store.TrackingStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import javax.sql.DataSource;

/**
 * Options of a {@link Tracker}. Get one from {@link Tracker#builder}. Not thread-safe.
 *
 * <p>Without options the record is the file {@code tracking/tracking.db} in the workspace's home, a
 * point is durable after 200 ms, the machine is looked at every 10 s.
 */
public final class TrackerBuilder {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Workspace workspace;
  private Supplier<TrackingStore> store;
  private boolean isOwnFile = true;
  private Clock clock = Clock.systemUTC();
  private Duration systemMetrics = Duration.ofSeconds(10);
  private Path codeFolder = Path.of("");
  private final OutboxOptions.Builder outbox = OutboxOptions.builder();

  TrackerBuilder(Workspace workspace) {
    this.workspace = Objects.requireNonNull(workspace, "workspace");
    this.store = () -> SqlTrackingStore.sqlite(folder().resolve("tracking.db"), workspace, clock);
  }

  private Path folder() {
    return workspace.home().resolve("tracking");
  }

  /**
   * Keeps the record in PostgreSQL, in a schema {@code shelfmark} that is made at the first
   * opening. The data source stays the host's, who closes it.
   */
  public TrackerBuilder database(DataSource postgres) {
    Objects.requireNonNull(postgres, "postgres");
    store = () -> SqlTrackingStore.postgres(postgres, workspace, clock);
    isOwnFile = false;
    return this;
  }

  /** Keeps the record in another store, such as an MLflow server; the tracker closes it. */
  public TrackerBuilder store(TrackingStore value) {
    Objects.requireNonNull(value, "value");
    store = () -> value;
    isOwnFile = false;
    return this;
  }

  /**
   * How long a point may wait to become durable, 200 ms by default.
   *
   * @throws IllegalArgumentException when it is less than 10 ms or more than a day
   */
  public TrackerBuilder maxDelay(Duration value) {
    outbox.maxDelay(value);
    return this;
  }

  /**
   * How large the files may grow that hold what a store that is away has not taken, 1 GB by
   * default. When they are full, logging waits.
   *
   * @throws IllegalArgumentException when it is not positive
   */
  public TrackerBuilder spoolSize(long bytes) {
    outbox.spoolBytes(bytes);
    return this;
  }

  /**
   * How often every open run gets the machine's processor, memory, disk and graphics card as
   * metrics {@code system/…}; every 10 s by default.
   *
   * @throws IllegalArgumentException when it is less than a second
   */
  public TrackerBuilder systemMetrics(Duration every) {
    if (every.compareTo(Duration.ofSeconds(1)) < 0) {
      throw new IllegalArgumentException(
          "Cannot look at the machine every %s: expected a second or more".formatted(every));
    }
    systemMetrics = every;
    return this;
  }

  /** Does not look at the machine. */
  public TrackerBuilder withoutSystemMetrics() {
    systemMetrics = Duration.ZERO;
    return this;
  }

  /** A folder of the git working tree whose state runs note; the process's own by default. */
  public TrackerBuilder codeFolder(Path value) {
    codeFolder = Objects.requireNonNull(value, "value");
    return this;
  }

  /** What times are taken from; the system's by default. */
  public TrackerBuilder clock(Clock value) {
    clock = Objects.requireNonNull(value, "value");
    return this;
  }

  /** One for each store, so that nothing is sent to another; the home's own may move with it. */
  private String spool(TrackingStore opened) {
    return isOwnFile
        ? "tracking.db"
        : Digest.of(opened.location().getBytes(StandardCharsets.UTF_8)).hex().substring(0, 16);
  }

  /**
   * Opens the tracker, and sends what earlier processes could not; waits for that where the record
   * is a file in the home.
   *
   * @throws IllegalArgumentException when the data source is not one of PostgreSQL
   * @throws io.shelfmark.tracking.store.StoreUnavailableException when the database cannot be
   *     opened
   */
  public Tracker open() {
    TrackingStore opened = store.get();
    LiveRuns live = new LiveRuns(opened, clock, CodeState.of(codeFolder));
    Outbox box;
    try {
      box =
          Outbox.open(
              opened.runs(),
              folder().resolve("spool").resolve(spool(opened)),
              outbox.refusals(live::refused).build());
    } catch (RuntimeException e) {
      opened.close();
      throw e;
    }
    if (isOwnFile) {
      // it takes what killed processes left at once: what they flushed is there when this returns
      box.deliver(PATIENCE);
    }
    live.start(box, systemMetrics.isZero() ? Optional.empty() : Optional.of(systemMetrics));
    return new Tracker(workspace, opened, box, live, isOwnFile ? PATIENCE : Duration.ZERO);
  }
}
