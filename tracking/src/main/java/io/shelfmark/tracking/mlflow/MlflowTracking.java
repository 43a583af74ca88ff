package io.shelfmark.tracking.mlflow;

import static java.util.Objects.requireNonNull;

import io.shelfmark.tracking.internal.mlflow.client.ClientSettings;
import io.shelfmark.tracking.internal.mlflow.client.Credentials;
import io.shelfmark.tracking.internal.mlflow.client.RestTrackingStore;
import io.shelfmark.tracking.store.FileStore;
import io.shelfmark.tracking.store.TrackingStore;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * How to reach an MLflow server of version 2 or 3, or a Shelfmark server. Get one from {@link #at};
 * {@link #open} ends it.
 *
 * <p>By default no credentials are shown; an attempt at a request may take 30 s; a request is sent
 * again until 60 s have passed (for files one second more for each 64 KiB) where that is safe;
 * files of 64 MiB and more travel in parts where the server offers it. Not thread-safe; what it
 * opens is.
 *
 * <p>Ids of runs: an MLflow server makes its own. The id that the caller made goes along as the tag
 * {@code shelfmark.runId}, under which the run is found again; records carry it, and runs of other
 * tools carry the server's id. Both are taken wherever a run is named. A Shelfmark server keeps the
 * caller's ids.
 *
 * <pre>{@code
 * try (TrackingStore store =
 *     MlflowTracking.at(URI.create("https://mlflow.example.com")).bearerToken(token).open()) {
 *   store.runs().search(RunQuery.in("7"));
 * }
 * }</pre>
 */
public final class MlflowTracking {

  private static final long MIB = 1 << 20;

  private final URI server;
  private Credentials credentials = Credentials.NONE;
  private Duration timeout = Duration.ofSeconds(30);
  private Duration deadline = Duration.ofSeconds(60);
  private long multipartFrom = 64 * MIB;
  private @Nullable Path sharedFolder;
  private final Map<String, Function<URI, FileStore>> openers = new HashMap<>();
  private UnaryOperator<@Nullable String> environment = System::getenv;

  private MlflowTracking(URI server) {
    this.server = server;
  }

  /**
   * Begins with a server's address, such as {@code https://host:5000} or {@code
   * https://host/mlflow}; {@code http} is not encrypted.
   *
   * @throws IllegalArgumentException when it is no such address, or has a user, query or fragment
   */
  public static MlflowTracking at(URI server) {
    requireNonNull(server, "server");
    String scheme = server.getScheme() == null ? "" : server.getScheme().toLowerCase(Locale.ROOT);
    if (server.getRawUserInfo() != null) {
      throw new IllegalArgumentException(
          "Cannot use an address with a user in it: expected none (name the user with basicAuth)");
    }
    boolean isAddress =
        (scheme.equals("http") || scheme.equals("https"))
            && server.getHost() != null
            && server.getRawQuery() == null
            && server.getRawFragment() == null;
    if (!isAddress) {
      throw new IllegalArgumentException(
          "Cannot use server %s: expected an address such as https://host:5000".formatted(server));
    }
    return new MlflowTracking(URI.create(server.toString().replaceAll("/+$", "")));
  }

  /**
   * Shows a token.
   *
   * @throws IllegalArgumentException when it is empty or has spaces
   */
  public MlflowTracking bearerToken(String token) {
    this.credentials = Credentials.bearer(requireNonNull(token, "token"));
    return this;
  }

  /**
   * Shows a user's name and password.
   *
   * @throws IllegalArgumentException when the name has a colon
   */
  public MlflowTracking basicAuth(String user, String password) {
    this.credentials =
        Credentials.basic(requireNonNull(user, "user"), requireNonNull(password, "password"));
    return this;
  }

  /**
   * Shows what the environment holds: the token in {@code MLFLOW_TRACKING_TOKEN}, else the user's
   * name and password in {@code MLFLOW_TRACKING_USERNAME} and {@code MLFLOW_TRACKING_PASSWORD}.
   *
   * @throws IllegalStateException when it holds neither
   */
  public MlflowTracking credentialsFromEnvironment() {
    String token = environment.apply("MLFLOW_TRACKING_TOKEN");
    String user = environment.apply("MLFLOW_TRACKING_USERNAME");
    String password = environment.apply("MLFLOW_TRACKING_PASSWORD");
    if (token != null && !token.isEmpty()) {
      return bearerToken(token);
    }
    if (user != null && !user.isEmpty() && password != null) {
      return basicAuth(user, password);
    }
    throw new IllegalStateException(
        "Cannot take credentials from the environment: found none, expected MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD");
  }

  /**
   * How long one attempt at a request may take; with a file, how long it may stand still.
   *
   * @throws IllegalArgumentException when it is not positive
   */
  public MlflowTracking timeout(Duration value) {
    this.timeout = requirePositive("timeout", value);
    return this;
  }

  /**
   * How long a request is sent again while the server is away or too busy, the first attempt
   * included.
   *
   * @throws IllegalArgumentException when it is not positive
   */
  public MlflowTracking deadline(Duration value) {
    this.deadline = requirePositive("deadline", value);
    return this;
  }

  /**
   * From what length in bytes on a file travels in parts, past the server, where it offers that.
   *
   * @throws IllegalArgumentException when it is less than 1
   */
  public MlflowTracking multipartFrom(long bytes) {
    if (bytes < 1) {
      throw new IllegalArgumentException(
          "Cannot send files in parts from %d bytes on: expected 1 or more".formatted(bytes));
    }
    this.multipartFrom = bytes;
    return this;
  }

  /**
   * Names a folder that this machine and the server's see at the same path, such as a network
   * drive: artifact locations in it are read and written here. Where the server runs on this
   * machine (its host is localhost), every folder is.
   */
  public MlflowTracking sharedFolder(Path folder) {
    this.sharedFolder = folder.toAbsolutePath().normalize();
    return this;
  }

  /**
   * Says who opens artifact locations of a scheme, such as {@code s3}, which this client does not
   * reach by itself.
   */
  public MlflowTracking artifacts(String scheme, Function<URI, FileStore> opener) {
    openers.put(scheme.toLowerCase(Locale.ROOT), requireNonNull(opener, "opener"));
    return this;
  }

  /** The environment of a test. */
  MlflowTracking environment(UnaryOperator<@Nullable String> value) {
    this.environment = value;
    return this;
  }

  /** Opens the store; nothing is sent before it is used. Who opens it closes it. */
  public TrackingStore open() {
    return RestTrackingStore.open(
        new ClientSettings(
            server,
            credentials,
            timeout,
            deadline,
            multipartFrom,
            Optional.ofNullable(sharedFolder),
            openers));
  }

  private static Duration requirePositive(String name, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new IllegalArgumentException(
          "Cannot use %s %s: expected a positive one".formatted(name, value));
    }
    return value;
  }

  /** The server and of what kind its credentials are, without them. */
  @Override
  public String toString() {
    return server + " with " + credentials;
  }
}
