package io.shelfmark.tracking.internal.mlflow.server;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * A password or token as it is kept: PBKDF2 with HMAC-SHA-256 (RFC 8018), written {@code
 * pbkdf2-sha256$ITERATIONS$SALT$HASH} with salt and hash in base64. Immutable and thread-safe.
 */
public final class SecretHash {

  private static final String SCHEME = "pbkdf2-sha256";
  private static final int HASH_BITS = 256;
  private static final int LEAST_ITERATIONS = 1000;
  private static final int MOST_ITERATIONS = 100_000_000;

  private final int iterations;
  private final byte[] salt;
  private final byte[] hash;

  private SecretHash(int iterations, byte[] salt, byte[] hash) {
    this.iterations = iterations;
    this.salt = salt;
    this.hash = hash;
  }

  /** Hashes a secret. */
  public static SecretHash of(String secret, int iterations, byte[] salt) {
    return new SecretHash(iterations, salt.clone(), derive(secret, iterations, salt));
  }

  /**
   * Reads what {@link #toString} wrote.
   *
   * @throws IllegalArgumentException when it is something else; the message does not repeat it
   */
  public static SecretHash parse(String text) {
    String[] parts = text.split("\\$", -1);
    if (parts.length != 4 || !parts[0].equals(SCHEME)) {
      throw invalid();
    }
    try {
      int iterations = Integer.parseInt(parts[1]);
      byte[] salt = Base64.getDecoder().decode(parts[2]);
      byte[] hash = Base64.getDecoder().decode(parts[3]);
      if (iterations < LEAST_ITERATIONS
          || iterations > MOST_ITERATIONS
          || salt.length < 8
          || hash.length != HASH_BITS / 8) {
        throw invalid();
      }
      return new SecretHash(iterations, salt, hash);
    } catch (IllegalArgumentException e) {
      throw invalid();
    }
  }

  private static IllegalArgumentException invalid() {
    return new IllegalArgumentException(
        "Cannot read hashed secret: expected %s$ITERATIONS$SALT$HASH with %d iterations or more, base64 of 8 bytes or more of salt and of 32 bytes of hash"
            .formatted(SCHEME, LEAST_ITERATIONS));
  }

  /** Whether it was made of this secret; takes the time of all iterations. */
  boolean matches(String secret) {
    return MessageDigest.isEqual(hash, derive(secret, iterations, salt));
  }

  /** With which iterations and salt it was made: those of one key match with one derivation. */
  String derivation() {
    return iterations + "$" + HexFormat.of().formatHex(salt);
  }

  /** The hash of another secret by the same derivation. */
  SecretHash alike(String secret) {
    return new SecretHash(iterations, salt, derive(secret, iterations, salt));
  }

  private static byte[] derive(String secret, int iterations, byte[] salt) {
    PBEKeySpec spec = new PBEKeySpec(secret.toCharArray(), salt, iterations, HASH_BITS);
    try {
      return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256").generateSecret(spec).getEncoded();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This JDK has no PBKDF2WithHmacSHA256", e);
    } finally {
      spec.clearPassword();
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SecretHash that
        && iterations == that.iterations
        && Arrays.equals(salt, that.salt)
        && MessageDigest.isEqual(hash, that.hash);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(hash);
  }

  /** As {@link #parse} reads it. */
  @Override
  public String toString() {
    Base64.Encoder base64 = Base64.getEncoder();
    return String.join(
        "$",
        SCHEME,
        Integer.toString(iterations),
        base64.encodeToString(salt),
        base64.encodeToString(hash));
  }
}
