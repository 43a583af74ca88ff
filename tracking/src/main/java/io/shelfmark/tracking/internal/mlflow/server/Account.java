package io.shelfmark.tracking.internal.mlflow.server;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A user and what shows that a request is the user's.
 *
 * @param caller the user
 * @param password for basic authentication
 * @param tokens for bearer authentication
 */
public record Account(Caller caller, Optional<SecretHash> password, List<SecretHash> tokens) {

  /** Copies the tokens. */
  public Account {
    Objects.requireNonNull(caller, "caller");
    Objects.requireNonNull(password, "password");
    tokens = List.copyOf(tokens);
  }
}
