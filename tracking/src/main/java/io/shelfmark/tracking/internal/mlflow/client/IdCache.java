package io.shelfmark.tracking.internal.mlflow.client;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Pairs of ids, the last used ones up to a number. Thread-safe. */
final class IdCache {

  private final Map<String, String> toServer;
  private final Map<String, String> toCaller;

  IdCache(int most) {
    this.toServer = bounded(most);
    this.toCaller = bounded(most);
  }

  /** Notes a pair; a server's id is its own pair where the caller has none. */
  synchronized void put(String callerId, String serverId) {
    toServer.put(callerId, serverId);
    toServer.put(serverId, serverId);
    toCaller.put(serverId, callerId);
  }

  /** The server's id of either. */
  synchronized Optional<String> server(String id) {
    return Optional.ofNullable(toServer.get(id));
  }

  /** The caller's id of the server's. */
  synchronized Optional<String> caller(String serverId) {
    return Optional.ofNullable(toCaller.get(serverId));
  }

  private static Map<String, String> bounded(int most) {
    return new LinkedHashMap<>(16, 0.75f, true) {
      private static final long serialVersionUID = 1L;

      @Override
      protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
        return size() > most;
      }
    };
  }
}
