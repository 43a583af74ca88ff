package io.shelfmark.tracking.mlflow;

import io.shelfmark.tracking.internal.mlflow.server.Account;
import io.shelfmark.tracking.internal.mlflow.server.Caller;
import io.shelfmark.tracking.internal.mlflow.server.Right;
import io.shelfmark.tracking.internal.mlflow.server.SecretHash;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Names users one after the other: what follows {@link #user} is said of that user.
 *
 * <pre>{@code
 * MlflowUsers users = MlflowUsers.builder()
 *     .user("ada").role(MlflowRole.READER).password(password).grant("7", MlflowRole.WRITER)
 *     .user("nightly").role(MlflowRole.WRITER).token(token)
 *     .build();
 * }</pre>
 *
 * <p>Each password and token is hashed at once, which takes a tenth of a second or more. Not
 * thread-safe.
 */
public final class MlflowUsersBuilder {

  private final byte[] tokenSalt = MlflowUsers.random(16);
  private final List<Account> accounts = new ArrayList<>();
  private int iterations = MlflowUsers.ITERATIONS;

  // of the user who was named last
  private @Nullable String name;
  private @Nullable MlflowRole role;
  private @Nullable SecretHash password;
  private final List<SecretHash> tokens = new ArrayList<>();
  private final Map<String, Right> grants = new LinkedHashMap<>();

  MlflowUsersBuilder() {}

  /**
   * How often the secrets that follow are hashed; {@link MlflowUsers#ITERATIONS} by default.
   *
   * @param value 1,000 or more
   */
  public MlflowUsersBuilder iterations(int value) {
    if (value < 1000) {
      throw new IllegalArgumentException(
          "Cannot hash secrets with %d iterations: expected 1000 or more".formatted(value));
    }
    iterations = value;
    return this;
  }

  /**
   * Names the next user.
   *
   * @param value not empty, without a colon
   */
  public MlflowUsersBuilder user(String value) {
    requireName(value);
    finish();
    name = value;
    return this;
  }

  /** What the user may do everywhere; nothing by default. */
  public MlflowUsersBuilder role(MlflowRole value) {
    requireUser();
    role = value;
    return this;
  }

  /** By which the user is known. */
  public MlflowUsersBuilder password(String value) {
    requireUser();
    password = SecretHash.of(requireSecret(value), iterations, MlflowUsers.random(16));
    return this;
  }

  /** By which the user is known, too; there may be several. */
  public MlflowUsersBuilder token(String value) {
    requireUser();
    tokens.add(SecretHash.of(requireSecret(value), iterations, tokenSalt));
    return this;
  }

  /**
   * What the user may do in an experiment, where that is more than everywhere.
   *
   * @param experimentId of it, not its name
   */
  public MlflowUsersBuilder grant(String experimentId, MlflowRole value) {
    requireUser();
    grants.put(experimentId, value.right());
    return this;
  }

  /**
   * The users.
   *
   * @throws IllegalStateException when there are none, or one has neither password nor token
   * @throws IllegalArgumentException when two have one name
   */
  public MlflowUsers build() {
    finish();
    if (accounts.isEmpty()) {
      throw new IllegalStateException("Cannot build users: found none, expected one or more");
    }
    return new MlflowUsers(accounts);
  }

  private void finish() {
    if (name == null) {
      return;
    }
    if (password == null && tokens.isEmpty()) {
      throw new IllegalStateException(
          "Cannot know user %s: found no secret, expected a password or token".formatted(name));
    }
    Caller caller = new Caller(name, Optional.ofNullable(role).map(MlflowRole::right), grants);
    accounts.add(new Account(caller, Optional.ofNullable(password), tokens));
    name = null;
    role = null;
    password = null;
    tokens.clear();
    grants.clear();
  }

  private void requireUser() {
    if (name == null) {
      throw new IllegalStateException("Cannot describe a user: expected user(name) first");
    }
  }

  static String requireName(String name) {
    if (name.isBlank() || name.indexOf(':') >= 0) {
      throw new IllegalArgumentException(
          "Cannot call a user '%s': expected a name without a colon".formatted(name));
    }
    return name;
  }

  private static String requireSecret(String secret) {
    if (secret.isBlank()) {
      throw new IllegalArgumentException(
          "Cannot know a user by an empty secret: expected a password or token");
    }
    return secret;
  }
}
