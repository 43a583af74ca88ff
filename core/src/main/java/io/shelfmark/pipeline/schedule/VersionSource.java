package io.shelfmark.pipeline.schedule;

import io.shelfmark.artifact.VersionRef;
import io.shelfmark.internal.storage.Layout;
import io.shelfmark.internal.version.VersionLog;
import io.shelfmark.storage.BlobInfo;
import io.shelfmark.storage.BlobStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The versions of an artifact or dataset, whose numbers have no gaps. A poll that finds none takes
 * one request.
 */
record VersionSource(BlobStore store, VersionRef.Kind kind, String name) implements EventSource {

  @Override
  public String baseline() {
    return String.valueOf(new VersionLog(store, kind, name).last());
  }

  @Override
  public List<Event> poll(Past past, Instant now) {
    List<Event> events = new ArrayList<>();
    for (long number = last(past) + 1; ; number++) {
      VersionRef ref = new VersionRef(kind, name, number);
      Optional<BlobInfo> version = store.head(Layout.version(ref));
      if (version.isEmpty()) {
        return events;
      }
      events.add(
          new Event(
              ref.toString(),
              version.get().lastModified(),
              Map.of("version", ref.toString(), "name", name, "number", String.valueOf(number))));
    }
  }

  /** The last number that fired, or was there before. */
  private long last(Past past) {
    String own = new VersionRef(kind, name, 1).toString();
    String prefix = own.substring(0, own.length() - 1);
    return past.fires().stream()
        .flatMap(fire -> fire.events().stream())
        .filter(event -> event.startsWith(prefix))
        .mapToLong(event -> VersionRef.parse(event).number())
        .reduce(Long.parseLong(past.baseline()), Math::max);
  }
}
