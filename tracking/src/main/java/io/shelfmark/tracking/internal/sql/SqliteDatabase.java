package io.shelfmark.tracking.internal.sql;

import io.shelfmark.tracking.store.StoreUnavailableException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteErrorCode;

/**
 * One SQLite file in write-ahead mode. One thread of this process writes at a time, and SQLite lets
 * one process write at a time; readers wait for nobody. A commit is synced. Thread-safe.
 */
final class SqliteDatabase implements Database {

  /** How long a write waits for other processes; a batch of theirs takes a tenth of a second. */
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private static final int READERS = 4;

  /** Pages of 4 kB after which the log is folded into the file: 32 MB, a few large batches. */
  private static final int CHECKPOINT_PAGES = 8192;

  private static final Dialect DIALECT = new SqliteDialect();

  private final Path file;
  private final SQLiteDataSource source;

  /** Protects the writer's connection. */
  private final ReentrantLock writing = new ReentrantLock(true);

  private final Sql writer;

  /** How many may read at once; the readers at rest are a stack, so that few stay warm. */
  private final Semaphore readers = new Semaphore(READERS);

  private final ConcurrentLinkedDeque<Sql> resting = new ConcurrentLinkedDeque<>();
  private volatile boolean closed;

  private SqliteDatabase(Path file, SQLiteDataSource source) throws SQLException {
    this.file = file;
    this.source = source;
    this.writer = connect();
  }

  /** Opens the file, which is made when it is missing. */
  static SqliteDatabase open(Path file) {
    SQLiteDataSource source = new SQLiteDataSource(config());
    source.setUrl("jdbc:sqlite:" + file);
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      migrate(file, source);
      return new SqliteDatabase(file, source);
    } catch (SQLException | IOException e) {
      throw new StoreUnavailableException(
          "Cannot open tracking database %s: %s (is it a database of Shelfmark, and may it be written?)"
              .formatted(file, found(e)),
          e);
    }
  }

  /** The message of a failure of files is nothing but the file's name. */
  private static String found(Exception e) {
    return e instanceof FileSystemException
        ? e.getClass().getSimpleName() + " of " + e.getMessage()
        : String.valueOf(e.getMessage());
  }

  private static SQLiteConfig config() {
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
    config.setBusyTimeout((int) PATIENCE.toMillis());
    config.setCacheSize(-32 * 1024);
    config.enforceForeignKeys(false);
    return config;
  }

  /**
   * Flyway takes a third of a second and locks badly: it is asked only when there is something to
   * do, by one thread of this process and one process at a time.
   */
  private static synchronized void migrate(Path file, SQLiteDataSource source)
      throws SQLException, IOException {
    if (isCurrent(file, source)) {
      return;
    }
    Path lockFile = file.resolveSibling(file.getFileName() + ".lock");
    try (FileChannel channel =
            FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.lock()) {
      if (lock.isValid() && !isCurrent(file, source)) {
        Migrations.run(source, DIALECT, file.toString());
      }
    }
  }

  private static boolean isCurrent(Path file, SQLiteDataSource source) throws SQLException {
    if (!Files.exists(file)) {
      return false;
    }
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement()) {
      try (ResultSet tables =
          statement.executeQuery(
              "select 1 from sqlite_master where name = '" + Migrations.HISTORY + "'")) {
        if (!tables.next()) {
          return false;
        }
      }
      try (ResultSet versions =
          statement.executeQuery(
              "select 1 from "
                  + Migrations.HISTORY
                  + " where success = 1 and version = '"
                  + Migrations.LAST
                  + "'")) {
        return versions.next();
      }
    }
  }

  private Sql connect() throws SQLException {
    Connection connection = source.getConnection();
    try (Statement statement = connection.createStatement()) {
      org.sqlite.Function.create(connection, SqliteDialect.ILIKE, new IgnoringCase(), 2, 0);
      statement.execute("pragma wal_autocheckpoint = " + CHECKPOINT_PAGES);
      statement.execute("pragma journal_size_limit = " + CHECKPOINT_PAGES * 4096L);
      statement.execute("pragma temp_store = memory");
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
    return new Sql(connection, DIALECT);
  }

  @Override
  public <T> T write(Work<T> work) {
    writing.lock();
    try {
      requireOpen();
      return transaction(writer, "begin immediate", "commit", work);
    } catch (Sql.Failure e) {
      throw unavailable(e.sqlException());
    } catch (SQLException e) {
      throw unavailable(e);
    } finally {
      writing.unlock();
    }
  }

  @Override
  public <T> T read(Work<T> work) {
    readers.acquireUninterruptibly();
    try {
      requireOpen();
      Sql reader = resting.pollFirst();
      if (reader == null) {
        reader = connect();
      }
      try {
        // a deferred transaction takes no lock that a writer could wait for
        return transaction(reader, "begin deferred", "rollback", work);
      } finally {
        resting.addFirst(reader);
      }
    } catch (Sql.Failure e) {
      throw unavailable(e.sqlException());
    } catch (SQLException e) {
      throw unavailable(e);
    } finally {
      readers.release();
    }
  }

  /**
   * Not by {@code setAutoCommit}: there the driver takes a transaction for begun that could not
   * begin, and begins another one after each commit, which would wait for other processes.
   */
  private static <T> T transaction(Sql sql, String begin, String end, Work<T> work)
      throws SQLException {
    try (Statement statement = sql.connection().createStatement()) {
      statement.execute(begin);
      try {
        T result = work.run(sql);
        statement.execute(end);
        return result;
      } catch (Throwable e) {
        rollBack(statement);
        throw e;
      }
    }
  }

  private static void rollBack(Statement statement) {
    try {
      statement.execute("rollback");
    } catch (SQLException e) {
      // SQLite did it itself, as it does when the disk is full or fails: what failed is told
    }
  }

  /** A statement that SQLite cannot run is a defect here; anything else may pass. */
  private RuntimeException unavailable(SQLException e) {
    int code = e.getErrorCode() & 0xff;
    if (code == SQLiteErrorCode.SQLITE_ERROR.code
        || code == SQLiteErrorCode.SQLITE_CONSTRAINT.code
        || code == SQLiteErrorCode.SQLITE_MISUSE.code) {
      return new IllegalStateException("a statement failed on " + file, e);
    }
    return new StoreUnavailableException(
        "Cannot use tracking database %s: %s".formatted(file, e.getMessage()), e);
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("tracking database " + file + " is closed");
    }
  }

  @Override
  public String location() {
    return file.toString();
  }

  @Override
  public void close() {
    writing.lock();
    readers.acquireUninterruptibly(READERS);
    try {
      if (!closed) {
        closed = true;
        resting.forEach(SqliteDatabase::close);
        resting.clear();
        close(writer);
      }
    } finally {
      readers.release(READERS);
      writing.unlock();
    }
  }

  private static void close(Sql sql) {
    sql.close();
    try {
      sql.connection().close();
    } catch (SQLException e) {
      // everything it wrote is committed or rolled back
    }
  }
}
