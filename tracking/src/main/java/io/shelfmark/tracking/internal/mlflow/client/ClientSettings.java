package io.shelfmark.tracking.internal.mlflow.client;

import io.shelfmark.tracking.store.FileStore;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * How to reach a server.
 *
 * @param server its address, without a user and without a slash at its end
 * @param credentials what it is shown
 * @param timeout of one attempt
 * @param deadline of a request with its repetitions
 * @param multipartFrom size in bytes from which on files travel in parts where that is offered
 * @param sharedFolder a folder that server and client see at the same path
 * @param openers who opens artifact locations of other schemes
 */
public record ClientSettings(
    URI server,
    Credentials credentials,
    Duration timeout,
    Duration deadline,
    long multipartFrom,
    Optional<Path> sharedFolder,
    Map<String, Function<URI, FileStore>> openers) {

  /** Copies the openers. */
  public ClientSettings {
    openers = Map.copyOf(openers);
  }
}
