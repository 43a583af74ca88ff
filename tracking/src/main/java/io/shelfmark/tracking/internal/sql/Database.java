package io.shelfmark.tracking.internal.sql;

/**
 * Runs transactions on one database. Thread-safe. Work may be run more than once: it must leave
 * nothing behind but its statements and its result.
 */
interface Database extends AutoCloseable {

  /** What is done in a transaction. */
  @FunctionalInterface
  interface Work<T> {
    T run(Sql sql);
  }

  /** Reads: every statement sees the same state. */
  <T> T read(Work<T> work);

  /** Writes, all or nothing; durable when it returns. */
  <T> T write(Work<T> work);

  /** Which database, for messages. */
  String location();

  @Override
  void close();
}
