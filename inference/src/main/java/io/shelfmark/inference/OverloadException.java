package io.shelfmark.inference;

import io.shelfmark.ShelfmarkException;

/**
 * There is no room in the queue, and whoever set it up wanted callers to be told so instead of
 * waiting. Nothing is wrong with the photo: the caller should ask again later, or elsewhere.
 */
public final class OverloadException extends ShelfmarkException {

  private static final long serialVersionUID = 1L;

  private final int waiting;

  /**
   * Work that was not taken.
   *
   * @param what what could not be done, such as {@code read photo shelf.jpg}
   * @param waiting how many wait already
   * @param room how many may
   */
  public OverloadException(String what, int waiting, int room) {
    super(
        "Cannot %s: found %d waiting in a queue for %d, expected room (try again later)"
            .formatted(what, waiting, room));
    this.waiting = waiting;
  }

  /** How many were waiting at that moment. */
  public int waiting() {
    return waiting;
  }
}
