package io.shelfmark.cluster;

import com.github.kagkarlsson.scheduler.Clock;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The database's time, the only one that decides who is dead: it is asked now and then, and the
 * time since is the machine's monotonic one, so that neither a wrong wall clock nor one that jumps
 * changes anything. {@link #now()} asks nobody and does not fail. Thread-safe; its owner closes it.
 */
final class DatabaseClock implements Clock, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(DatabaseClock.class);

  /** An answer that took longer says too little about the time. */
  private static final long LONGEST_ANSWER_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  private static final int OLDEST_IN_INTERVALS = 20;

  private final DataSource database;
  private final Heartbeats heartbeats;
  private final long intervalNanos;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(Threads.daemons("shelfmark-database-clock"));
  private volatile Reading reading;
  private volatile Contact contact;

  /** The database's time at a moment of the monotonic clock. */
  private record Reading(Instant time, long nanos) {}

  /** Since when the database has answered without a gap, and its last answer. */
  private record Contact(long since, long last) {}

  DatabaseClock(DataSource database, Heartbeats heartbeats) throws SQLException {
    this.database = database;
    this.heartbeats = heartbeats;
    this.intervalNanos = heartbeats.interval().toNanos() / 2;
    this.reading = read();
    this.contact = new Contact(reading.nanos() - graceNanos(), reading.nanos());
    // it never ends by itself, so nobody waits for it
    var unused =
        thread.scheduleWithFixedDelay(
            this::refresh, intervalNanos, intervalNanos, TimeUnit.NANOSECONDS);
  }

  @Override
  public Instant now() {
    Reading last = reading;
    return last.time().plusNanos(System.nanoTime() - last.nanos());
  }

  /**
   * Whether the database has been there for long enough that a living owner's heartbeat would be in
   * it. After an outage, or a stop of this process, every heartbeat is old at first.
   */
  boolean isSettled() {
    Contact now = contact;
    return System.nanoTime() - now.since() >= graceNanos() && !isGap(now.last());
  }

  /** Whether the database has answered within two heartbeats. */
  boolean isInTouch() {
    return System.nanoTime() - contact.last() <= graceNanos();
  }

  private long graceNanos() {
    return heartbeats.interval().toNanos() * 2;
  }

  /** Heartbeats get old enough for a death only in a gap of this length. */
  private boolean isGap(long lastContact) {
    return System.nanoTime() - lastContact
        > heartbeats.deathAge().minus(heartbeats.interval()).toNanos();
  }

  private void refresh() {
    try {
      Reading next = read();
      boolean old = System.nanoTime() - reading.nanos() > OLDEST_IN_INTERVALS * intervalNanos;
      long answeredIn = (System.nanoTime() - next.nanos()) * 2;
      if (old || answeredIn <= LONGEST_ANSWER_NANOS) {
        reading = next;
      }
      long now = System.nanoTime();
      contact = new Contact(isGap(contact.last()) ? now : contact.since(), now);
    } catch (SQLException | RuntimeException e) {
      LOG.debug("The database does not tell its time; the last answer is in use", e);
    }
  }

  private Reading read() throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      long before = System.nanoTime();
      try (ResultSet row = statement.executeQuery("SELECT clock_timestamp()")) {
        row.next();
        Instant time = row.getObject(1, OffsetDateTime.class).toInstant();
        long after = System.nanoTime();
        return new Reading(time, before + (after - before) / 2);
      }
    }
  }

  Duration age(Instant moment) {
    return Duration.between(moment, now());
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
