package io.shelfmark.tracking.mlflow;

import com.fasterxml.jackson.databind.JsonNode;
import io.shelfmark.tracking.internal.mlflow.server.Account;
import io.shelfmark.tracking.internal.mlflow.server.SecretHash;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Who may use an {@link MlflowServlet}, and for what.
 *
 * <p>A user has a role that holds everywhere, and grants, each of which raises it in one
 * experiment. Without a role, a user sees the experiments of the grants and nothing else. Users
 * show a password by basic authentication ({@code MLFLOW_TRACKING_USERNAME} and {@code
 * MLFLOW_TRACKING_PASSWORD} of MLflow's clients) or a token by bearer authentication ({@code
 * MLFLOW_TRACKING_TOKEN}).
 *
 * <p>Build them in code, or {@link #read} them from a file, which {@link #write} makes:
 *
 * <pre>{@code
 * {
 *   "users": [
 *     {
 *       "name": "ada",
 *       "role": "READER",
 *       "password": "pbkdf2-sha256$600000$SALT$HASH",
 *       "experiments": {"7": "WRITER"}
 *     },
 *     {"name": "nightly", "role": "WRITER", "tokens": ["pbkdf2-sha256$600000$SALT$HASH"]}
 *   ]
 * }
 * }</pre>
 *
 * <p>Roles are those of {@link MlflowRole}; experiments go by id, since a name can be changed.
 * {@code role}, {@code password}, {@code tokens} and {@code experiments} may be left out; other
 * fields are refused. Passwords and tokens are kept as PBKDF2 with HMAC-SHA-256 (RFC 8018): its
 * iterations, 16 bytes of salt and 32 bytes of hash in base64. Each password has its own salt; the
 * tokens of one builder share one, so that one derivation finds whose a token is.
 *
 * <p>Immutable and thread-safe.
 */
public final class MlflowUsers {

  /**
   * Iterations of PBKDF2 by default, as OWASP's Password Storage Cheat Sheet has them for
   * HMAC-SHA-256 (2023).
   */
  public static final int ITERATIONS = 600_000;

  private final List<Account> accounts;

  MlflowUsers(Collection<Account> accounts) {
    this.accounts = List.copyOf(accounts);
    Map<String, Account> names = new LinkedHashMap<>();
    for (Account account : accounts) {
      if (names.put(account.caller().name(), account) != null) {
        throw new IllegalArgumentException(
            "Cannot know two users called %s: expected other names"
                .formatted(account.caller().name()));
      }
    }
  }

  /** Users to be named. */
  public static MlflowUsersBuilder builder() {
    return new MlflowUsersBuilder();
  }

  /**
   * Reads a file.
   *
   * @throws IllegalArgumentException when it is not one of users
   * @throws UncheckedIOException when it cannot be read
   */
  public static MlflowUsers read(Path file) {
    JsonNode json;
    try {
      json = UsersJson.parse(Files.readAllBytes(file), file.toString());
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read users from " + file, e);
    }
    return new MlflowUsers(UsersJson.accounts(json, file.toString()));
  }

  /**
   * Writes a file that {@link #read} reads, in place of what was there; on systems that have it,
   * its owner alone may read it.
   *
   * @throws UncheckedIOException when it cannot be written
   */
  public void write(Path file) {
    try {
      UsersJson.write(file, accounts);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write users to " + file, e);
    }
  }

  /** A token that nobody guesses: 256 random bits. Give it to the user; only its hash is kept. */
  public static String newToken() {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(random(32));
  }

  /** What to write into the file for a password or token. */
  public static String hash(String secret) {
    return SecretHash.of(secret, ITERATIONS, random(16)).toString();
  }

  static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new SecureRandom().nextBytes(bytes);
    return bytes;
  }

  List<Account> accounts() {
    return accounts;
  }

  /** Their names; no secrets. */
  @Override
  public String toString() {
    return accounts.stream().map(account -> account.caller().name()).toList().toString();
  }
}
