package io.shelfmark.pipeline.schedule;

import java.time.Instant;

/** Finds out what fires now. Used under the lock of its watch. */
interface Look {

  /** Fires what is due; cheap when nothing is. */
  void look(Instant now);
}
