package io.shelfmark.pipeline.schedule;

import java.time.Instant;
import java.util.Collection;
import java.util.List;

/** Where a trigger looks for events. Used by one thread at a time. */
interface EventSource {

  /**
   * What is known of a trigger.
   *
   * @param since when it was first watched
   * @param baseline where the source stood then
   * @param fires the fires that are on record
   */
  record Past(Instant since, String baseline, Collection<Fire> fires) {}

  /** Where it stands now: what is there does not fire. */
  String baseline();

  /** What happened since; what is on record already may be among it. The oldest first. */
  List<Event> poll(Past past, Instant now);
}
