package io.shelfmark.pipeline;

/** Where events are put on record, in the order of the calls. Thread-safe. */
interface Journal extends AutoCloseable {

  /** Whether what follows must wait until an event survives a power failure. */
  enum Wait {
    FOR_DISK,
    FOR_NOTHING
  }

  /** Puts an event on record, then runs what follows, in order. */
  void append(RunEvent event, Wait wait, Runnable then);

  /**
   * As {@link #append}, by a caller that holds no lock and can wait: it may find itself putting the
   * event on record and running what follows.
   */
  void appendHere(RunEvent event, Wait wait, Runnable then);

  /** Takes no more; what came before is on record, and what follows has run. */
  void stop();

  /** Stops it, and gives the home back. */
  @Override
  void close();

  /** Keeps nothing. */
  final class None implements Journal {
    @Override
    public void append(RunEvent event, Wait wait, Runnable then) {
      then.run();
    }

    @Override
    public void appendHere(RunEvent event, Wait wait, Runnable then) {
      then.run();
    }

    @Override
    public void stop() {}

    @Override
    public void close() {}
  }
}
