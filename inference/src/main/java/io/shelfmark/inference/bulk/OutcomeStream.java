package io.shelfmark.inference.bulk;

import java.util.Iterator;
import java.util.Spliterator;
import java.util.Spliterators.AbstractSpliterator;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** A flight of photos as a stream of their outcomes, begun when the first one is asked for. */
final class OutcomeStream extends AbstractSpliterator<BulkOutcome> implements AutoCloseable {

  private final Stream<BulkPhoto> photos;
  private final Function<Iterator<BulkPhoto>, PhotoFlight> flights;
  private @Nullable PhotoFlight flight;

  private OutcomeStream(
      Stream<BulkPhoto> photos, Function<Iterator<BulkPhoto>, PhotoFlight> flights) {
    super(Long.MAX_VALUE, Spliterator.NONNULL);
    this.photos = photos;
    this.flights = flights;
  }

  static Stream<BulkOutcome> of(
      Stream<BulkPhoto> photos, Function<Iterator<BulkPhoto>, PhotoFlight> flights) {
    OutcomeStream outcomes = new OutcomeStream(photos, flights);
    return StreamSupport.stream(outcomes, false).onClose(outcomes::close);
  }

  @Override
  public boolean tryAdvance(Consumer<? super BulkOutcome> action) {
    if (flight == null) {
      flight = flights.apply(photos.iterator()).begin();
    }
    BulkOutcome outcome;
    try {
      outcome = flight.poll(Long.MAX_VALUE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Cannot read photos: the caller was interrupted", e);
    }
    if (outcome == null) {
      return false;
    }
    action.accept(outcome);
    return true;
  }

  @Override
  public @Nullable Spliterator<BulkOutcome> trySplit() {
    return null;
  }

  @Override
  public void close() {
    try (photos) {
      if (flight != null) {
        flight.close();
      }
    }
  }
}
