package io.shelfmark.pipeline.schedule;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The events of a trigger's source, asked for every so often. */
final class TriggerLook implements Look {

  /** How many fires are remembered: more than any source looks at. */
  private static final int REMEMBERED = 1_000;

  private final String name;
  private final EventSource source;
  private final Duration interval;
  private final Firing firing;
  private final String self;
  private final FireLog.Watched watched;

  private final Map<String, Fire> known =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Fire> eldest) {
          return size() > REMEMBERED;
        }
      };

  private Instant nextLook = Instant.MIN;

  TriggerLook(
      String name,
      EventSource source,
      Duration interval,
      Firing firing,
      String self,
      FireLog.Watched watched,
      List<Fire> onRecord) {
    this.name = name;
    this.source = source;
    this.interval = interval;
    this.firing = firing;
    this.self = self;
    this.watched = watched;
    onRecord.stream()
        .filter(fire -> !FireIds.isTold(fire.id()))
        .forEach(fire -> known.put(fire.id(), fire));
  }

  @Override
  public void look(Instant now) {
    if (now.isBefore(nextLook) && !nextLook.isAfter(now.plus(interval))) {
      return;
    }
    nextLook = now.plus(interval);
    EventSource.Past past =
        new EventSource.Past(watched.at(), watched.baseline(), List.copyOf(known.values()));
    for (Event event : source.poll(past, now)) {
      String id = FireIds.of(event.id());
      if (!known.containsKey(id)) {
        Fire claim =
            Fire.claimed(name, id, event.at(), now, self)
                .event(event.values(), List.of(event.id()));
        known.put(id, firing.fire(claim));
      }
    }
  }
}
