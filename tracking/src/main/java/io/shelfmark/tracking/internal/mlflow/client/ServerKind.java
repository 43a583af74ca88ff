package io.shelfmark.tracking.internal.mlflow.client;

import io.shelfmark.tracking.internal.mlflow.wire.Reply;
import io.shelfmark.tracking.store.StoreUnavailableException;
import io.shelfmark.tracking.store.TrackingException;
import java.util.Optional;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * What server it is, found out when it is first needed. Shelfmark's keeps the ids of runs that its
 * clients made; MLflow's makes its own. Thread-safe.
 */
final class ServerKind {

  /**
   * What is known.
   *
   * @param isShelfmark whether it keeps clients' ids
   * @param version of MLflow that it is or speaks for, such as {@code 2.17.2}; empty when unknown
   */
  record Found(boolean isShelfmark, String version) {}

  private final Api api;
  private volatile @Nullable Found found;

  ServerKind(Api api) {
    this.api = api;
  }

  boolean isShelfmark() {
    return found().isShelfmark();
  }

  /** Its version for messages. */
  String version() {
    String version = found().version();
    return version.isEmpty() ? "of an unknown version" : version;
  }

  /** Whether it is certain that it is a server before MLflow 3. */
  boolean isBefore3() {
    return found().version().startsWith("2.") || found().version().startsWith("1.");
  }

  private Found found() {
    Found known = found;
    if (known == null) {
      // two threads may both ask; they learn the same
      known = ask();
      found = known;
    }
    return known;
  }

  private Found ask() {
    Optional<Reply> info = text("api/3.0/mlflow/server-info").flatMap(Api::parse);
    boolean isShelfmark = info.isPresent() && info.get().has("shelfmark");
    Optional<String> version = text("version").map(String::strip).filter(ServerKind::isVersion);
    return new Found(isShelfmark, version.orElse(""));
  }

  /** What lies at an address; empty when the server has nothing there. */
  private Optional<String> text(String path) {
    HttpUrl url = api.url(path).build();
    String what = "find out which server it is";
    try {
      return Optional.of(
          api.requests().send(Exchange.get(what, url), response -> response.body().string()));
    } catch (StoreUnavailableException e) {
      throw e;
    } catch (TrackingException e) {
      return Optional.empty(); // older servers have neither address
    }
  }

  private static boolean isVersion(String text) {
    return text.matches("\\d+\\.[0-9A-Za-z.+-]{1,40}");
  }
}
