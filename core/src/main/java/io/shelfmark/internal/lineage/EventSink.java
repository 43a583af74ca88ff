package io.shelfmark.internal.lineage;

/** Where events go, each a line of JSON, in order. Thread-safe; who opened it closes it. */
public interface EventSink extends AutoCloseable {

  /** Takes an event; returns before it has arrived where that is elsewhere. */
  void accept(String event);

  /** Lets what was taken arrive, for a while. */
  @Override
  void close();
}
