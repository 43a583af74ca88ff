package io.shelfmark.inference.batching;

import io.shelfmark.inference.OverloadException;

/** What happens to work for which the queue has no room. */
public enum WhenFull {
  /** Its caller waits for room, until its deadline if it has one. */
  WAIT,
  /** It is refused at once, by {@link OverloadException}. */
  REJECT,
  /** With a deadline its caller waits until then; without one it is refused at once. */
  WAIT_UNTIL_DEADLINE
}
