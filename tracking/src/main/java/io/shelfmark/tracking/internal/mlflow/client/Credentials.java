package io.shelfmark.tracking.internal.mlflow.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;
import java.util.Optional;

/**
 * What a client shows to a server: a header that no message, log or {@code toString} contains.
 * Immutable and thread-safe.
 */
public final class Credentials {

  /** None. */
  public static final Credentials NONE = new Credentials(Optional.empty(), "no credentials");

  private final Optional<String> header;
  private final String kind;

  private Credentials(Optional<String> header, String kind) {
    this.header = header;
    this.kind = kind;
  }

  /**
   * A bearer token.
   *
   * @throws IllegalArgumentException when it cannot stand in a header
   */
  public static Credentials bearer(String token) {
    if (token.isEmpty() || token.chars().anyMatch(c -> c <= 0x20 || c >= 0x7f)) {
      throw new IllegalArgumentException(
          "Cannot use the bearer token: found nothing, a space or a character beyond ASCII in it, expected plain characters (was a line end read with it?)");
    }
    return new Credentials(Optional.of("Bearer " + token), "a bearer token");
  }

  /**
   * A user's name and password, in UTF-8.
   *
   * @throws IllegalArgumentException when the name has a colon
   */
  public static Credentials basic(String user, String password) {
    if (user.contains(":")) {
      throw new IllegalArgumentException(
          "Cannot use the user name: found a colon in it, which ends names in basic authentication, expected none");
    }
    byte[] pair = (user + ":" + password).getBytes(UTF_8);
    return new Credentials(
        Optional.of("Basic " + Base64.getEncoder().encodeToString(pair)), "basic authentication");
  }

  /** The value of the header Authorization. */
  Optional<String> header() {
    return header;
  }

  /** Of what kind they are. */
  @Override
  public String toString() {
    return kind;
  }
}
