package io.shelfmark.internal.gc;

import com.fasterxml.jackson.databind.JsonNode;
import io.shelfmark.internal.storage.ConditionalWrite;
import io.shelfmark.internal.storage.Json;
import io.shelfmark.storage.BlobInfo;
import io.shelfmark.storage.BlobKey;
import io.shelfmark.storage.BlobStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The leases of one workspace, renewed by a thread of its own three times in their duration.
 * Thread-safe. The workspace closes it.
 */
public final class Leases implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Leases.class);

  private final BlobStore store;
  private final Duration duration;
  private final Set<Lease> open = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService renewal =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "shelfmark-leases");
            thread.setDaemon(true);
            return thread;
          });

  /** Leases of a duration, in a store that stays the caller's. */
  public Leases(BlobStore store, Duration duration) {
    this.store = store;
    this.duration = duration;
    long period = duration.toMillis() / 3;
    // ends with the executor; a failure is logged and does not end it
    var unused =
        renewal.scheduleWithFixedDelay(this::renewAll, period, period, TimeUnit.MILLISECONDS);
  }

  /** A lease for a writer; the caller closes it. */
  public Lease writer() {
    return register(Lease.open(store, Lease.Kind.WRITER, List.of(), duration));
  }

  /** A lease for a reader of what these keys lead to; the caller closes it. */
  public Lease reader(Collection<BlobKey> keys) {
    return register(Lease.open(store, Lease.Kind.READER, keys, duration));
  }

  private Lease register(Lease lease) {
    open.add(lease);
    return lease;
  }

  private void renewAll() {
    open.removeIf(lease -> !lease.isOpen());
    for (Lease lease : open) {
      try {
        lease.renew();
        if (!lease.isOpen()) {
          // closed while it was renewed: the renewal may have written it again
          store.delete(BlobKey.of(Lease.PREFIX + lease.id()));
        }
      } catch (RuntimeException e) {
        LOG.warn("Lease {} was not renewed, it will be tried again: {}", lease.id(), e.toString());
      }
    }
  }

  /** The leases of a store that have not run out by its clock; those that have are removed. */
  static List<Lease.Seen> live(BlobStore store) {
    List<Lease.Seen> live = new ArrayList<>();
    Instant now = store.currentTime();
    List<BlobInfo> all;
    try (Stream<BlobInfo> leases = store.list(Lease.PREFIX)) {
      all = leases.toList();
    }
    for (BlobInfo info : all) {
      ConditionalWrite.read(store, info.key())
          .ifPresent(
              bytes -> {
                JsonNode document = Json.parse(bytes, info.key());
                Duration duration = Duration.ofSeconds(document.path("seconds").asLong());
                if (info.lastModified().plus(duration).isBefore(now)) {
                  store.delete(info.key());
                } else {
                  live.add(seen(info.key(), document));
                }
              });
    }
    return live;
  }

  private static Lease.Seen seen(BlobKey key, JsonNode document) {
    Set<BlobKey> keys = new HashSet<>();
    document.path("keys").forEach(kept -> keys.add(BlobKey.of(kept.asText())));
    return new Lease.Seen(
        key.value().substring(Lease.PREFIX.length()),
        Lease.Kind.valueOf(Json.text(document, "kind", key)),
        keys);
  }

  @Override
  public void close() {
    renewal.shutdownNow();
  }
}
