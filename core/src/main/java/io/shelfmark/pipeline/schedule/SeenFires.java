package io.shelfmark.pipeline.schedule;

import io.shelfmark.pipeline.schedule.FireLog.Stored;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The fires of a name that this process has seen on record: those on which something is left to do
 * as last seen, and of the settled ones no more than that they are. Not thread-safe.
 */
final class SeenFires {

  private final Map<String, Stored<Fire>> open = new LinkedHashMap<>();

  /** The fires that events are part of, by the ids of their records. */
  private final Map<String, Fire> partOf = new HashMap<>();

  /** Ids of records on which nothing more is to be done. */
  private final Set<String> settled = new HashSet<>();

  /** Keeps an eye on a record until it is settled. */
  void note(Stored<Fire> stored) {
    Fire fire = stored.value();
    if (fire.state().isSettled()) {
      open.remove(fire.id());
      settled.add(fire.id());
    } else {
      open.put(fire.id(), stored);
    }
    boolean isWhole = fire.state() == FireState.CLAIMED || fire.state() == FireState.STARTED;
    if (isWhole && fire.events().size() > 1) {
      fire.events().forEach(event -> partOf.put(FireIds.of(event), fire));
      fire.events().forEach(event -> partOf.put(FireIds.told(event), fire));
      partOf.remove(fire.id());
    }
  }

  /** A record is no longer there. */
  void gone(String id) {
    open.remove(id);
  }

  /** These are all the records that are there. */
  void retain(Collection<String> ids) {
    Set<String> kept = new HashSet<>(ids);
    settled.retainAll(kept);
    partOf.keySet().retainAll(kept);
  }

  boolean isSettled(String id) {
    return settled.contains(id);
  }

  boolean hasOpen() {
    return !open.isEmpty();
  }

  /** Those that are not settled, as they are now. */
  List<Stored<Fire>> open() {
    return List.copyOf(open.values());
  }

  /** Those that are in a state now, the first due first. */
  List<Stored<Fire>> open(FireState state) {
    return open.values().stream()
        .filter(stored -> stored.value().state() == state)
        .sorted(
            Comparator.comparing((Stored<Fire> stored) -> stored.value().due())
                .thenComparing(stored -> stored.value().id()))
        .toList();
  }

  /** The fire that one turned out to be part of. */
  Optional<Fire> wholeOf(Fire fire) {
    return Optional.ofNullable(partOf.get(fire.id()));
  }
}
